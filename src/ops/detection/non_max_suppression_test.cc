// Tests of NON_MAX_SUPPRESSION_V4 and V5.
#include "ops/detection/non_max_suppression.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

// The first two are the same, with corners in another order; the third touches nothing.
const std::vector<float> three_boxes = {0, 0, 1, 1, 1, 1, 0, 0, 5, 5, 6, 6};

std::vector<Operand> operands(std::vector<float> boxes, int32_t limit, float overlap) {
  int64_t count = static_cast<int64_t>(boxes.size()) / 4;
  std::vector<float> scores = {0.9f, 0.8f, 0.7f};
  scores.resize(static_cast<size_t>(count));
  return {fed<float>({count, 4}, std::move(boxes)), fed<float>({count}, std::move(scores)),
          constant<int32_t>(Shape(), {limit}), constant<float>(Shape(), {overlap}),
          constant<float>(Shape(), {0.0f})};
}

auto run_v4(int32_t limit) {
  return run_op(
      op::non_max_suppression_v4, Attributes::defaults(*op::non_max_suppression_v4.attributes),
      operands(three_boxes, limit, 0.5f), {type_of(DType::i32, {3}), type_of(DType::i32, {})});
}

TEST(NonMaxSuppressionV4, DropsOverlappingBoxesAndPadsWithZeros) {
  auto y = run_v4(3);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int32_t>((*y)[0]), (std::vector<int32_t>{0, 2, 0}));
  EXPECT_EQ(elements<int32_t>((*y)[1]), (std::vector<int32_t>{2}));
}

TEST(NonMaxSuppressionV4, PicksAtMostAsManyAsAskedFor) {
  auto y = run_v4(1);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int32_t>((*y)[0]), (std::vector<int32_t>{0}));
}

TEST(NonMaxSuppressionV4, RejectsNegativeLimits) {
  EXPECT_NE(problem(run_v4(-1)).find("cannot pick -1 boxes"), std::string::npos);
}

TEST(NonMaxSuppressionV5, LowersTheScoresOfOverlappingBoxes) {
  // The overlap is one third, the curve exp(-overlap^2 / (2 * 0.5)).
  std::vector<Operand> given = operands({0, 0, 1, 1, 0, 0.5f, 1, 1.5f}, 2, 0.5f);
  given.push_back(constant<float>(Shape(), {0.5f}));
  auto y = run_op(op::non_max_suppression_v5,
                  Attributes::defaults(*op::non_max_suppression_v5.attributes), given,
                  {type_of(DType::i32, {2}), type_of(DType::f32, {2}), type_of(DType::i32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int32_t>((*y)[0]), (std::vector<int32_t>{0, 1}));
  EXPECT_FLOAT_EQ(elements<float>((*y)[1])[1], 0.8f * std::exp(-1.0f / 9));
}

}  // namespace
}  // namespace wherry
