// Every form of bilinear interpolation against the plain one, and that against exact arithmetic.
#include "kernels/resize/resize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

constexpr size_t width = 9, pixels = 5;
constexpr size_t channel_counts[] = {1, 3, 8, 16, 21, 37};

template <class T>
struct Members {
  void (*ResizeKernel::*blend)(const ResizeBlend<T>&);
  void (*ResizeKernel::*spread)(const ResizeSpread<T>&);
};

template <class T>
struct Case {
  std::vector<T> above, below;
  std::vector<ResizeColumn> columns;
  size_t channels;
  float part;

  explicit Case(size_t channel_count, float way) : channels(channel_count), part(way) {
    TestData data(static_cast<uint32_t>(channels));
    const auto elements = [&] {
      if constexpr (std::is_same_v<T, float>)
        return data.floats(pixels * channels, -3, 3);
      else
        return data.integers<T>(pixels * channels, std::numeric_limits<T>::min(),
                                std::numeric_limits<T>::max());
    };
    above = elements();
    below = elements();
    for (size_t i = 0; i < width; ++i) {
      const size_t left = i * pixels / width, right = std::min(left + 1, pixels - 1);
      columns.push_back({left * channels, right * channels, float(i % 4) / 4});
    }
  }

  std::vector<T> run(const ResizeKernel& kernel, Members<T> members) const {
    std::vector<float> line(pixels * channels);
    std::vector<T> y(width * channels + 1, T{77});
    (kernel.*members.blend)({above.data(), below.data(), line.data(), line.size(), part});
    (kernel.*members.spread)({line.data(), y.data(), columns.data(), width, channels});
    EXPECT_EQ(y.back(), T{77});
    y.pop_back();
    return y;
  }

  double exact(size_t pixel, size_t c) const {
    const ResizeColumn& column = columns[pixel];
    const auto down = [&](size_t at) {
      return double(above[at + c]) * (1 - double(part)) + double(below[at + c]) * double(part);
    };
    return down(column.left) * (1 - double(column.part)) + down(column.right) * double(column.part);
  }
};

template <class T>
void check(Members<T> members, double tolerance) {
  for (size_t channels : channel_counts) {
    for (float part : {0.0f, 0.25f, 0.7f, 1.0f}) {
      const Case<T> one(channels, part);
      const std::vector<T> plain = one.run(scalar::resize, members);
      for (size_t i = 0; i < plain.size(); ++i)
        ASSERT_NEAR(plain[i], one.exact(i / channels, i % channels), tolerance);
      for (const auto& variant : resize_variants) {
        if (!cpu::detect().has(variant.needs)) continue;
        EXPECT_EQ(one.run(*variant.kernel, members), plain) << variant.name << ' ' << channels;
      }
    }
  }
}

TEST(Resize, EveryFormGivesTheSame) {
  check<float>({&ResizeKernel::blend_f32, &ResizeKernel::spread_f32}, 1e-6);
  check<uint8_t>({&ResizeKernel::blend_u8, &ResizeKernel::spread_u8}, 0.5001);
  check<int8_t>({&ResizeKernel::blend_i8, &ResizeKernel::spread_i8}, 0.5001);
}

}  // namespace
}  // namespace wherry::kernels
