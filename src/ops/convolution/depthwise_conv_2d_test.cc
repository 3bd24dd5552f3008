// Tests of DEPTHWISE_CONV_2D.
#include "ops/convolution/depthwise_conv_2d.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

TEST(DepthwiseConv2D, OutputChannelsOfOneInputChannelStandSideBySide) {
  auto y =
      run_op(op::depthwise_conv_2d, Attributes::defaults(op::depthwise_conv_2d_attributes),
             {fed<float>({1, 1, 1, 2}, {2, 3}), constant<float>({1, 1, 1, 4}, {1, 10, 100, 1000})},
             {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{2, 20, 300, 3000}));
}

TEST(DepthwiseConv2D, Uint8WeightsMayHaveAZeroPoint) {
  // x = 5 - 3 = 2; w = 9 - 4 = 5; scales 1: 10.
  auto y = run_op(op::depthwise_conv_2d, Attributes::defaults(op::depthwise_conv_2d_attributes),
                  {fed<uint8_t>(type_of(DType::u8, {1, 1, 1, 1}, 1, 3), {5}),
                   constant<uint8_t>(type_of(DType::u8, {1, 1, 1, 1}, 1, 4), {9})},
                  {type_of(DType::u8, {}, 1, 0)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<uint8_t>((*y)[0]), (std::vector<uint8_t>{10}));
}

TEST(DepthwiseConv2D, TiesOfInt4WeightsRiseInBlocksOfEightChannels) {
  // -2 * 0.25 in steps of one: -0.5 thirteen times.
  auto y =
      run_op(op::depthwise_conv_2d, Attributes::defaults(op::depthwise_conv_2d_attributes),
             {fed<int8_t>(type_of(DType::i8, {1, 1, 1, 13}, 1, 0), std::vector<int8_t>(13, -2)),
              constant<uint8_t>(type_of(DType::i4, {1, 1, 1, 13}, 0.25f, 0),
                                {0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x01})},
             {type_of(DType::i8, {}, 1, 0)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int8_t>((*y)[0]),
            (std::vector<int8_t>{0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1}));
}

TEST(DepthwiseConv2D, RejectsWeightsForOtherChannels) {
  auto y = run_op(op::depthwise_conv_2d, Attributes::defaults(op::depthwise_conv_2d_attributes),
                  {fed<float>({1, 1, 1, 2}, {2, 3}), constant<float>({1, 1, 1, 3}, {1, 1, 1})},
                  {type_of(DType::f32, {})});
  EXPECT_NE(problem(y).find("needs a multiple"), std::string::npos) << problem(y);
}

}  // namespace
}  // namespace wherry
