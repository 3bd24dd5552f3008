// Tests of Roll.
#include "ops/shape/roll.h"

#include "ops/op_test.h"
#include "ops/opaque.h"

namespace wherry {
namespace {

using namespace test;

Outputs roll(Shape shape, std::vector<int32_t> x, std::vector<int64_t> shift,
             std::vector<int32_t> axis) {
  auto shifts = static_cast<int64_t>(shift.size()), axes = static_cast<int64_t>(axis.size());
  return run_op(op::roll, Attributes::defaults(op::custom_attributes),
                {fed<int32_t>(std::move(shape), std::move(x)),
                 fed<int64_t>({shifts}, std::move(shift)), fed<int32_t>({axes}, std::move(axis))},
                {declared(DType::i32)});
}

TEST(Roll, BringsWhatLeavesInAtTheOtherEnd) {
  expect_output<int32_t>(roll({5}, {0, 1, 2, 3, 4}, {2}, {0}), {5}, {3, 4, 0, 1, 2});
  expect_output<int32_t>(roll({5}, {0, 1, 2, 3, 4}, {-1}, {-1}), {5}, {1, 2, 3, 4, 0});
  expect_output<int32_t>(roll({5}, {0, 1, 2, 3, 4}, {-12}, {0}), {5}, {2, 3, 4, 0, 1});
}

TEST(Roll, MovesAlongSeveralAxesAndTwiceAlongOne) {
  const std::vector<int32_t> x = {0, 1, 2, 3, 4, 5};
  expect_output<int32_t>(roll({2, 3}, x, {1, 1}, {0, 1}), {2, 3}, {5, 3, 4, 2, 0, 1});
  expect_output<int32_t>(roll({2, 3}, x, {1, 1}, {1, 1}), {2, 3}, {1, 2, 0, 4, 5, 3});
  expect_output<int32_t>(roll({2, 3}, x, {}, {}), {2, 3}, x);
  expect_output<int32_t>(roll({2, 0}, {}, {1}, {1}), {2, 0}, {});
}

TEST(Roll, MovesStrings) {
  auto y = run_op(op::roll, Attributes::defaults(op::custom_attributes),
                  {fed_strings({3}, {"a", "", "ccc"}), constant<int32_t>(Shape(), {1}),
                   constant<int32_t>(Shape(), {0})},
                  {declared(DType::string)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(strings_in((*y)[0]), (std::vector<std::string>{"ccc", "a", ""}));
}

TEST(Roll, RejectsAxesAndCountsThatDoNotFit) {
  expect_problem(roll({2}, {1, 2}, {1}, {1}), "axis of Roll");
  expect_problem(roll({2}, {1, 2}, {1, 1}, {0}), "Roll needs a shift for each axis");
}

}  // namespace
}  // namespace wherry
