// Tests of RESHAPE.
#include "ops/shape/reshape.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Outputs reshape(Shape from, std::vector<int32_t> to) {
  std::vector<float> x(static_cast<size_t>(from.elements()));
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  return run_op(op::reshape, Attributes::of(op::reshape_attributes, op::Reshape{to}),
                {fed<float>(from, x)}, {declared(DType::f32)});
}

TEST(Reshape, FillsInTheOpenExtent) {
  expect_output<float>(reshape({2, 3}, {-1, 2}), {3, 2}, {0, 1, 2, 3, 4, 5});
  expect_output<float>(reshape({0, 3}, {-1, 3}), {0, 3}, {});
}

TEST(Reshape, TheShapeInputWinsOverTheOption) {
  auto y = run_op(op::reshape, Attributes::of(op::reshape_attributes, op::Reshape{{7}}),
                  {fed<int8_t>({4}, {1, 2, 3, 4}), constant<int32_t>({2}, {2, 2})},
                  {declared(DType::i8)});
  expect_output<int8_t>(y, {2, 2}, {1, 2, 3, 4});
}

TEST(Reshape, NumbersThatAreNoVectorCountWhereTheOptionSaysNothing) {
  auto run = [](op::Reshape option) {
    return run_op(op::reshape, Attributes::of(op::reshape_attributes, std::move(option)),
                  {fed<int8_t>({4}, {1, 2, 3, 4}), constant<int32_t>({1, 2}, {-1, 2})},
                  {declared(DType::i8)});
  };
  expect_output<int8_t>(run({}), {2, 2}, {1, 2, 3, 4});
  expect_output<int8_t>(run({{4, 1}}), {4, 1}, {1, 2, 3, 4});
}

TEST(Reshape, WithoutAnyNumbersTheDeclaredShapeCounts) {
  auto run = [](Shape shape) {
    return run_op(op::reshape, Attributes::of(op::reshape_attributes, op::Reshape{}),
                  {fed<int8_t>({4}, {1, 2, 3, 4})}, {type_of(DType::i8, std::move(shape))});
  };
  expect_output<int8_t>(run({2, 2}), {2, 2}, {1, 2, 3, 4});
  expect_problem(run({3}), "cannot give 4 elements (shape [4]) the shape []");
}

TEST(Reshape, RejectsShapesThatDoNotFit) {
  expect_problem(reshape({2, 3}, {4, 2}), "cannot give 6 elements");
  expect_problem(reshape({2, 3}, {-1, -1}), "may leave one extent open");
  expect_problem(reshape({2, 3}, {-1, 4}), "cannot give 6 elements");
  expect_problem(reshape({0, 3}, {-1, 0}), "cannot tell the open extent");
  expect_problem(reshape({2, 3}, {-2, -3}), "cannot give the shape");
}

TEST(Reshape, RejectsExtentsWhoseProductOverflows) {
  std::vector<int32_t> huge(5, INT32_MAX);
  expect_problem(reshape({2, 3}, huge), "overflows");
}

}  // namespace
}  // namespace wherry
