// Tests of SVDF.
#include "ops/recurrent/svdf.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

std::vector<Operand> one_filter(float x) {
  return {fed<float>({1, 1}, {x}), constant<float>({1, 1}, {2}), constant<float>({1, 2}, {1, 10}),
          absent(), variable(type_of(DType::f32, {1, 2}))};
}

auto run(const std::vector<Operand>& operands, op::Svdf options = {}, int runs = 1) {
  return run_op(op::svdf, Attributes::of(op::svdf_attributes, options), operands,
                {type_of(DType::f32, {1, 1})}, runs);
}

TEST(Svdf, WeighsTheFeaturesOfTheLastSteps) {
  auto once = run(one_filter(3));
  ASSERT_TRUE(once) << problem(once);
  EXPECT_EQ(elements<float>((*once)[0])[0], 60);  // features 0, 6
  auto twice = run(one_filter(3), {}, 2);
  ASSERT_TRUE(twice) << problem(twice);
  EXPECT_EQ(elements<float>((*twice)[0])[0], 66);  // features 6, 6
}

TEST(Svdf, RejectsARankThatDoesNotDivideTheFilters) {
  for (int32_t rank : {0, -1, 2}) {
    auto y = run(one_filter(1), {.rank = rank});
    EXPECT_NE(problem(y).find(cat("cannot have the rank ", rank)), std::string::npos) << problem(y);
  }
}

TEST(Svdf, Int8NeedsRelu) {
  TensorType i8 = type_of(DType::i8, {1, 1}, 0.5f, 0);
  std::vector<Operand> operands = {fed<int8_t>(i8, {1}), constant<int8_t>(i8, {1}),
                                   constant<int16_t>(type_of(DType::i16, {1, 2}, 0.5f, 0), {1, 1}),
                                   absent(), variable(type_of(DType::i16, {1, 2}, 0.5f, 0))};
  auto y = run_op(op::svdf, Attributes::defaults(op::svdf_attributes), operands, {i8});
  EXPECT_NE(problem(y).find("only the activation relu"), std::string::npos) << problem(y);
}

}  // namespace
}  // namespace wherry
