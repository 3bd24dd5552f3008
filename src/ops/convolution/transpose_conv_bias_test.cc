// Tests of Convolution2DTransposeBias.
#include "ops/convolution/transpose_conv_bias.h"

#include "ops/op_test.h"
#include "ops/opaque.h"

namespace wherry {
namespace {

using namespace test;

constexpr uint8_t same = 1, valid = 2;

/// The pixels 1 and 2 under the weights 1, 10 and 100, two pixels apart.
Outputs enlarge(std::vector<uint8_t> options, std::vector<float> bias = {1000}) {
  const auto channels = static_cast<int64_t>(bias.size());
  return run_op(op::transpose_conv_bias,
                Attributes::of(op::custom_attributes, op::Custom{.options = std::move(options)}),
                {fed<float>({1, 1, 2, 1}, {1, 2}), constant<float>({1, 1, 3, 1}, {1, 10, 100}),
                 constant<float>({channels}, std::move(bias))},
                {declared(DType::f32)});
}

std::vector<uint8_t> options(uint8_t padding, uint8_t stride_w) {
  return {padding, 0, 0, 0, stride_w, 0, 0, 0, 1, 0, 0, 0};
}

TEST(TransposeConvBias, OverlappingWindowsAddOnTopOfTheBias) {
  expect_output<float>(enlarge(options(valid, 2)), {1, 1, 5, 1}, {1001, 1010, 1102, 1020, 1200});
}

TEST(TransposeConvBias, PaddingCutsWhatTheDataDoesNotReach) {
  expect_output<float>(enlarge(options(same, 2)), {1, 1, 4, 1}, {1001, 1010, 1102, 1020});
  expect_output<float>(enlarge(options(same, 1)), {1, 1, 2, 1}, {1012, 1120});
}

TEST(TransposeConvBias, RejectsOptionsThatAreNotItsStruct) {
  expect_problem(enlarge({1, 0, 0, 0}), "needs options of 12 bytes or more, got 4");
  expect_problem(enlarge(options(0, 1)), "unknown padding 0");
  expect_problem(enlarge(options(3, 1)), "unknown padding 3");
  expect_problem(enlarge(options(same, 0)), "needs strides of 1 or more, got 1 along the height");
  std::vector<uint8_t> negative = options(valid, 1);
  negative[7] = 0xff;
  expect_problem(enlarge(negative), "needs strides of 1 or more");
}

TEST(TransposeConvBias, RejectsABiasForOtherChannels) {
  expect_problem(enlarge(options(same, 1), {1, 2}), "needs a bias of shape [1], got [2]");
}

}  // namespace
}  // namespace wherry
