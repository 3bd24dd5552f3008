// Tests of the operators on two broadcast tensors: tables of plain numbers, the quantised forms,
// and what is refused.
#include <cmath>
#include <limits>

#include "ops/arithmetic/add.h"
#include "ops/arithmetic/atan2.h"
#include "ops/arithmetic/bitwise.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/extremum.h"
#include "ops/arithmetic/floor_division.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/pow.h"
#include "ops/arithmetic/squared_difference.h"
#include "ops/arithmetic/sub.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

/// a against each element of b.
template <class T>
Outputs combine(const OpDef& op, std::vector<T> a, std::vector<T> b) {
  auto rows = static_cast<int64_t>(a.size()), columns = static_cast<int64_t>(b.size());
  return run_op(op, Attributes::defaults(*op.attributes),
                {fed<T>({rows, 1}, std::move(a)), fed<T>({columns}, std::move(b))},
                {declared(dtype_of<T>)});
}

template <class T>
struct Case {
  const OpDef& op;
  std::vector<T> a, b, y;
};
template <class T>
void expect_cases(std::initializer_list<Case<T>> cases) {
  for (const Case<T>& row : cases) {
    SCOPED_TRACE(row.op.name);
    Shape shape{static_cast<int64_t>(row.a.size()), static_cast<int64_t>(row.b.size())};
    expect_output<T>(combine<T>(row.op, row.a, row.b), shape, row.y);
  }
}

TEST(FunctionsOfTwo, ComputeFloatsOverBroadcastShapes) {
  expect_cases<float>({
      {op::add, {1, 2}, {10, 20, 30}, {11, 21, 31, 12, 22, 32}},
      {op::sub, {1, 2}, {10, 20}, {-9, -19, -8, -18}},
      {op::mul, {2, -3}, {4, 0.5f}, {8, 1, -12, -1.5f}},
      {op::div, {6, -3}, {4, 0.5f}, {1.5f, 12, -0.75f, -6}},
      {op::maximum, {1, 5}, {3, -2}, {3, 1, 5, 5}},
      {op::minimum, {1, 5}, {3, -2}, {1, -2, 3, -2}},
      {op::pow, {2, 9}, {2, 0.5f, -1}, {4, std::sqrt(2.0f), 0.5f, 81, 3, 1.0f / 9}},
      {op::floor_div, {7, -7}, {2, -2}, {3, -4, -4, 3}},
      {op::floor_mod, {7, -7}, {2.5f, -2.5f}, {2, -0.5f, 0.5f, -2}},
      {op::squared_difference, {1, 4}, {3, -1}, {4, 4, 1, 25}},
  });
}

TEST(FunctionsOfTwo, ComputeIntegers) {
  expect_cases<int32_t>({
      {op::add, {INT32_MAX}, {1, -1}, {INT32_MIN, INT32_MAX - 1}},
      {op::sub, {INT32_MIN}, {1}, {INT32_MAX}},
      {op::mul, {65536, -3}, {65536, 2}, {0, 131072, -196608, -6}},
      {op::div, {7, -7, INT32_MIN}, {2, -1}, {3, -7, -3, 7, -1073741824, INT32_MIN}},
      {op::maximum, {1, 5}, {3}, {3, 5}},
      {op::minimum, {1, 5}, {3}, {1, 3}},
      {op::pow, {-2, 3}, {0, 3, 33}, {1, -8, 0, 1, 27, -1504003197}},
      {op::floor_div, {7, -7, INT32_MIN}, {2, -1}, {3, -7, -4, 7, -1073741824, INT32_MIN}},
      {op::floor_mod, {7, -7, INT32_MIN}, {5, -5, -1}, {2, -3, 0, 3, -2, 0, 2, -3, 0}},
      {op::squared_difference, {1, 4}, {3}, {4, 1}},
      {op::bitwise_xor, {12, -1}, {10}, {6, -11}},
      {op::right_shift, {-8, 1 << 30}, {1, -5, 99}, {-4, -8, -1, 1 << 29, 1 << 30, 0}},
  });
  expect_cases<uint8_t>(
      {{op::right_shift, {0x80}, {7, 200}, {1, 1}}, {op::bitwise_xor, {0xff}, {0x0f}, {0xf0}}});
  expect_cases<int64_t>(
      {{op::floor_mod, {-7}, {3}, {2}}, {op::add, {1}, {INT64_MAX}, {INT64_MIN}}});
}

TEST(FunctionsOfTwo, ComputeHalfFloats) {
  for (const OpDef* op : {&op::add, &op::sub, &op::mul, &op::div}) {
    Outputs y = combine<half>(*op, {half(6)}, {half(1.5f)});
    ASSERT_TRUE(y) << problem(y);
    float expected = op == &op::add ? 7.5f : op == &op::sub ? 4.5f : op == &op::mul ? 9.0f : 4.0f;
    EXPECT_EQ(static_cast<float>(elements<half>((*y)[0])[0]), expected) << op->name;
  }
}

TEST(FunctionsOfTwo, MeasureAnglesOfPoints) {
  auto angle = [](Shape y, Shape x, const OpDef& op = op::atan2) {
    return run_op(op, Attributes::defaults(*op.attributes),
                  {fed<double>(y, std::vector<double>(static_cast<size_t>(y.elements()), 1)),
                   fed<double>(x, std::vector<double>(static_cast<size_t>(x.elements()), -1))},
                  {declared(DType::f64)});
  };
  expect_output<double>(angle({1}, {1}), {1}, {std::atan2(1.0, -1.0)});
  expect_output<double>(angle({1}, {1}, op::atan2_custom), {1}, {std::atan2(1.0, -1.0)});
  expect_problem(angle({2}, {1}), "ATAN2 needs inputs of one shape");
}

TEST(FunctionsOfTwo, ApplyAFusedActivation) {
  auto y = run_op(
      op::add,
      Attributes::of(op::add_attributes, op::Add{.fused_activation_function = Activation::relu6}),
      {fed<float>({3}, {-9, 1, 9}), fed<float>({1}, {1})}, {declared(DType::f32)});
  expect_output<float>(y, {3}, {0, 2, 6});
}

TEST(FunctionsOfTwo, LeaveOutAFusedTanhAsTheStockRuntimeDoes) {
  auto y = run_op(
      op::mul,
      Attributes::of(op::mul_attributes, op::Mul{.fused_activation_function = Activation::tanh}),
      {fed<float>({2}, {3, -8}), fed<float>({1}, {1})}, {declared(DType::f32)});
  expect_output<float>(y, {2}, {3, -8});
}

TEST(FunctionsOfTwo, MaximumComparesStoredNumbersWhateverTheirScales) {
  auto y = run_op(op::maximum, Attributes::defaults(op::extremum_attributes),
                  {fed<int8_t>(type_of(DType::i8, {2}, 0.5f, 0), {1, 9}),
                   fed<int8_t>(type_of(DType::i8, {2}, 0.25f, 3), {2, 4})},
                  {type_of(DType::i8, {}, 0.5f, 0)});
  expect_output<int8_t>(y, {2}, {2, 9});
}

/// a = 0.5 * (stored - 2), b = 0.25 * (stored + 4); y in steps of `scale` from the zero point 1.
Outputs combine_bytes(const OpDef& op, std::vector<int8_t> a, int8_t b, float scale) {
  auto extent = static_cast<int64_t>(a.size());
  return run_op(op, Attributes::defaults(*op.attributes),
                {fed<int8_t>(type_of(DType::i8, {extent}, 0.5f, 2), std::move(a)),
                 fed<int8_t>(type_of(DType::i8, {1}, 0.25f, -4), {b})},
                {type_of(DType::i8, {}, scale, 1)});
}

TEST(FunctionsOfTwo, RescaleQuantisedElements) {
  // a = 0, 3, -4 and b = 2.
  const std::vector<int8_t> a = {2, 8, -6};
  expect_output<int8_t>(combine_bytes(op::add, a, 4, 0.5f), {3}, {5, 11, -3});
  expect_output<int8_t>(combine_bytes(op::sub, a, 4, 0.5f), {3}, {-3, 3, -11});
  expect_output<int8_t>(combine_bytes(op::mul, a, 4, 0.5f), {3}, {1, 13, -15});
  expect_output<int8_t>(combine_bytes(op::div, a, 4, 0.125f), {3}, {1, 13, -15});
  expect_output<int8_t>(combine_bytes(op::squared_difference, a, 4, 0.5f), {3}, {9, 3, 73});
  // Beyond the range of the type they stop.
  expect_output<int8_t>(combine_bytes(op::mul, {127}, 127, 0.5f), {1}, {127});
  expect_output<int8_t>(combine_bytes(op::squared_difference, {-128}, 127, 0.5f), {1}, {127});
}

Outputs add_powers(float a, float b, float y) {
  return run_op(op::add, Attributes::of(op::add_attributes, op::Add{.pot_scale_int16 = true}),
                {fed<int16_t>(type_of(DType::i16, {1}, a, 0), {100}),
                 fed<int16_t>(type_of(DType::i16, {1}, b, 0), {7})},
                {type_of(DType::i16, {}, y, 0)});
}

TEST(FunctionsOfTwo, ShiftWhereScalesArePowersOfTwo) {
  expect_output<int16_t>(add_powers(0.25f, 0.0625f, 0.25f), {1}, {102});  // 7 / 4 rounded to 2
  expect_problem(add_powers(0.0625f, 0.0625f, 0.25f), "needs one input with the output's scale");
}

TEST(FunctionsOfTwo, FloorDivisionDoesNotRoundTheQuotientUp) {
  // As floats 5 * 0.02 divided by 0.02 is a little less than 5, and 5 once rounded to a float.
  float step = 0.02f, stored = 5 * step;
  ASSERT_EQ(stored / step, 5.0f);
  ASSERT_LT(static_cast<double>(stored), 5 * static_cast<double>(step));
  expect_output<float>(combine<float>(op::floor_div, {stored}, {step}), {1, 1}, {4});
}

TEST(FunctionsOfTwo, ReferenceDivisionByZeroGivesTheLargestFloat) {
  constexpr float largest = std::numeric_limits<float>::max();
  expect_output<float>(combine<float>(op::div, {1, -1}, {0}), {2, 1}, {largest, -largest});
}

template <class T>
Outputs divide_by_zero(const OpDef& op) {
  return combine<T>(op, {1}, {3, 0});
}

TEST(FunctionsOfTwo, ReferenceSumsAndProductsStayFiniteAsTheStockOnes) {
  constexpr float largest = std::numeric_limits<float>::max();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const OpDef* op : {&op::add, &op::sub, &op::mul, &op::div})
    expect_output<float>(combine<float>(*op, {infinity, -infinity}, {1}), {2, 1},
                         {largest, -largest});
}

TEST(FunctionsOfTwo, RejectZeroDivisorsAndNegativePowersOfIntegers) {
  expect_problem(divide_by_zero<int32_t>(op::div), "DIV by zero at element 1 of input 1");
  expect_problem(divide_by_zero<int32_t>(op::floor_div), "FLOOR_DIV by zero at element 1");
  expect_problem(divide_by_zero<int8_t>(op::floor_div), "FLOOR_DIV by zero at element 1");
  expect_problem(divide_by_zero<int64_t>(op::floor_mod), "FLOOR_MOD by zero at element 1");
  expect_problem(divide_by_zero<int16_t>(op::floor_mod), "FLOOR_MOD by zero at element 1");
  expect_problem(combine_bytes(op::div, {1}, -4, 0.5f), "DIV by zero at element 0");
  expect_problem(combine<int32_t>(op::pow, {2}, {-1}), "POW of integers needs exponents of 0");
}

TEST(FunctionsOfTwo, RejectShapesTypesAndScalesThatDoNotFit) {
  auto shapes =
      run_op(op::add, Attributes::defaults(op::add_attributes),
             {fed<float>({2}, {1, 2}), fed<float>({3}, {1, 2, 3})}, {declared(DType::f32)});
  expect_problem(shapes, "[2] and [3]");
  auto types = run_op(op::floor_div, Attributes::defaults(op::floor_div_attributes),
                      {fed<float>({1}, {1}), fed<int32_t>({1}, {1})}, {declared(DType::f32)});
  expect_problem(types, "FLOOR_DIV needs inputs of one type, got f32 and i32");
  expect_problem(combine<int8_t>(op::squared_difference, {1}, {1}), "needs a scale, it has none");
}

}  // namespace
}  // namespace wherry
