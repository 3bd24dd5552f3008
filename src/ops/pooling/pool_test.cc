// Tests of two-dimensional pools.
#include "ops/pooling/pool.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Expected<std::vector<Tensor>> pooled(const OpDef& op, op::Pool2D attributes, Operand x) {
  TensorType y = x.type;
  y.shape = {};
  return run_op(op, Attributes::of(op::pool_2d_attributes, attributes), {std::move(x)}, {y});
}

TEST(AveragePool2D, PaddingDoesNotCount) {
  auto y = pooled(op::average_pool_2d, {.filter_width = 3}, fed<float>({1, 1, 3, 1}, {3, 6, 9}));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{4.5f, 6, 7.5f}));
}

TEST(AveragePool2D, RoundsIntegersHalfAwayFromZero) {
  auto y = pooled(op::average_pool_2d, {.padding = Padding::valid, .filter_width = 2},
                  fed<int8_t>(type_of(DType::i8, {1, 1, 3, 1}, 1, 0), {1, 2, -5}));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int8_t>((*y)[0]), (std::vector<int8_t>{2, -2}));
}

TEST(MaxPool2D, ClampsToTheActivation) {
  auto y = pooled(
      op::max_pool_2d,
      {.padding = Padding::valid, .filter_width = 2, .fused_activation_function = Activation::relu},
      fed<float>({1, 1, 3, 1}, {-3, -1, 2}));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{0, 2}));
}

TEST(MaxPool2D, TakesIntegersWithoutScale) {
  for (const OpDef* op : {&op::max_pool_2d, &op::average_pool_2d}) {
    op::Pool2D row{.padding = Padding::valid, .filter_width = 2};
    auto y = pooled(*op, row, fed<uint8_t>({1, 1, 3, 1}, {10, 20, 5}));
    expect_output<uint8_t>(
        y, {1, 1, 2, 1},
        op == &op::max_pool_2d ? std::vector<uint8_t>{20, 20} : std::vector<uint8_t>{15, 13});
    row.fused_activation_function = Activation::relu;
    expect_problem(pooled(*op, row, fed<uint8_t>({1, 1, 3, 1}, {10, 20, 5})), "needs a scale");
  }
}

TEST(L2Pool2D, TakesTheRootMeanSquare) {
  auto y = pooled(op::l2_pool_2d, {.padding = Padding::valid, .filter_width = 2},
                  fed<float>({1, 1, 2, 1}, {1, 7}));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{5}));
}

TEST(MaxPool2D, TakesIntegersAsStoredWhateverTheScales) {
  op::Pool2D row{.filter_width = 1, .filter_height = 1};
  auto y = run_op(op::max_pool_2d, Attributes::of(op::pool_2d_attributes, row),
                  {fed<int8_t>(type_of(DType::i8, {1, 1, 2, 1}, 1, 0), {1, -7})},
                  {type_of(DType::i8, {}, 2, 3)});
  expect_output<int8_t>(y, {1, 1, 2, 1}, {1, -7});
}

TEST(MaxPool2D, RejectsAnEmptyFilter) {
  auto filter = pooled(op::max_pool_2d, {.filter_height = 0}, fed<float>({1, 1, 1, 1}, {1}));
  EXPECT_NE(problem(filter).find("filter's height"), std::string::npos) << problem(filter);
}

}  // namespace
}  // namespace wherry
