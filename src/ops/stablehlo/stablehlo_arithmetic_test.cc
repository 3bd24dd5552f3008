// Tests of the StableHLO operators on two tensors of one shape.
#include "ops/stablehlo/stablehlo_arithmetic.h"

#include <cmath>

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

template <class T>
Outputs combine(const OpDef& op, std::vector<T> a, std::vector<T> b) {
  auto left = static_cast<int64_t>(a.size()), right = static_cast<int64_t>(b.size());
  return run_op(op, Attributes::defaults(*op.attributes),
                {fed<T>({left}, std::move(a)), fed<T>({right}, std::move(b))},
                {declared(dtype_of<T>)});
}

struct Case {
  const OpDef& op;
  std::vector<int8_t> y;  ///< of 100, -3 and 6 with 100, 5 and 2
};

TEST(StablehloArithmetic, CombinesIntegers) {
  const Case cases[] = {
      {op::stablehlo_add, {-56, 2, 8}},     {op::stablehlo_multiply, {16, -15, 12}},
      {op::stablehlo_maximum, {100, 5, 6}}, {op::stablehlo_minimum, {100, -3, 2}},
      {op::stablehlo_and, {100, 5, 2}},     {op::stablehlo_shift_left, {0, -96, 24}},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.op.name);
    expect_output<int8_t>(combine<int8_t>(row.op, {100, -3, 6}, {100, 5, 2}), {3}, row.y);
  }
}

TEST(StablehloArithmetic, ShiftsByNegativeAmountsLeaveNothing) {
  expect_output<int32_t>(combine<int32_t>(op::stablehlo_shift_left, {1, 1, 1}, {-1, 31, 32}), {3},
                         {0, INT32_MIN, 0});
}

TEST(StablehloArithmetic, NaNWinsOverNumbers) {
  for (const OpDef* op : {&op::stablehlo_maximum, &op::stablehlo_minimum}) {
    Outputs y = combine<double>(*op, {NAN, 1}, {1, NAN});
    ASSERT_TRUE(y) << problem(y);
    for (double x : elements<double>((*y)[0])) EXPECT_TRUE(std::isnan(x)) << op->name;
  }
}

TEST(StablehloArithmetic, CombinesTruths) {
  auto truths = [](std::vector<uint8_t> x) {
    return fed<uint8_t>(type_of(DType::boolean, {4}), std::move(x));
  };
  for (const OpDef* op : {&op::stablehlo_and, &op::stablehlo_multiply, &op::stablehlo_minimum,
                          &op::stablehlo_add, &op::stablehlo_maximum}) {
    SCOPED_TRACE(op->name);
    bool any = op == &op::stablehlo_add || op == &op::stablehlo_maximum;
    auto y = run_op(*op, no_options(), {truths({0, 0, 1, 1}), truths({0, 1, 0, 1})},
                    {declared(DType::boolean)});
    expect_output<uint8_t>(
        y, {4}, any ? std::vector<uint8_t>{0, 1, 1, 1} : std::vector<uint8_t>{0, 0, 0, 1});
  }
}

TEST(StablehloArithmetic, RejectsBroadcastingAndTypes) {
  expect_problem(combine<float>(op::stablehlo_add, {1, 2}, {1}),
                 "STABLEHLO_ADD needs inputs of one shape, got [2] and [1]");
  expect_problem(combine<float>(op::stablehlo_and, {1}, {1}),
                 "does not support input 0 (a) of type f32");
}

}  // namespace
}  // namespace wherry
