// Every form of pooling against plain loops.
#include "kernels/pool/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

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

/// The elements under the window of output element i.
template <class T>
std::vector<T> under(const Window& w, const std::vector<T>& input, size_t i) {
  const size_t c = i % w.channels, pixel = i / w.channels;
  const size_t image = pixel / (w.out_height * w.out_width);
  const size_t y = pixel / w.out_width % w.out_height, x = pixel % w.out_width;
  std::vector<T> found;
  for (size_t ky = 0; ky < w.kernel_height; ++ky)
    for (size_t kx = 0; kx < w.kernel_width; ++kx) {
      const size_t iy = y * w.stride_height + ky - w.pad_top;
      const size_t ix = x * w.stride_width + kx - w.pad_left;
      if (iy < w.in_height && ix < w.in_width)
        found.push_back(input[((image * w.in_height + iy) * w.in_width + ix) * w.channels + c]);
    }
  return found;
}

void check_f32(const Window& w) {
  TestData data(1);
  const auto input = data.floats(2 * w.in_height * w.in_width * w.channels);
  const size_t lines = 2 * w.out_height;
  for (const auto& variant : pool_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (bool average : {false, true}) {
      std::vector<float> out(lines * w.out_width * w.channels, -9.0f);
      std::vector<const float*> taps(w.taps());
      pool_f32(*variant.kernel, {w, average, input.data(), out.data(), 0, lines / 2, taps.data()},
               -0.5f, 0.75f);
      pool_f32(*variant.kernel,
               {w, average, input.data(), out.data(), lines / 2, lines, taps.data()}, -0.5f, 0.75f);
      for (size_t i = 0; i < out.size(); ++i) {
        const auto elements = under(w, input, i);
        double sum = 0;
        for (float x : elements) sum += x;
        const double exact = average ? sum / double(elements.size())
                                     : *std::max_element(elements.begin(), elements.end());
        ASSERT_NEAR(out[i], std::clamp(exact, -0.5, 0.75), 1e-6) << variant.name << ' ' << i;
      }
    }
  }
}

void check_i8(const Window& w, bool is_signed) {
  TestData data(2);
  const auto input = data.integers<uint8_t>(2 * w.in_height * w.in_width * w.channels, 0, 255);
  const size_t lines = 2 * w.out_height;
  const int32_t low = is_signed ? -100 : 20, high = low + 200;
  for (const auto& variant : pool_variants) {
    if (!cpu::detect().has(variant.needs)) continue;
    for (bool average : {false, true}) {
      std::vector<uint8_t> out(lines * w.out_width * w.channels, 9);
      std::vector<const uint8_t*> taps(w.taps());
      pool_i8(*variant.kernel, {w, average, input.data(), out.data(), 0, lines, taps.data()},
              {is_signed, low, high});
      for (size_t i = 0; i < out.size(); ++i) {
        int32_t sum = 0, most = -1000, count = 0;
        for (uint8_t raw : under(w, input, i)) {
          const int32_t x = is_signed ? static_cast<int8_t>(raw) : raw;
          sum += x;
          most = std::max(most, x);
          ++count;
        }
        const int32_t exact =
            average ? (sum > 0 ? sum + count / 2 : sum - count / 2) / count : most;
        ASSERT_EQ(out[i], static_cast<uint8_t>(std::clamp(exact, low, high)))
            << variant.name << ' ' << i;
      }
    }
  }
}

TEST(Pool, MatchesForWindowsStridesAndChannels) {
  for (size_t channels : {1, 7, 16, 35}) {
    for (const Window& w : {make(6, channels, 2, 2, 0), make(7, channels, 3, 1, 1),
                            make(7, channels, 3, 2, 1), make(5, channels, 5, 1, 0)}) {
      check_f32(w);
      check_i8(w, true);
      check_i8(w, false);
    }
  }
}

}  // namespace
}  // namespace wherry::kernels
