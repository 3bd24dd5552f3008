// Tests of the operators on single elements: one table of numbers, one of quantised elements.
#include <cmath>
#include <limits>

#include "ops/arithmetic/abs.h"
#include "ops/arithmetic/elementary.h"
#include "ops/arithmetic/neg.h"
#include "ops/arithmetic/rounding.h"
#include "ops/arithmetic/rsqrt.h"
#include "ops/arithmetic/sign.h"
#include "ops/arithmetic/sqrt.h"
#include "ops/arithmetic/square.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

template <class T>
Outputs apply(const OpDef& op, std::vector<T> x) {
  auto extent = static_cast<int64_t>(x.size());
  return run_op(op, Attributes::defaults(*op.attributes), {fed<T>({extent}, std::move(x))},
                {declared(dtype_of<T>)});
}

struct FloatCase {
  const OpDef& op;
  std::vector<float> x, y;
};

TEST(FunctionsOfOne, ComputeFloats) {
  const FloatCase cases[] = {
      {op::abs, {-2.5f, 0, 3}, {2.5f, 0, 3}},
      {op::neg, {-2.5f, 3}, {2.5f, -3}},
      {op::sign, {-2.5f, 0, 3}, {-1, 0, 1}},
      {op::sign_custom, {-2.5f, 0, 3}, {-1, 0, 1}},
      {op::square, {-3, 0.5f}, {9, 0.25f}},
      {op::sqrt, {4, 2.25f}, {2, 1.5f}},
      {op::rsqrt, {4, 0.25f}, {0.5f, 2}},
      {op::exp, {0, 1}, {1, 2.7182817f}},
      {op::log, {1, 2.7182817f}, {0, 1}},
      {op::sin, {0, 1.5707964f}, {0, 1}},
      {op::cos, {0, 3.1415927f}, {1, -1}},
      {op::floor, {-1.5f, 1.5f, 2}, {-2, 1, 2}},
      {op::ceil, {-1.5f, 1.5f, 2}, {-1, 2, 2}},
      {op::round, {0.5f, 1.5f, 2.5f, -0.5f, -1.7f}, {0, 2, 2, 0, -2}},
  };
  for (const FloatCase& row : cases) {
    SCOPED_TRACE(row.op.name);
    Outputs y = apply(row.op, row.x);
    ASSERT_TRUE(y) << problem(y);
    std::vector<float> got = elements<float>((*y)[0]);
    ASSERT_EQ(got.size(), row.y.size());
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], row.y[i], 1e-6f) << "element " << i;
  }
}

TEST(FunctionsOfOne, ComputeIntegersThatWrapAtTheLowest) {
  expect_output<int32_t>(apply<int32_t>(op::abs, {-7, INT32_MIN}), {2}, {7, INT32_MIN});
  expect_output<int16_t>(apply<int16_t>(op::abs, {-7, -32768}), {2}, {7, -32768});
  expect_output<int8_t>(apply<int8_t>(op::neg, {-7, -128}), {2}, {7, -128});
  expect_output<int64_t>(apply<int64_t>(op::neg, {5, INT64_MIN}), {2}, {-5, INT64_MIN});
  expect_output<int32_t>(apply<int32_t>(op::sign, {-7, 0, INT32_MAX}), {3}, {-1, 0, 1});
}

TEST(FunctionsOfOne, KeepNaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const OpDef* op : {&op::abs, &op::sign, &op::floor, &op::ceil, &op::round, &op::sqrt}) {
    Outputs y = apply<float>(*op, {nan});
    ASSERT_TRUE(y) << problem(y);
    EXPECT_TRUE(std::isnan(elements<float>((*y)[0])[0])) << op->name;
  }
}

TEST(FunctionsOfOne, ComputeHalfFloats) {
  const FloatCase cases[] = {
      {op::abs, {-2.5f, 3}, {2.5f, 3}},
      {op::neg, {-2.5f, 3}, {2.5f, -3}},
      {op::square, {-3}, {9}},
      {op::sqrt, {2.25f}, {1.5f}},
      {op::rsqrt, {4}, {0.5f}},
      {op::exp, {0}, {1}},
      {op::log, {1}, {0}},
      {op::floor, {2.75f, -1.25f}, {2, -2}},
      {op::ceil, {2.75f, -1.25f}, {3, -1}},
      {op::round, {2.75f, -1.25f}, {3, -1}},
  };
  for (const FloatCase& row : cases) {
    SCOPED_TRACE(row.op.name);
    std::vector<half> x;
    for (float element : row.x) x.push_back(half(element));
    Outputs y = apply<half>(row.op, x);
    ASSERT_TRUE(y) << problem(y);
    std::vector<half> got = elements<half>((*y)[0]);
    EXPECT_EQ(std::vector<float>(got.begin(), got.end()), row.y);
  }
}

struct ByteCase {
  const OpDef& op;
  std::vector<int8_t> x, y;
};

/// x = 0.5 * (stored + 8), y = 0.25 * (stored + 4).
Outputs apply_rescaled(const OpDef& op, std::vector<int8_t> x) {
  auto extent = static_cast<int64_t>(x.size());
  return run_op(op, Attributes::defaults(*op.attributes),
                {fed<int8_t>(type_of(DType::i8, {extent}, 0.5f, -8), std::move(x))},
                {type_of(DType::i8, {}, 0.25f, -4)});
}

TEST(FunctionsOfOne, ComputeQuantisedElements) {
  const ByteCase cases[] = {
      {op::abs, {-16, 0, 127}, {12, 12, 127}},  // 4, 4, beyond the range
      {op::sqrt, {-6, 0, 10}, {0, 4, 8}},       // 1, 2, 3
      {op::rsqrt, {-6, 0}, {0, -2}},            // 1, 0.5
      {op::exp, {-8, -6}, {0, 7}},              // 1, 2.718
      {op::log, {-6, 8}, {-4, 4}},              // 0, 2.08
  };
  for (const ByteCase& row : cases) {
    SCOPED_TRACE(row.op.name);
    expect_output<int8_t>(apply_rescaled(row.op, row.x), {static_cast<int64_t>(row.x.size())},
                          row.y);
  }
}

TEST(FunctionsOfOne, HaveNoValueBelowZeroOfARoot) {
  expect_problem(apply_rescaled(op::rsqrt, {-9}), "RSQRT needs numbers of 0 or more");
  expect_output<int8_t>(apply_rescaled(op::rsqrt, {-8}), {1}, {127});
  expect_output<int8_t>(apply_rescaled(op::sqrt, {-20}), {1}, {-4});
  expect_output<int8_t>(apply_rescaled(op::log, {-20}), {1}, {-128});
}

TEST(FunctionsOfOne, RejectTypesAndMissingScales) {
  expect_problem(apply<uint8_t>(op::abs, {1}), "ABS does not support input 0 (x) of type u8");
  expect_problem(apply<int32_t>(op::floor, {1}), "FLOOR does not support input 0 (x) of type i32");
  expect_problem(apply<int8_t>(op::exp, {1}), "needs a scale, it has none");
  expect_problem(
      run_op(op::sqrt, no_options(), {fed<int16_t>(type_of(DType::i16, {1}, 0.5f, 3), {1})},
             {type_of(DType::i16, {1}, 0.5f, 0)}),
      "needs the zero point 0, got 3");
}

}  // namespace
}  // namespace wherry
