// Tests of AudioSpectrogram and Mfcc.
#include "ops/custom_options_test.h"
#include "ops/op_test.h"
#include "ops/signal/audio_spectrogram.h"
#include "ops/signal/mfcc.h"

namespace wherry {
namespace {

using namespace test;

Attributes options(const std::vector<std::pair<const char*, double>>& entries) {
  return custom_options([&](flexbuffers::Builder& map) { put_numbers(map, entries); });
}

auto spectrogram(double window, double stride, double squared) {
  // The window of two samples is (0, 1), so each transform is that of (0, x).
  return run_op(
      op::audio_spectrogram,
      options({{"window_size", window}, {"stride", stride}, {"magnitude_squared", squared}}),
      {fed<float>({4, 1}, {1, 3, 5, -2})}, {type_of(DType::f32, {1, 3, 2})});
}

TEST(AudioSpectrogram, GivesTheMagnitudesOfEachWindow) {
  auto y = spectrogram(2, 1, 0);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{3, 3, 5, 5, 2, 2}));
  y = spectrogram(2, 1, 1);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{9, 9, 25, 25, 4, 4}));
}

TEST(AudioSpectrogram, RejectsWindowsAndStridesThatAreTooSmall) {
  EXPECT_NE(problem(spectrogram(1, 1, 0)).find("window_size from 2"), std::string::npos);
  EXPECT_NE(problem(spectrogram(2, 0, 0)).find("stride of 1 or more"), std::string::npos);
}

auto coefficients(double highest, double count) {
  return run_op(op::mfcc,
                options({{"upper_frequency_limit", highest},
                         {"lower_frequency_limit", 20},
                         {"filterbank_channel_count", 2},
                         {"dct_coefficient_count", count}}),
                {fed<float>({1, 1, 9}, std::vector<float>(9)), fed<int32_t>(Shape(), {16000})},
                {type_of(DType::f32, {1, 1, 2})});
}

TEST(Mfcc, SilenceIsTheLogarithmOfTheFloor) {
  auto y = coefficients(4000, 2);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_NEAR(elements<float>((*y)[0])[0], 2 * std::log(1e-12), 1e-4);
  EXPECT_NEAR(elements<float>((*y)[0])[1], 0, 1e-4);
}

TEST(Mfcc, GivesZerosWhenTheSpectrumEndsBelowTheUpperLimit) {
  auto y = coefficients(9000, 2);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{0, 0}));
}

TEST(Mfcc, RejectsMoreCoefficientsThanBands) {
  EXPECT_NE(problem(coefficients(4000, 3)).find("dct_coefficient_count from 1"), std::string::npos);
}

TEST(Mfcc, RejectsAnUpperLimitBelowTheLower) {
  EXPECT_NE(problem(coefficients(10, 2)).find("upper_frequency_limit above"), std::string::npos);
}

}  // namespace
}  // namespace wherry
