// Tests of spectrograms, with numbers that Keras 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(Spectrogram, MelBinsInDecibels) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 32]",
                           R"({"class_name": "MelSpectrogram", "config": {"name": "layer", )"
                           R"("fft_length": 16, "sequence_stride": 8, "sequence_length": 16, )"
                           R"("window": "hann", "sampling_rate": 100, "num_mel_bins": 4, )"
                           R"("min_freq": 2, "max_freq": 40, "power_to_db": true, "top_db": 80.0, )"
                           R"("mag_exp": 2.0, "min_power": 1e-10, "ref_power": 1.0}})"),
       .inputs = {{"x", {1, 32}}},
       .results = {"-0.13993 -4.6193 5.3542 -4.5925 0.87012 -4.726 -1.8328 "
                   "4.073 -3.6932 6.6191 -0.12332 -2.4232 3.3798 -5.0609 "
                   "7.9746 8.7043 6.9971 7.3969 6.8554 4.1601"}});
}

TEST(Spectrogram, MelBinsAsTheyAre) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 16]",
                           R"({"class_name": "MelSpectrogram", "config": {"name": "layer", )"
                           R"("fft_length": 8, "sequence_stride": 4, "sequence_length": 8, )"
                           R"("window": "hann", "sampling_rate": 100, "num_mel_bins": 3, )"
                           R"("min_freq": 2, "max_freq": 40, "power_to_db": false, "top_db": )"
                           R"(80.0, "mag_exp": 1.0, "min_power": 1e-10, "ref_power": 1.0}})"),
       .inputs = {{"x", {1, 16}}},
       .results = {"0.38054 0.46245 0.31482 0.73752 1.1013 0.60897 0.27665 "
                   "0.44328 0.99862 0.61968 0.81479 0.67533 0.81955 0.98127 "
                   "0.5997"}});
}

TEST(Spectrogram, MagnitudesOfFrames) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 20, 1]",
                           R"({"class_name": "STFTSpectrogram", "config": {"name": "layer", )"
                           R"("mode": "magnitude", "frame_length": 8, "frame_step": 4, )"
                           R"("fft_length": 8, "window": "hann", "periodic": false, "scaling": )"
                           R"("density", "padding": "valid", "data_format": "channels_last", )"
                           R"("expand_dims": false}})"),
       .weights = {{"layer/real_kernel", {8, 1, 5}}, {"layer/imag_kernel", {8, 1, 5}}},
       .inputs = {{"x", {1, 20, 1}}},
       .results = {"1.0525 0.96736 1.4304 1.4136 1.6423 1.5063 0.85653 "
                   "1.4741 1.4873 0.18815 2.2207 0.89076 1.5125 2.1629 "
                   "2.0055 1.9086 1.3539 0.92558 0.47238 1.0375"}});
}

TEST(Spectrogram, LogarithmsWithAnAxisOfChannels) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 16, 1]",
                           R"({"class_name": "STFTSpectrogram", "config": {"name": "layer", )"
                           R"("mode": "log", "frame_length": 8, "frame_step": 8, "fft_length": 8, )"
                           R"("window": "hann", "periodic": false, "scaling": "density", )"
                           R"("padding": "valid", "data_format": "channels_last", "expand_dims": )"
                           R"(true}})"),
       .weights = {{"layer/real_kernel", {8, 1, 5}}, {"layer/imag_kernel", {8, 1, 5}}},
       .inputs = {{"x", {1, 16, 1}}},
       .results = {"0.051128 -0.033182 0.35798 0.34615 0.49612 0.79784 "
                   "-0.11568 0.41375 0.77143 0.69589"}});
}

TEST(Spectrogram, PowerDensities) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 16, 1]",
                           R"({"class_name": "STFTSpectrogram", "config": {"name": "layer", )"
                           R"("mode": "psd", "frame_length": 8, "frame_step": 8, "fft_length": 8, )"
                           R"("window": "hamming", "periodic": false, "scaling": "density", )"
                           R"("padding": "valid", "data_format": "channels_last", "expand_dims": )"
                           R"(false}})"),
       .weights = {{"layer/real_kernel", {8, 1, 5}}, {"layer/imag_kernel", {8, 1, 5}}},
       .inputs = {{"x", {1, 16, 1}}},
       .results = {"1.1077 1.8716 4.0923 3.9966 2.6973 4.9316 1.5869 4.5752 "
                   "9.356 4.022"}});
}

TEST(Spectrogram, AnglesOfPaddedFrames) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 12, 1]",
                           R"({"class_name": "STFTSpectrogram", "config": {"name": "layer", )"
                           R"("mode": "angle", "frame_length": 8, "frame_step": 8, "fft_length": )"
                           R"(8, "window": "hann", "periodic": false, "scaling": "density", )"
                           R"("padding": "same", "data_format": "channels_last", "expand_dims": )"
                           R"(false}})"),
       .weights = {{"layer/real_kernel", {8, 1, 5}}, {"layer/imag_kernel", {8, 1, 5}}},
       .inputs = {{"x", {1, 12, 1}}},
       .results = {"-2.1025 -1.0668 2.7455 -1.7043 2.0115 2.6074 -1.1237 "
                   "-0.6632 2.2918 1.8504"}});
}

}  // namespace
}  // namespace wherry::keras
