// Every form of bilinear interpolation against the plain one, and that against exact arithmetic.
#include "kernels/resize/resize.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/test_data.h"

namespace wherry::kernels {
namespace {

constexpr size_t width = 9, pixels = 5;

template <class T, class Part>
struct Case {
  std::vector<T> above, below;
  std::vector<ResizeColumn<Part>> columns;
  size_t channels;
  Part part;

  template <class Run>
  std::vector<T> run(Run run) const {
    std::vector<T> y(width * channels + 1, T{77});
    run({above.data(), below.data(), y.data(), columns.data(), width, channels, part});
    EXPECT_EQ(y.back(), T{77});
    y.pop_back();
    return y;
  }
  double exact(size_t pixel, size_t c, double unit) const {
    const ResizeColumn<Part>& column = columns[pixel];
    const double x = double(column.part) / unit, y = double(part) / unit;
    return double(above[column.left + c]) * (1 - y) * (1 - x) +
           double(below[column.left + c]) * y * (1 - x) +
           double(above[column.right + c]) * (1 - y) * x + double(below[column.right + c]) * y * x;
  }
};

template <class T, class Part>
Case<T, Part> make_case(size_t channels, Part unit, Part part) {
  TestData data(static_cast<uint32_t>(channels));
  Case<T, Part> made{.channels = channels, .part = part};
  const auto elements = [&] {
    if constexpr (std::is_same_v<T, float>)
      return data.floats(pixels * channels, -3, 3);
    else
      return data.integers<T>(pixels * channels, std::numeric_limits<T>::min(),
                              std::numeric_limits<T>::max());
  };
  made.above = elements();
  made.below = elements();
  for (size_t i = 0; i < width; ++i) {
    const size_t left = i * pixels / width, right = std::min(left + 1, pixels - 1);
    made.columns.push_back(
        {left * channels, right * channels, static_cast<Part>(unit * Part(i % 4) / Part(4))});
  }
  return made;
}

TEST(Resize, FloatsAreTheExactMean) {
  for (size_t channels : {1, 3, 8, 16, 21, 37}) {
    const auto one = make_case<float, float>(channels, 1, 0.3f);
    for (const auto& variant : resize_variants) {
      if (!cpu::detect().has(variant.needs)) continue;
      const auto y = one.run(variant.kernel->f32);
      for (size_t i = 0; i < y.size(); ++i)
        ASSERT_NEAR(y[i], one.exact(i / channels, i % channels, 1), 1e-6) << variant.name;
    }
  }
}

template <class T, class Part, class Kernel>
void expect_rounded(Kernel kernel, Part unit, Part part) {
  for (size_t channels : {1, 3, 8, 16, 21, 37}) {
    const auto one = make_case<T, Part>(channels, unit, part);
    const auto plain = one.run(scalar::resize.*kernel);
    for (size_t i = 0; i < plain.size(); ++i)
      ASSERT_NEAR(plain[i], one.exact(i / channels, i % channels, double(unit)), 0.5001);
    for (const auto& variant : resize_variants) {
      if (!cpu::detect().has(variant.needs)) continue;
      EXPECT_EQ(one.run(variant.kernel->*kernel), plain) << variant.name << ' ' << channels;
    }
  }
}

TEST(Resize, BytesAreRoundedTheSameEverywhere) {
  for (float part : {0.0f, 0.25f, 0.7f, 1.0f})
    expect_rounded<uint8_t, float>(&ResizeKernel::u8, 1.0f, part);
  for (int32_t part : {0, 256, 511, 1024})
    expect_rounded<int8_t, int32_t>(&ResizeKernel::i8, 1024, part);
}

}  // namespace
}  // namespace wherry::kernels
