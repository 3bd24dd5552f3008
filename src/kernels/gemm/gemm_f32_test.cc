// Every form of the float product against sums in double precision.
#include "kernels/gemm/gemm_f32.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

struct Case {
  Window window;
  size_t batch, columns;
  std::vector<float> input, weights, bias;
  size_t rows() const { return batch * window.out_height * window.out_width; }
};

Case make_case(const Window& window, size_t batch, size_t columns, uint32_t seed) {
  TestData data(seed);
  Case c{window, batch, columns, {}, {}, {}};
  c.input = data.floats(batch * window.in_height * window.in_width * window.pixel_stride);
  c.weights = data.floats(columns * window.depth());
  c.bias = data.floats(columns);
  return c;
}

double expected(const Case& c, size_t row, size_t column, double& magnitude) {
  const Window& w = c.window;
  const size_t image = row / (w.out_height * w.out_width);
  const size_t y = row / w.out_width % w.out_height, x = row % w.out_width;
  double sum = c.bias[column];
  magnitude = std::abs(sum);
  const float* weight = &c.weights[column * w.depth()];
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < w.kernel_width; ++kx) {
      const auto iy = static_cast<ptrdiff_t>(y * w.stride_height + ky * w.dilation_height) -
                      static_cast<ptrdiff_t>(w.pad_top);
      const auto ix = static_cast<ptrdiff_t>(x * w.stride_width + kx * w.dilation_width) -
                      static_cast<ptrdiff_t>(w.pad_left);
      const bool inside = iy >= 0 && ix >= 0 && iy < static_cast<ptrdiff_t>(w.in_height) &&
                          ix < static_cast<ptrdiff_t>(w.in_width);
      for (size_t k = 0; k < w.channels; ++k, ++weight) {
        if (!inside) continue;
        const double product =
            double(*weight) *
            c.input[((image * w.in_height + iy) * w.in_width + ix) * w.pixel_stride + k];
        sum += product;
        magnitude += std::abs(product);
      }
    }
  return sum;
}

/// Runs the product in one piece, or in four pieces cut at awkward rows and panels.
std::vector<float> run(const GemmF32& gemm, const Case& c, bool in_pieces) {
  std::vector<float> out(c.rows() * c.columns, -99.0f);
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
                .scratch = scratch.as<void>()});
  return out;
}

/// With weights that are packed meanwhile.
std::vector<float> run_unpacked(const GemmF32::Options& options, const Case& c,
                                const half* halves = nullptr) {
  const GemmF32Weights weights{.weights = halves ? nullptr : c.weights.data(),
                               .columns = c.columns,
                               .column_stride = c.window.depth(),
                               .bias = c.bias.data(),
                               .halves = halves};
  const GemmF32 gemm({.columns = c.columns}, options);
  std::vector<float> out(c.rows() * c.columns, -99.0f);
  AlignedBuffer scratch(gemm.unpacked_scratch_bytes(halves));
  const size_t panel_cut = gemm.panels().count / 2;
  const size_t panels[] = {0, panel_cut, gemm.panels().count};
  for (int j = 0; j < 2; ++j)
    gemm.run_unpacked(weights, {.input = c.input.data(),
                                .out = out.data(),
                                .out_stride = c.columns,
                                .row_begin = 0,
                                .row_end = c.rows(),
                                .panel_begin = panels[j],
                                .panel_end = panels[j + 1],
                                .scratch = scratch.as<void>()});
  return out;
}

void check(const Case& c) {
  const float low = -0.75f * std::sqrt(float(c.window.depth())), high = -low * 0.5f;
  for (const auto& variant : gemm_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    SCOPED_TRACE(testing::Message() << variant.name << " columns " << c.columns << " rows "
                                    << c.rows() << " depth " << c.window.depth());
    const GemmF32::Options options{
        .window = c.window, .low = low, .high = high, .variant = variant};
    GemmF32 gemm({.weights = c.weights.data(),
                  .columns = c.columns,
                  .column_stride = c.window.depth(),
                  .bias = c.bias.data()},
                 options);
    ASSERT_TRUE(gemm);
    const std::vector<float> whole = run(gemm, c, false);
    EXPECT_EQ(whole, run(gemm, c, true));
    EXPECT_EQ(whole, run_unpacked(options, c));
    for (size_t row = 0; row < c.rows(); ++row)
      for (size_t n = 0; n < c.columns; ++n) {
        double magnitude;
        const double sum = std::clamp<double>(expected(c, row, n, magnitude), low, high);
        ASSERT_NEAR(whole[row * c.columns + n], sum, magnitude * 2e-7 * 4) << row << ' ' << n;
      }
  }
}

TEST(GemmF32, PacksHalvesWhileItRuns) {
  Case c = make_case({.in_width = 5, .channels = 30, .pixel_stride = 30, .out_width = 5}, 1, 77, 6);
  std::vector<half> halves;
  for (float& weight : c.weights) weight = static_cast<float>(halves.emplace_back(weight));
  for (const auto& variant : gemm_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    const GemmF32::Options options{
        .window = c.window, .low = -1e9f, .high = 1e9f, .variant = variant};
    EXPECT_EQ(run_unpacked(options, c, halves.data()), run_unpacked(options, c)) << variant.name;
  }
}

Window flat(size_t rows, size_t depth) {
  return {.in_width = rows, .channels = depth, .pixel_stride = depth, .out_width = rows};
}

TEST(GemmF32, MatchesForEveryPanelWidthAndRowRemainder) {
  for (size_t columns = 1; columns <= 72; columns += columns < 34 ? 1 : 7)
    check(make_case(flat(13, 5), 1, columns, 1));
  for (size_t rows = 1; rows <= 26; ++rows) {
    check(make_case(flat(rows, 7), 1, 24, 2));
    check(make_case(flat(rows, 3), 1, 64, 3));
  }
}

TEST(GemmF32, MatchesWithManyPanelsAndLongSums) {
  check(make_case(flat(5, 600), 1, 1001, 4));
  check(make_case(flat(75, 640), 1, 320, 5));
}

TEST(GemmF32, ConvolvesWithPaddingStrideAndDilation) {
  for (size_t channels : {1, 3, 16, 20})
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
          check(make_case(w, 2, 20, 6));
        }
}

TEST(GemmF32, ReadsOneGroupOfTheChannels) {
  Window w{.in_height = 6,
           .in_width = 5,
           .channels = 4,
           .pixel_stride = 12,
           .kernel_height = 2,
           .kernel_width = 2,
           .out_height = 5,
           .out_width = 4};
  check(make_case(w, 1, 9, 7));
}

TEST(GemmF32, PointwiseWithStrideSkipsPixels) {
  Window w{.in_height = 7,
           .in_width = 7,
           .channels = 24,
           .pixel_stride = 24,
           .stride_height = 2,
           .stride_width = 2,
           .out_height = 4,
           .out_width = 4};
  check(make_case(w, 2, 40, 8));
}

TEST(GemmF32, TakesTransposedWeightsAndNoBias) {
  TestData data(9);
  Case c = make_case(flat(6, 11), 1, 19, 9);
  std::vector<float> transposed(c.weights.size());
  for (size_t n = 0; n < 19; ++n)
    for (size_t k = 0; k < 11; ++k) transposed[k * 19 + n] = c.weights[n * 11 + k];
  const GemmF32::Options options{.window = c.window, .low = -1e9f, .high = 1e9f};
  GemmF32 one({.weights = c.weights.data(), .columns = 19, .column_stride = 11}, options);
  GemmF32 two({.weights = transposed.data(), .columns = 19, .column_stride = 1, .depth_stride = 19},
              options);
  EXPECT_EQ(run(one, c, false), run(two, c, false));
}

TEST(GemmF32, TakesWeightsThatArePackedLater) {
  const Case c = make_case(flat(6, 11), 1, 19, 9);
  const GemmF32::Options options{.window = c.window, .low = -1e9f, .high = 1e9f};
  const GemmF32Weights weights{.weights = c.weights.data(), .columns = 19, .column_stride = 11};
  const GemmF32 early(weights, options), late({nullptr, 19, 11}, options);
  const AlignedBuffer packed(late.packed_bytes()), scratch(late.scratch_bytes());
  late.pack(weights, packed.as<float>());
  std::vector<float> out(6 * 19);
  late.run({.input = c.input.data(),
            .out = out.data(),
            .out_stride = 19,
            .row_begin = 0,
            .row_end = 6,
            .panel_begin = 0,
            .panel_end = late.panels().count,
            .scratch = scratch.data(),
            .packed = packed.as<float>()});
  EXPECT_EQ(run(early, c, false), out);
}

TEST(GemmF32, NotANumberPassesTheClamp) {
  Case c = make_case(flat(3, 4), 1, 17, 10);
  c.input[5] = NAN;
  for (const auto& variant : gemm_f32_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    GemmF32 gemm({.weights = c.weights.data(), .columns = 17, .column_stride = 4},
                 {.window = c.window, .low = 0, .high = 6, .variant = variant});
    const std::vector<float> out = run(gemm, c, false);
    for (size_t n = 0; n < 17; ++n) {
      EXPECT_TRUE(std::isnan(out[17 + n])) << variant.name;
      EXPECT_FALSE(std::isnan(out[n]));
    }
  }
}

}  // namespace
}  // namespace wherry::kernels
