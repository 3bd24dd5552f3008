// Tests of CONV_2D.
#include "ops/convolution/conv_2d.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes options(op::Conv2D attributes) {
  return Attributes::of(op::conv_2d_attributes, attributes);
}

/// A 1 x 3 image under a filter of two taps.
Expected<std::vector<Tensor>> row(op::Conv2D attributes) {
  return run_op(op::conv_2d, options(attributes),
                {fed<float>({1, 1, 3, 1}, {1, 2, 4}), constant<float>({1, 1, 2, 1}, {1, 10}),
                 constant<float>({1}, {0.5f})},
                {type_of(DType::f32, {})});
}

TEST(Conv2D, SlidesTheFilterOverTheImage) {
  auto y = row({.padding = Padding::valid});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{21.5f, 42.5f}));
  auto same = row({.padding = Padding::same});
  ASSERT_TRUE(same) << problem(same);
  EXPECT_EQ(elements<float>((*same)[0]), (std::vector<float>{21.5f, 42.5f, 4.5f}));
}

TEST(Conv2D, GroupsReadTheirOwnChannels) {
  auto y = run_op(op::conv_2d, options({}),
                  {fed<float>({1, 1, 1, 2}, {3, 5}), constant<float>({2, 1, 1, 1}, {1, 100})},
                  {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{3, 500}));
}

TEST(Conv2D, MultipliesAMatrixByASinglePixel) {
  op::Conv2D attributes{.stride_w = 2, .stride_h = 2};
  attributes.fused_activation_function = Activation::relu6;
  auto y = run_op(op::conv_2d, options(attributes),
                  {fed<float>({1, 1, 1, 3}, {1, 2, 3}),
                   constant<float>({3, 1, 1, 3}, {1, 0, 1, -1, -1, 0, 2, 2, 2}),
                   constant<float>({3}, {0.5f, 0, 0})},
                  {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{4.5f, 0, 6}));
}

TEST(Conv2D, Int8UsesTheScaleOfEachChannel) {
  // x = 0.5 * (10 - 2) = 4; weights 0.5 * 3 and 2 * -1; bias 2 in units of 0.25 and 1.
  TensorType weights = type_of(DType::i8, {2, 1, 1, 1});
  weights.quantization = Quantization(0.5f, 0);
  weights.quantization->scales = {0.5f, 2.0f};
  auto y = run_op(op::conv_2d, options({}),
                  {fed<int8_t>(type_of(DType::i8, {1, 1, 1, 1}, 0.5f, 2), {10}),
                   constant<int8_t>(weights, {3, -1}), constant<int32_t>({2}, {8, 2})},
                  {type_of(DType::i8, {}, 0.5f, 1)});
  ASSERT_TRUE(y) << problem(y);
  // 4 * 1.5 + 2 = 8 -> 16 + 1; 4 * -2 + 2 = -6 -> -12 + 1.
  EXPECT_EQ(elements<int8_t>((*y)[0]), (std::vector<int8_t>{17, -11}));
}

TEST(Conv2D, FloatDataMayMeetInt8Weights) {
  auto y = run_op(op::conv_2d, options({}),
                  {fed<float>({1, 1, 2, 1}, {127, -64}),
                   constant<int8_t>(type_of(DType::i8, {1, 1, 1, 1}, 0.5f, 0), {4})},
                  {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{254, -128}));
}

TEST(Conv2D, ComputesHalfFloatsInFloatsAndRoundsTheResult) {
  auto y = run_op(op::conv_2d, options({}),
                  {fed<half>({1, 1, 2, 1}, {half(1), half(2048)}),
                   constant<half>({1, 1, 1, 1}, {half(1)}), constant<float>({1}, {0.75f})},
                  {declared(DType::f16)});
  ASSERT_TRUE(y) << problem(y);
  std::vector<half> got = elements<half>((*y)[0]);
  EXPECT_EQ(static_cast<float>(got[0]), 1.75f);
  EXPECT_EQ(static_cast<float>(got[1]), 2048.0f);
}

TEST(Conv2D, RejectsWhatCannotBeComputed) {
  EXPECT_NE(problem(row({.stride_w = 0})).find("stride along the width"), std::string::npos);
  auto channels =
      run_op(op::conv_2d, options({}),
             {fed<float>({1, 1, 1, 3}, {1, 1, 1}), constant<float>({1, 1, 1, 2}, {1, 1})},
             {type_of(DType::f32, {})});
  EXPECT_NE(problem(channels).find("cannot use weights"), std::string::npos);
  auto unscaled = run_op(op::conv_2d, options({}),
                         {fed<int8_t>({1, 1, 1, 1}, {1}), constant<int8_t>({1, 1, 1, 1}, {1})},
                         {type_of(DType::i8, {})});
  EXPECT_NE(problem(unscaled).find("needs a scale"), std::string::npos) << problem(unscaled);
}

}  // namespace
}  // namespace wherry
