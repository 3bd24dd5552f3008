// Every form of the 8-bit product against integer sums; bytes must agree exactly.
#include "kernels/gemm/gemm_i8.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

struct Case {
  Window window;
  size_t batch = 1, columns = 1;
  bool input_signed = true, weights_signed = true;
  int32_t input_zero = 0, weights_zero = 0, output_zero = 0;
  std::vector<uint8_t> input, weights;
  std::vector<int32_t> bias;
  std::vector<float> scales;
  size_t rows() const { return batch * window.out_height * window.out_width; }
};

int32_t value(const std::vector<uint8_t>& bytes, size_t i, bool is_signed) {
  return is_signed ? static_cast<int8_t>(bytes[i]) : bytes[i];
}

void fill(Case& c, uint32_t seed) {
  TestData data(seed);
  const size_t pixels = c.batch * c.window.in_height * c.window.in_width;
  c.input = data.integers<uint8_t>(pixels * c.window.pixel_stride, 0, 255);
  c.weights = data.integers<uint8_t>(c.columns * c.window.depth(), 0, 255);
  if (c.bias.empty()) c.bias = data.integers<int32_t>(c.columns, -3000, 3000);
  c.scales = data.floats(c.columns, 0.001f, 0.02f);
}

int64_t sum(const Case& c, size_t row, size_t column, int32_t zero) {
  const Window& w = c.window;
  const size_t image = row / (w.out_height * w.out_width);
  const size_t y = row / w.out_width % w.out_height, x = row % w.out_width;
  int64_t total = 0;
  size_t k = column * w.depth();
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < w.kernel_width; ++kx) {
      const size_t iy = y * w.stride_height + ky * w.dilation_height - w.pad_top;
      const size_t ix = x * w.stride_width + kx * w.dilation_width - w.pad_left;
      const bool inside = iy < w.in_height && ix < w.in_width;
      const size_t at = ((image * w.in_height + iy) * w.in_width + ix) * w.pixel_stride;
      for (size_t i = 0; i < w.channels; ++i, ++k)
        if (inside)
          total += int64_t{value(c.input, at + i, c.input_signed) - zero} *
                   (value(c.weights, k, c.weights_signed) - c.weights_zero);
    }
  return total;
}

template <class Out>
std::vector<Out> run(const GemmI8& gemm, const Case& c, bool in_pieces,
                     const float* row_scales = nullptr, const int32_t* row_zeros = nullptr) {
  std::vector<Out> out(c.rows() * c.columns, Out{77});
  AlignedBuffer scratch(gemm.scratch_bytes());
  const size_t row_cut = in_pieces ? c.rows() / 3 : 0;
  const size_t panel_cut = in_pieces ? gemm.panels().count / 2 : 0;
  const size_t rows[] = {0, row_cut, c.rows()}, panels[] = {0, panel_cut, gemm.panels().count};
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      gemm.run({.input = c.input.data(),
                .out = out.data(),
                .out_stride = c.columns,
                .row_begin = rows[i],
                .row_end = rows[i + 1],
                .panel_begin = panels[j],
                .panel_end = panels[j + 1],
                .scratch = scratch.as<void>(),
                .row_scales = row_scales,
                .row_zero_points = row_zeros});
  return out;
}

void check_bytes(Case c, uint32_t seed) {
  fill(c, seed);
  const int32_t low = (c.input_signed ? -128 : 0) + 3, high = low + 230;
  std::vector<uint8_t> expected(c.rows() * c.columns);
  for (size_t row = 0; row < c.rows(); ++row)
    for (size_t n = 0; n < c.columns; ++n) {
      const auto total = static_cast<int32_t>(c.bias[n] + sum(c, row, n, c.input_zero));
      const double scaled = std::clamp<double>(static_cast<float>(total) * c.scales[n],
                                               low - c.output_zero, high - c.output_zero);
      expected[row * c.columns + n] =
          static_cast<uint8_t>(static_cast<int32_t>(std::nearbyint(scaled)) + c.output_zero);
    }
  for (const auto& variant : gemm_i8_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(testing::Message() << variant.name << " columns " << c.columns << " rows "
                                    << c.rows() << " depth " << c.window.depth());
    GemmI8 gemm({.values = c.weights.data(),
                 .is_signed = c.weights_signed,
                 .zero_point = c.weights_zero,
                 .columns = c.columns,
                 .column_stride = c.window.depth(),
                 .bias = c.bias.data(),
                 .scales = c.scales.data()},
                {.window = c.window,
                 .input_signed = c.input_signed,
                 .input_zero_point = c.input_zero,
                 .output_zero_point = c.output_zero,
                 .low = float(low - c.output_zero),
                 .high = float(high - c.output_zero),
                 .variant = variant});
    ASSERT_TRUE(gemm);
    ASSERT_EQ(run<uint8_t>(gemm, c, false), expected);
    ASSERT_EQ(run<uint8_t>(gemm, c, true), expected);
  }
}

Window flat(size_t rows, size_t depth) {
  return {.in_width = rows, .channels = depth, .pixel_stride = depth, .out_width = rows};
}

/// int8, legacy uint8, and uint8 whose weights fit int8 once their zero point is taken off.
void check_kinds(const Window& window, size_t batch, size_t columns, uint32_t seed) {
  check_bytes(
      {.window = window, .batch = batch, .columns = columns, .input_zero = -7, .output_zero = 5},
      seed);
  check_bytes({.window = window,
               .batch = batch,
               .columns = columns,
               .input_signed = false,
               .weights_signed = false,
               .input_zero = 121,
               .weights_zero = 131,
               .output_zero = 90},
              seed + 1);
  check_bytes({.window = window,
               .batch = batch,
               .columns = columns,
               .input_signed = false,
               .weights_signed = false,
               .input_zero = 3,
               .weights_zero = 128},
              seed + 2);
}

TEST(GemmI8, MatchesForEveryPanelWidthAndRowRemainder) {
  for (size_t columns = 1; columns <= 72; columns += columns < 34 ? 1 : 7)
    check_kinds(flat(13, 5), 1, columns, 1);
  for (size_t rows = 1; rows <= 26; ++rows) {
    check_kinds(flat(rows, 7), 1, 24, 2);
    check_kinds(flat(rows, 4), 1, 80, 3);
    check_kinds(flat(rows, 8), 1, 112, 3);
  }
}

TEST(GemmI8, MatchesWithManyPanelsAndLongSums) {
  check_kinds(flat(5, 600), 1, 1001, 4);
  check_kinds(flat(300, 67), 1, 33, 5);
}

TEST(GemmI8, SumsBeyond32BitsWrap) {
  std::vector<int32_t> bias(19, INT32_MAX - 1);
  for (size_t i = 0; i < bias.size(); i += 2) bias[i] = INT32_MIN + 1;
  check_bytes({.window = flat(13, 9), .columns = 19, .input_zero = 127, .bias = bias}, 6);
}

TEST(GemmI8, ConvolvesWithPaddingStrideAndDilation) {
  for (size_t channels : {1, 3, 16})
    for (size_t stride : {1, 2, 3})
      for (size_t dilation : {1, 2})
        for (size_t pad : {0, 1, 4}) {
          Window w{.in_height = 9,
                   .in_width = 8,
                   .channels = channels,
                   .pixel_stride = channels,
                   .kernel_height = 3,
                   .kernel_width = 4,
                   .stride_height = stride,
                   .stride_width = stride,
                   .dilation_height = dilation,
                   .dilation_width = dilation,
                   .pad_top = pad,
                   .pad_left = pad};
          const size_t reach_y = 2 * dilation + 1, reach_x = 3 * dilation + 1;
          if (w.in_height + 2 * pad < reach_y || w.in_width + 2 * pad < reach_x) continue;
          w.out_height = (w.in_height + 2 * pad - reach_y) / stride + 1;
          w.out_width = (w.in_width + 2 * pad - reach_x) / stride + 1;
          check_kinds(w, 2, 20, 6);
        }
}

TEST(GemmI8, WorksThroughSeveralStrips) {
  check_kinds({.in_height = 70,
               .in_width = 60,
               .channels = 9,
               .pixel_stride = 9,
               .kernel_height = 3,
               .kernel_width = 3,
               .pad_top = 1,
               .pad_left = 1,
               .out_height = 70,
               .out_width = 60},
              2, 9, 7);
}

TEST(GemmI8, ReadsOneGroupOfTheChannels) {
  check_kinds({.in_height = 6,
               .in_width = 5,
               .channels = 3,
               .pixel_stride = 12,
               .kernel_height = 2,
               .kernel_width = 2,
               .out_height = 5,
               .out_width = 4},
              1, 9, 8);
}

TEST(GemmI8, StridedPointwiseSkipsPixels) {
  check_kinds({.in_height = 7,
               .in_width = 7,
               .channels = 24,
               .pixel_stride = 24,
               .stride_height = 2,
               .stride_width = 2,
               .out_height = 4,
               .out_width = 4},
              2, 40, 9);
}

void check_floats(Case c, size_t rows_per_scale, uint32_t seed) {
  fill(c, seed);
  TestData data(seed + 1);
  const size_t groups = c.rows() / rows_per_scale;
  const auto row_scales = data.floats(groups, 0.01f, 0.1f);
  const auto row_zeros = data.integers<int32_t>(groups, -128, 127);
  const auto bias = data.floats(c.columns);
  for (const auto& variant : gemm_i8_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    GemmI8 gemm({.values = c.weights.data(),
                 .columns = c.columns,
                 .column_stride = c.window.depth(),
                 .float_bias = bias.data(),
                 .scales = c.scales.data()},
                {.window = c.window,
                 .to_floats = true,
                 .low = -20,
                 .high = 30,
                 .rows_per_scale = rows_per_scale,
                 .variant = variant});
    const auto out = run<float>(gemm, c, true, row_scales.data(), row_zeros.data());
    for (size_t row = 0; row < c.rows(); ++row)
      for (size_t n = 0; n < c.columns; ++n) {
        const size_t at = row / rows_per_scale;
        const double exact = double(sum(c, row, n, row_zeros[at])) * row_scales[at] * c.scales[n];
        const double y = std::clamp(exact + bias[n], -20.0, 30.0);
        ASSERT_NEAR(out[row * c.columns + n], y, 1e-6 * (std::abs(exact) + 1))
            << variant.name << ' ' << row << ' ' << n;
      }
  }
}

TEST(GemmI8, ToFloatsUsesTheScaleAndZeroPointOfEachRow) {
  check_floats({.window = flat(29, 37), .columns = 43}, 1, 10);
  check_floats({.window = flat(28, 12), .columns = 19}, 7, 11);
  check_floats({.window = {.in_height = 6,
                           .in_width = 5,
                           .channels = 3,
                           .pixel_stride = 3,
                           .kernel_height = 3,
                           .kernel_width = 3,
                           .pad_top = 1,
                           .pad_left = 1,
                           .out_height = 6,
                           .out_width = 5},
                .batch = 3,
                .columns = 17},
               30, 12);
}

}  // namespace
}  // namespace wherry::kernels
