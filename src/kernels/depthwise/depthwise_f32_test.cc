// Every form of the float depthwise convolution against sums in double precision.
#include "kernels/depthwise/depthwise_f32.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

double expected(const Window& w, const std::vector<float>& input, const std::vector<float>& weights,
                float bias, size_t pixel, size_t c) {
  const size_t image = pixel / (w.out_height * w.out_width);
  const size_t y = pixel / w.out_width % w.out_height, x = pixel % w.out_width;
  double sum = bias;
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < w.kernel_width; ++kx) {
      const size_t iy = y * w.stride_height + ky * w.dilation_height - w.pad_top;
      const size_t ix = x * w.stride_width + kx * w.dilation_width - w.pad_left;
      if (iy < w.in_height && ix < w.in_width)
        sum += double(input[((image * w.in_height + iy) * w.in_width + ix) * w.pixel_stride + c]) *
               weights[(ky * w.kernel_width + kx) * w.channels + c];
    }
  return sum;
}

void check(Window w, size_t batch) {
  TestData data(1);
  const auto input = data.floats(batch * w.in_height * w.in_width * w.pixel_stride);
  const auto weights = data.floats(w.taps() * w.channels);
  const auto bias = data.floats(w.channels);
  const size_t lines = batch * w.out_height;
  for (const auto& variant : depthwise_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(testing::Message() << variant.name << " channels " << w.channels << " kernel "
                                    << w.kernel_height << 'x' << w.kernel_width << " stride "
                                    << w.stride_width << " out " << w.out_width);
    DepthwiseF32 depthwise({.window = w, .low = -1.5f, .high = 1.25f, .variant = &variant});
    std::vector<float> out(lines * w.out_width * w.channels, -99.0f), again = out;
    AlignedBuffer scratch(depthwise.scratch_bytes());
    depthwise.run(
        {input.data(), out.data(), 0, lines, weights.data(), bias.data(), scratch.as<void>()});
    depthwise.run({input.data(), again.data(), 0, lines / 3, weights.data(), bias.data(),
                   scratch.as<void>()});
    depthwise.run({input.data(), again.data(), lines / 3, lines, weights.data(), bias.data(),
                   scratch.as<void>()});
    ASSERT_EQ(out, again);
    for (size_t i = 0; i < out.size(); ++i) {
      const double sum =
          expected(w, input, weights, bias[i % w.channels], i / w.channels, i % w.channels);
      ASSERT_NEAR(out[i], std::clamp(sum, -1.5, 1.25), 1e-6 * double(w.taps())) << i;
    }
  }
}

Window make(size_t in, size_t channels, size_t kernel, size_t stride, size_t pad) {
  const size_t out = (in + 2 * pad - kernel) / stride + 1;
  return {.in_height = in,
          .in_width = in,
          .channels = channels,
          .pixel_stride = channels,
          .kernel_height = kernel,
          .kernel_width = kernel,
          .stride_height = stride,
          .stride_width = stride,
          .pad_top = pad,
          .pad_left = pad,
          .out_height = out,
          .out_width = out};
}

TEST(DepthwiseF32, MatchesForEveryNumberOfChannels) {
  for (size_t channels = 1; channels <= 40; ++channels) check(make(6, channels, 3, 1, 1), 1);
  for (size_t channels : {127, 128, 129, 144, 150, 260}) check(make(5, channels, 3, 1, 1), 1);
}

TEST(DepthwiseF32, MatchesForEveryUnrolledKernelAndBlock) {
  for (size_t kernel : {3, 5})
    for (size_t stride : {1, 2})
      for (size_t size = kernel; size <= 15; ++size) check(make(size, 18, kernel, stride, 1), 2);
}

TEST(DepthwiseF32, MatchesForOtherKernels) {
  check(make(9, 20, 7, 1, 3), 1);
  check(make(9, 20, 2, 2, 0), 2);
  check(make(4, 33, 1, 1, 0), 1);
  Window w = make(12, 17, 3, 1, 0);
  w.dilation_height = w.dilation_width = 2;
  w.pad_top = w.pad_left = 2;
  w.out_height = w.out_width = 12;
  check(w, 1);
  w = make(11, 16, 3, 1, 1);
  w.kernel_height = 10;
  w.kernel_width = 4;
  w.pad_top = 4;
  w.out_height = 10;
  w.out_width = 10;
  check(w, 2);
}

TEST(DepthwiseF32, TakesMissingBiasAsZeros) {
  const Window w = make(5, 16, 3, 1, 1);
  TestData data(2);
  const auto input = data.floats(25 * 16), weights = data.floats(9 * 16);
  const std::vector<float> zeros(16, 0.0f);
  std::vector<float> with(25 * 16), without(25 * 16);
  DepthwiseF32 depthwise({.window = w, .low = -9, .high = 9});
  AlignedBuffer scratch(depthwise.scratch_bytes());
  depthwise.run(
      {input.data(), with.data(), 0, 5, weights.data(), zeros.data(), scratch.as<void>()});
  depthwise.run({input.data(), without.data(), 0, 5, weights.data(), nullptr, scratch.as<void>()});
  EXPECT_EQ(with, without);
}

}  // namespace
}  // namespace wherry::kernels
