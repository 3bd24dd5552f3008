// Tests of RFFT2D and its inverse.
#include "ops/signal/rfft2d.h"

#include <complex>

#include "ops/op_test.h"
#include "ops/opaque.h"
#include "ops/signal/irfft2d.h"

namespace wherry {
namespace {

using namespace test;
using Complex = std::complex<float>;

auto transform(Shape shape, std::vector<float> x, std::vector<int32_t> lengths, Shape result) {
  return run_op(op::rfft2d, Attributes::defaults(op::rfft2d_attributes),
                {fed<float>(std::move(shape), std::move(x)), constant<int32_t>({2}, lengths)},
                {type_of(DType::c64, std::move(result))});
}

TEST(Rfft2d, TransformsBothAxes) {
  auto y = transform({2, 2}, {1, 2, 3, 4}, {2, 2}, {2, 2});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<Complex>((*y)[0]), (std::vector<Complex>{10, -2, -4, 0}));
}

TEST(Rfft2d, PadsWithZerosAndCuts) {
  auto y = transform({2, 1}, {1, 5}, {1, 4}, {1, 3});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<Complex>((*y)[0]), (std::vector<Complex>{1, 1, 1}));
}

TEST(Rfft2d, RejectsLengthsThatAreNoPowersOfTwo) {
  for (int32_t length : {0, 3, -2}) {
    auto y = transform({2, 2}, {1, 2, 3, 4}, {2, length}, {2, 2});
    EXPECT_NE(problem(y).find("powers of two"), std::string::npos) << problem(y);
  }
}

TEST(Irfft2d, GivesBackWhatWasTransformed) {
  std::vector<float> x;
  for (int i = 0; i < 32; ++i) x.push_back(static_cast<float>(i * i % 11));
  auto spectrum = transform({4, 8}, x, {4, 8}, {4, 5});
  ASSERT_TRUE(spectrum) << problem(spectrum);
  Attributes attributes = Attributes::of(op::custom_attributes, op::Custom{});
  auto y = run_op(
      op::irfft2d_family[0], attributes,
      {fed<Complex>({4, 5}, elements<Complex>((*spectrum)[0])), constant<int32_t>({2}, {4, 8})},
      {type_of(DType::f32, {4, 8})});
  ASSERT_TRUE(y) << problem(y);
  std::vector<float> back = elements<float>((*y)[0]);
  for (size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(back[i], x[i], 1e-5) << i;
}

}  // namespace
}  // namespace wherry
