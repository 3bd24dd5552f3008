// Tests of the activations that are curves: floats, quantised elements, and what is refused.
#include <cmath>

#include "ops/activation/elu.h"
#include "ops/activation/erf.h"
#include "ops/activation/gelu.h"
#include "ops/activation/hard_swish.h"
#include "ops/activation/leaky_relu.h"
#include "ops/activation/logistic.h"
#include "ops/activation/prelu.h"
#include "ops/activation/relu.h"
#include "ops/activation/tanh.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes leaky(float alpha) {
  return Attributes::of(op::leaky_relu_attributes, op::LeakyRelu{alpha});
}
Attributes gelu(bool approximate) {
  return Attributes::of(op::gelu_attributes, op::Gelu{approximate});
}

struct FloatCase {
  const OpDef& op;
  Attributes attributes;
  std::vector<float> y;  ///< of -2, 0 and 1
};

TEST(Curves, HaveTheirValuesAtSomePoints) {
  const FloatCase cases[] = {
      {op::elu, no_options(), {-0.86466472f, 0, 1}},
      {op::erf, no_options(), {-0.99532227f, 0, 0.84270079f}},
      {op::gelu, gelu(false), {-0.04550026f, 0, 0.84134475f}},
      {op::gelu, gelu(true), {-0.04540229f, 0, 0.84119199f}},
      {op::hard_swish, no_options(), {-0.33333334f, 0, 0.66666669f}},
      {op::leaky_relu, leaky(0.25f), {-0.5f, 0, 1}},
      {op::logistic, no_options(), {0.11920292f, 0.5f, 0.73105858f}},
      {op::tanh, no_options(), {-0.96402758f, 0, 0.76159416f}},
  };
  for (const FloatCase& row : cases) {
    SCOPED_TRACE(row.op.name);
    Outputs y =
        run_op(row.op, row.attributes, {fed<float>({3}, {-2, 0, 1})}, {declared(DType::f32)});
    ASSERT_TRUE(y) << problem(y);
    std::vector<float> got = elements<float>((*y)[0]);
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], row.y[i], 1e-6f) << "element " << i;
  }
}

TEST(Curves, TakeHalfFloats) {
  const FloatCase cases[] = {
      {op::elu, no_options(), {-0.86466472f, 0, 1}},
      {op::gelu, gelu(false), {-0.04550026f, 0, 0.84134475f}},
      {op::hard_swish, no_options(), {-0.33333334f, 0, 0.66666669f}},
      {op::leaky_relu, leaky(0.25f), {-0.5f, 0, 1}},
      {op::logistic, no_options(), {0.11920292f, 0.5f, 0.73105858f}},
      {op::relu6, no_options(), {0, 0, 1}},
  };
  for (const FloatCase& row : cases) {
    SCOPED_TRACE(row.op.name);
    Outputs y = run_op(row.op, row.attributes, {fed<half>({3}, {half(-2), half(0), half(1)})},
                       {declared(DType::f16)});
    ASSERT_TRUE(y) << problem(y);
    std::vector<half> got = elements<half>((*y)[0]);
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], row.y[i], 5e-4f) << "element " << i;
  }
}

TEST(Curves, StayFiniteFarOut) {
  expect_output<float>(
      run_op(op::logistic, no_options(), {fed<float>({2}, {-200, 200})}, {declared(DType::f32)}),
      {2}, {0, 1});
  expect_output<float>(
      run_op(op::elu, no_options(), {fed<float>({2}, {-200, 200})}, {declared(DType::f32)}), {2},
      {-1, 200});
}

struct ByteCase {
  const OpDef& op;
  Attributes attributes;
  float scale;
  int64_t zero_point;
  std::vector<int8_t> y;  ///< of -2, 0 and 1
};

TEST(Curves, ComputeQuantisedElements) {
  const ByteCase cases[] = {
      {op::elu, no_options(), 0.01f, 0, {-86, 0, 100}},
      {op::gelu, gelu(false), 0.01f, 0, {-5, 0, 84}},
      {op::hard_swish, no_options(), 0.01f, 0, {-33, 0, 67}},
      {op::leaky_relu, leaky(0.25f), 0.01f, 0, {-50, 0, 100}},
      {op::logistic, no_options(), 1.0f / 256, -128, {-97, 0, 59}},
      {op::logistic, no_options(), 1.0f / 100, 0, {12, 50, 73}},
      {op::tanh, no_options(), 1.0f / 128, 0, {-123, 0, 97}},
  };
  for (const ByteCase& row : cases) {
    SCOPED_TRACE(row.op.name);
    expect_output<int8_t>(run_op(row.op, row.attributes,
                                 {fed<int8_t>(type_of(DType::i8, {3}, 0.125f, 3), {-13, 3, 11})},
                                 {type_of(DType::i8, {}, row.scale, row.zero_point)}),
                          {3}, row.y);
  }
}

TEST(Curves, ComputeInt16Elements) {
  const Operand x = fed<int16_t>(type_of(DType::i16, {3}, 1.0f / 4096, 0), {-8192, 0, 4096});
  for (const OpDef* op : {&op::logistic, &op::tanh}) {
    Outputs y = run_op(*op, no_options(), {x}, {type_of(DType::i16, {}, 1.0f / 32768, 0)});
    ASSERT_TRUE(y) << problem(y);
    std::vector<int16_t> got = elements<int16_t>((*y)[0]);
    const double expected[2][3] = {{0.11920292, 0.5, 0.73105858}, {-0.96402758, 0, 0.76159416}};
    for (size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(got[i] / 32768.0, expected[op == &op::tanh][i], 2e-4) << op->name;
  }
}

TEST(Curves, RejectScalesOtherThanThePrescribedOnes) {
  auto run = [](const OpDef& op, DType type, float scale) {
    Operand x = type == DType::i8 ? fed<int8_t>(type_of(type, {1}, 0.1f, 0), {1})
                                  : fed<int16_t>(type_of(type, {1}, 0.1f, 0), {1});
    return run_op(op, no_options(), {std::move(x)}, {type_of(type, {}, scale, 0)});
  };
  expect_problem(run(op::logistic, DType::i16, 0.1f), "LOGISTIC of i16 needs the output scale");
  expect_problem(run(op::tanh, DType::i16, 0.1f), "TANH of i16 needs the output scale");
  expect_problem(run(op::hard_swish, DType::i8, 0.0001f), "HARD_SWISH needs an output scale above");
  expect_problem(run(op::elu, DType::i8, 0), "must be positive and finite");
}

Outputs prelu(Operand x, Operand alpha, TensorType y) {
  return run_op(op::prelu, no_options(), {std::move(x), std::move(alpha)}, {std::move(y)});
}

TEST(Prelu, HasASlopeForEachChannel) {
  expect_output<float>(prelu(fed<float>({2, 2}, {-4, -4, 3, -1}), constant<float>({2}, {0.5f, -1}),
                             declared(DType::f32)),
                       {2, 2}, {-2, 4, 3, 1});
  // -2 and 2 with a slope of 0.75, in steps of 0.25.
  expect_output<int8_t>(prelu(fed<int8_t>(type_of(DType::i8, {2}, 0.5f, 1), {-3, 5}),
                              constant<int8_t>(type_of(DType::i8, {1}, 0.25f, 0), {3}),
                              type_of(DType::i8, {}, 0.25f, 2)),
                        {2}, {-4, 10});
  expect_output<int16_t>(prelu(fed<int16_t>(type_of(DType::i16, {2}, 0.5f, 0), {-4, 4}),
                               constant<int8_t>(type_of(DType::i8, {1}, 0.25f, 0), {3}),
                               type_of(DType::i16, {}, 0.25f, 0)),
                         {2}, {-6, 8});
}

TEST(Prelu, RejectsSlopesThatDoNotFit) {
  expect_problem(
      prelu(fed<float>({2}, {1, 2}), constant<float>({3}, {1, 2, 3}), declared(DType::f32)),
      "[2] and [3]");
  expect_problem(
      prelu(fed<float>({2}, {1, 2}), constant<float>({2, 2}, {1, 2, 3, 4}), declared(DType::f32)),
      "PRELU needs slopes that broadcast to the input [2]");
  expect_problem(prelu(fed<float>({1}, {1}), constant<int8_t>({1}, {1}), declared(DType::f32)),
                 "PRELU of f32 needs slopes of type f32, got i8");
}

}  // namespace
}  // namespace wherry
