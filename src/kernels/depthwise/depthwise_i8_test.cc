// Every form of the 8-bit depthwise convolution against integer sums; results must be equal.
#include "kernels/depthwise/depthwise_i8.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

struct Case {
  Window window;
  size_t batch;
  bool is_signed;
  int32_t input_zero, weights_zero, output_zero;
  std::vector<uint8_t> input, weights;
  std::vector<int32_t> bias;
  std::vector<float> scales;
  int32_t value(uint8_t raw) const { return is_signed ? static_cast<int8_t>(raw) : raw; }
};

int32_t sum_at(const Case& c, size_t pixel, size_t channel) {
  const Window& w = c.window;
  const size_t image = pixel / (w.out_height * w.out_width);
  const size_t y = pixel / w.out_width % w.out_height, x = pixel % w.out_width;
  int64_t sum = c.bias[channel];
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < w.kernel_width; ++kx) {
      const size_t iy = y * w.stride_height + ky * w.dilation_height - w.pad_top;
      const size_t ix = x * w.stride_width + kx * w.dilation_width - w.pad_left;
      if (iy >= w.in_height || ix >= w.in_width) continue;
      const size_t at = ((image * w.in_height + iy) * w.in_width + ix) * w.channels + channel;
      sum +=
          (c.value(c.input[at]) - c.input_zero) *
          (c.value(c.weights[(ky * w.kernel_width + kx) * w.channels + channel]) - c.weights_zero);
    }
  return static_cast<int32_t>(sum);
}

void check(Case c) {
  const Window& w = c.window;
  TestData data(1);
  // 64 bytes beyond the end may be read.
  c.input = data.integers<uint8_t>(c.batch * w.in_height * w.in_width * w.channels + 64, 0, 255);
  c.weights = data.integers<uint8_t>(w.depth(), 0, 255);
  if (c.bias.empty()) c.bias = data.integers<int32_t>(w.channels, -2000, 2000);
  c.scales = data.floats(w.channels, 0.001f, 0.02f);
  const size_t lines = c.batch * w.out_height;
  const float low = float((c.is_signed ? -128 : 0) - c.output_zero), high = low + 245;
  std::vector<uint8_t> expected(lines * w.out_width * w.channels);
  for (size_t i = 0; i < expected.size(); ++i) {
    const size_t channel = i % w.channels;
    const float scaled = float(sum_at(c, i / w.channels, channel)) * c.scales[channel];
    expected[i] = static_cast<uint8_t>(
        static_cast<int32_t>(std::nearbyint(std::clamp(scaled, low, high))) + c.output_zero);
  }
  for (const auto& variant : depthwise_i8_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(testing::Message() << variant.name << " channels " << w.channels << " kernel "
                                    << w.kernel_height << " signed " << c.is_signed);
    DepthwiseI8 depthwise({.values = c.weights.data(),
                           .is_signed = c.is_signed,
                           .zero_point = c.weights_zero,
                           .bias = c.bias.data(),
                           .scales = c.scales.data()},
                          {.window = w,
                           .input_signed = c.is_signed,
                           .input_zero_point = c.input_zero,
                           .output_zero_point = c.output_zero,
                           .low = low,
                           .high = high,
                           .variant = variant});
    ASSERT_TRUE(depthwise);
    std::vector<uint8_t> out(expected.size(), 99);
    AlignedBuffer scratch(depthwise.scratch_bytes());
    depthwise.run({c.input.data(), out.data(), 0, lines / 2, scratch.as<void>()});
    depthwise.run({c.input.data(), out.data(), lines / 2, lines, scratch.as<void>()});
    ASSERT_EQ(out, expected);
  }
}

void check_kinds(const Window& w, size_t batch) {
  check({.window = w,
         .batch = batch,
         .is_signed = true,
         .input_zero = -5,
         .weights_zero = 0,
         .output_zero = 4});
  check({.window = w,
         .batch = batch,
         .is_signed = false,
         .input_zero = 128,
         .weights_zero = 140,
         .output_zero = 100});
  check({.window = w,
         .batch = batch,
         .is_signed = false,
         .input_zero = 7,
         .weights_zero = 128,
         .output_zero = 0});
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

TEST(DepthwiseI8, MatchesForEveryNumberOfChannels) {
  for (size_t channels = 1; channels <= 66; ++channels) check_kinds(make(5, channels, 3, 1, 1), 1);
  for (size_t channels : {96, 127, 144, 200, 240}) check_kinds(make(5, channels, 3, 1, 1), 1);
}

TEST(DepthwiseI8, MatchesForKernelsStridesAndBlocks) {
  for (size_t kernel : {1, 2, 3, 5, 7})
    for (size_t stride : {1, 2})
      for (size_t size = kernel; size <= 11; ++size)
        check_kinds(make(size, 18, kernel, stride, kernel / 2), 2);
}

TEST(DepthwiseI8, MatchesWithDilation) {
  Window w = make(12, 17, 3, 1, 0);
  w.dilation_height = w.dilation_width = 2;
  w.pad_top = w.pad_left = 2;
  w.out_height = w.out_width = 12;
  check_kinds(w, 1);
}

TEST(DepthwiseI8, SumsBeyond32BitsWrap) {
  std::vector<int32_t> bias(17, INT32_MAX - 1);
  for (size_t i = 0; i < bias.size(); i += 2) bias[i] = INT32_MIN + 1;
  check({.window = make(6, 17, 3, 1, 1),
         .batch = 1,
         .is_signed = true,
         .input_zero = 127,
         .weights_zero = 0,
         .output_zero = 0,
         .bias = bias});
}

}  // namespace
}  // namespace wherry::kernels
