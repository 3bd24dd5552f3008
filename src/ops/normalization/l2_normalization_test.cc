// Tests of L2_NORMALIZATION and LOCAL_RESPONSE_NORMALIZATION.
#include "ops/normalization/l2_normalization.h"

#include "ops/normalization/local_response_normalization.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(L2Normalization, BringsVectorsToLengthOne) {
  auto y = run_op(op::l2_normalization, Attributes::defaults(op::l2_normalization_attributes),
                  {fed<float>({2, 2}, {3, 4, 0, 0})}, {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{3.0f / 5, 4.0f / 5, 0, 0}));
  auto bytes = run_op(op::l2_normalization, Attributes::defaults(op::l2_normalization_attributes),
                      {fed<int8_t>(type_of(DType::i8, {2}, 0.7f, 10), {13, 14})},
                      {type_of(DType::i8, {}, 1.0f / 128, 0)});
  ASSERT_TRUE(bytes) << problem(bytes);
  EXPECT_NEAR(elements<int8_t>((*bytes)[0])[0], 77, 1);
  EXPECT_NEAR(elements<int8_t>((*bytes)[0])[1], 102, 1);
}

TEST(LocalResponseNormalization, CountsNeighboursOnBothSides) {
  op::LocalResponseNormalization options{.radius = 1, .bias = 0, .alpha = 1, .beta = 1};
  auto y = run_op(op::local_response_normalization,
                  Attributes::of(op::local_response_normalization_attributes, options),
                  {fed<float>({1, 1, 1, 3}, {1, 2, 3})}, {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  std::vector<float> expected = {1.0f / 5, 2.0f / 14, 3.0f / 13};
  for (size_t i = 0; i < 3; ++i) EXPECT_FLOAT_EQ(elements<float>((*y)[0])[i], expected[i]);
}

TEST(LocalResponseNormalization, RejectsANegativeRadius) {
  auto y = run_op(op::local_response_normalization,
                  Attributes::of(op::local_response_normalization_attributes,
                                 op::LocalResponseNormalization{.radius = -1}),
                  {fed<float>({1, 1, 1, 1}, {1})}, {type_of(DType::f32, {})});
  EXPECT_NE(problem(y).find("got -1"), std::string::npos) << problem(y);
}

}  // namespace
}  // namespace wherry
