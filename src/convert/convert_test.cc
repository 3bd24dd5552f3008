// Conversions as users ask for them: layers kept float, releases refused, files that lie.
#include "convert/convert.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "convert/verify.h"
#include "ir/text.h"
#include "ops/evaluate.h"
#include "ops/registry.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry {
namespace {

const std::string digits = std::string(WHERRY_SOURCE_DIR) + "/examples/digits/";

ConvertOptions int8_options() {
  return {.format = Format::int8, .calibrate = digits + "calibration.npz"};
}

Model read_bytes(const std::vector<std::byte>& bytes) {
  auto model = tflite::read(share(bytes));
  EXPECT_TRUE(model) << model.error().text();
  return std::move(*model);
}

SharedBytes file_of(const char* text) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  auto written = tflite::write(*model);
  EXPECT_TRUE(written) << written.error().text();
  return share(written->bytes());
}

/// The types of the weights of all convolutions and dense layers.
std::multiset<DType> weight_types(const Model& model) {
  std::multiset<DType> types;
  for (const Node& node : model.main().nodes) {
    if (node.op->name == "CONV_2D" || node.op->name == "FULLY_CONNECTED")
      types.insert(model.main().value(node.inputs[1]).type.dtype);
  }
  return types;
}

TEST(Convert, ALayerKeptFloatHasFloatWeights) {
  auto all = convert_keras(digits + "digits.h5", "", int8_options());
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_EQ(weight_types(read_bytes(all->bytes)).count(DType::f32), 0u);
  ConvertOptions options = int8_options();
  options.keep_float = {"^conv2d$"};
  auto kept = convert_keras(digits + "digits.h5", "", options);
  ASSERT_TRUE(kept) << kept.error().text();
  EXPECT_EQ(weight_types(read_bytes(kept->bytes)).count(DType::f32), 1u);
}

TEST(Convert, APatternThatMatchesNoLayerIsAnError) {
  ConvertOptions options{.format = Format::float16};
  options.keep_float = {"nonsense"};
  auto result = convert_keras(digits + "digits.h5", "", options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::usage);
  EXPECT_NE(result.error().text().find("conv2d"), std::string::npos) << result.error().text();
}

TEST(Convert, AFixedBatchStandsInEveryShapeAndOpensNoAxis) {
  auto open = convert_keras(digits + "digits.h5", "", {.format = Format::float32});
  auto fixed = convert_keras(digits + "digits.h5", "", {.format = Format::float32, .batch = 4});
  ASSERT_TRUE(open && fixed);
  Model first = read_bytes(open->bytes), second = read_bytes(fixed->bytes);
  EXPECT_EQ(first.main().value(first.main().inputs[0]).type.declared_shape()[0], -1);
  for (const auto* ends : {&second.main().inputs, &second.main().outputs})
    EXPECT_EQ(second.main().value((*ends)[0]).type.declared_shape()[0], 4);
  Tensor x = Tensor::zeros(second.main().value(second.main().inputs[0]).type).value();
  TensorView view = x.view();
  auto results = Evaluator(second).run({&view, 1});
  ASSERT_TRUE(results) << results.error().text();
  EXPECT_EQ((*results)[0].type.shape[0], 4);
}

TEST(Convert, SamplesAreGroupedToAFixedBatchForCalibration) {
  auto open = convert_keras(digits + "digits.h5", "", int8_options());
  ConvertOptions options = int8_options();
  options.batch = 3;  // the samples do not fill the last batch
  auto fixed = convert_keras(digits + "digits.h5", "", options);
  ASSERT_TRUE(open) << open.error().text();
  ASSERT_TRUE(fixed) << fixed.error().text();
  EXPECT_TRUE(fixed->report.verified);
  EXPECT_EQ(fixed->report.operators, open->report.operators);
  EXPECT_LE(fixed->report.max_error, 0.1);
}

TEST(Convert, AReleaseThatCannotRunTheResultIsRefused) {
  ConvertOptions options = int8_options();
  options.target_runtime = "1.5";
  auto refused = convert_keras(digits + "digits.h5", "", options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
  EXPECT_NE(refused.error().text().find("CONV_2D version 3"), std::string::npos)
      << refused.error().text();
  EXPECT_NE(refused.error().text().find("--target-runtime 1.14.0"), std::string::npos)
      << refused.error().text();
  options.target_runtime = "2.3";
  EXPECT_TRUE(convert_keras(digits + "digits.h5", "", options));
  options.target_runtime = "new";
  EXPECT_FALSE(convert_keras(digits + "digits.h5", "", options));
}

class ConvertFiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("wherry_convert_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::filesystem::path folder_;
};

TEST_F(ConvertFiles, BiasesOfZerosGoUnlessAnOldReleaseNeedsThem) {
  SharedBytes file = file_of(R"(
graph main(x: f32[1,2]) -> (y) {
  w = const f32[2,2] [1,2,3,4]
  b = const f32[2] [0,0]
  y: f32[1,2] = FULLY_CONNECTED(x, w, b)
}
)");
  std::ofstream(path("dense.tflite"), std::ios::binary)
      .write(reinterpret_cast<const char*>(file.bytes.data()),
             static_cast<std::streamsize>(file.bytes.size()));
  for (const char* release : {"", "2.0"}) {
    ConvertOptions options;
    options.target_runtime = release;
    auto result = quantize_tflite(path("dense.tflite"), "", options);
    ASSERT_TRUE(result) << result.error().text();
    Model model = read_bytes(result->bytes);
    const Node& dense = model.main().nodes.at(0);
    EXPECT_EQ(dense.inputs.size() > 2 && dense.inputs[2] != no_value,
              !options.target_runtime.empty());
  }
}

TEST_F(ConvertFiles, AHalfFileBecomesTheIntegersOfItsFloats) {
  auto half = convert_keras(digits + "digits.h5", path("half.tflite"), {});
  ASSERT_TRUE(half) << half.error().text();
  auto integers = quantize_tflite(path("half.tflite"), "", int8_options());
  ASSERT_TRUE(integers) << integers.error().text();
  EXPECT_TRUE(integers->report.verified);
  EXPECT_EQ(weight_types(read_bytes(integers->bytes)).count(DType::f32), 0u);
  EXPECT_EQ(integers->report.operators.count("DEQUANTIZE"), 1u);
}

TEST_F(ConvertFiles, AQuantisedFileIsNotQuantisedAgain) {
  ASSERT_TRUE(convert_keras(digits + "digits.h5", path("int8.tflite"), int8_options()));
  auto again = quantize_tflite(path("int8.tflite"), path("again.tflite"), {});
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().text().find("already quantised"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path("again.tflite")));
}

TEST_F(ConvertFiles, AFailureLeavesNoFile) {
  ConvertOptions options = int8_options();
  options.calibrate = path("missing.npz");
  EXPECT_FALSE(convert_keras(digits + "digits.h5", path("out.tflite"), options));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

constexpr const char* source = R"(
graph main(x: f32[1,4]) -> (y) {
  w = const f32[2,4] [1, 2, 3, 4, -5, 6, 7, 8]
  y: f32[1,2] = FULLY_CONNECTED(x, w, -)
})";

Probe probe_of(const char* text) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  auto probe = probe_source(*model, {}, 1);
  EXPECT_TRUE(probe) << probe.error().text();
  return std::move(*probe);
}

TEST(Verify, TheFileOfTheSameGraphAgrees) {
  auto difference = compare_with_source(probe_of(source), file_of(source), {});
  ASSERT_TRUE(difference) << difference.error().text();
  EXPECT_EQ(difference->max_error, 0.0);
}

TEST(Verify, AFileWithOtherWeightsFailsInEveryFormat) {
  SharedBytes other = file_of(R"(
graph main(x: f32[1,4]) -> (y) {
  w = const f32[2,4] [-1, 2, -3, 4, 5, 6, 7, -8]
  y: f32[1,2] = FULLY_CONNECTED(x, w, -)
})");
  for (Format format : {Format::float32, Format::float16, Format::dynamic, Format::int8}) {
    auto difference = compare_with_source(probe_of(source), other, {.format = format});
    ASSERT_FALSE(difference);
    EXPECT_EQ(difference.error().code, ErrorCode::verification_failed);
    EXPECT_NE(difference.error().text().find("'y'"), std::string::npos);
  }
}

/// x = rate x (1 - x) again and again: chaos at 3.9, two numbers in turn at 3.3.
std::string logistic_map(const char* rate, bool rate_first) {
  std::string text = cat("graph main(x: f32[1,4]) -> (y) {\n  r = const f32[] [", rate,
                         "]\n  one = const f32[] [1]\n  x0: f32[1,4] = LOGISTIC(x)\n");
  constexpr int steps = 80;
  for (int i = 0; i < steps; ++i) {
    std::string x = cat("x", i), next = i + 1 == steps ? "y" : cat("x", i + 1);
    text += cat("  a", i, ": f32[1,4] = SUB(one, ", x, ")\n");
    text += cat("  b", i, ": f32[1,4] = MUL(", x, ", ", rate_first ? "r" : cat("a", i), ")\n");
    text += cat("  ", next, ": f32[1,4] = MUL(b", i, ", ", rate_first ? cat("a", i) : "r", ")\n");
  }
  return text + "}\n";
}

TEST(Verify, WhatMagnifiesRoundingsIsAWarningAndNotAnError) {
  Probe probe = probe_of(logistic_map("3.9", true).c_str());
  auto same = compare_with_source(probe, file_of(logistic_map("3.9", false).c_str()),
                                  {.format = Format::float32});
  ASSERT_TRUE(same) << same.error().text();
  EXPECT_GT(same->max_error, 0.01);
  ASSERT_EQ(same->warnings.size(), 1u);
  EXPECT_NE(same->warnings[0].find("magnifies"), std::string::npos);
  auto other = compare_with_source(probe, file_of(logistic_map("3.3", false).c_str()),
                                   {.format = Format::float32});
  EXPECT_FALSE(other);
}

/// 1 where the sum of the weighted input is above the threshold, 0 below, and little between.
std::string step_at(const std::string& weights, float threshold) {
  return cat("graph main(x: f32[1,4]) -> (y) {\n  w = const f32[1,4] [", weights,
             "]\n  t = const f32[] [", threshold,
             "]\n  steep = const f32[] [100000]\n  a: f32[1,1] = FULLY_CONNECTED(x, w, -)\n"
             "  b: f32[1,1] = SUB(a, t)\n  c: f32[1,1] = MUL(b, steep)\n"
             "  y: f32[1,1] = LOGISTIC(c)\n}\n");
}

TEST(Verify, ASteepOutputIsMovedAsFarAsHalfFloatsRound) {
  Probe any = probe_of(step_at("1, 1, 1, 1", 0).c_str());
  std::string exact, rounded;
  float sum = 0;
  for (float element : any.samples[0].inputs[0].view().span<float>()) {
    float weight = element < 0 ? -1 : 1;
    sum += weight * element;
    exact += cat(weight, ", "), rounded += cat(weight * (1 - 0x1p-12f), ", ");
  }
  Probe probe = probe_of(step_at(exact, sum - 1e-4f).c_str());
  auto steep = compare_with_source(probe, file_of(step_at(rounded, sum - 1e-4f).c_str()),
                                   {.format = Format::float16});
  ASSERT_TRUE(steep) << steep.error().text();
  EXPECT_EQ(steep->warnings.size(), 1u);
  auto other = compare_with_source(probe, file_of(step_at(rounded, sum + 1).c_str()),
                                   {.format = Format::float16});
  EXPECT_FALSE(other);
}

TEST(Verify, NumbersBelowAStepOfTheIntegersAreAWarningAndNotAnError) {
  Probe probe = probe_of(R"(
graph main(x: f32[1,4]) -> (y) {
  small = const f32[] [0.0001]
  y: f32[1,4] = MUL(x, small)
})");
  const char* stored = R"(
graph main(x: f32[1,4]) -> (y) {
  a: i8[1,4]{0.00390625:-128} = QUANTIZE(x)
  b: i8[1,4]{0.00390625:-128} = SUB(a, a)
  y: f32[1,4] = DEQUANTIZE(b)
})";
  auto zeros = compare_with_source(probe, file_of(stored), {.format = Format::int8});
  ASSERT_TRUE(zeros) << zeros.error().text();
  ASSERT_EQ(zeros->warnings.size(), 1u);
  EXPECT_NE(zeros->warnings[0].find("less than half a step"), std::string::npos);
  std::string coarse = stored;  // ones where the source has next to nothing
  coarse.replace(coarse.find("SUB(a, a)"), 9, "ADD(a, a)");
  EXPECT_FALSE(compare_with_source(probe, file_of(coarse.c_str()), {.format = Format::int8}));
}

TEST(Verify, InputsThatAreSmallBesideABiasStillLeaveRoundingsToLayers) {
  auto centred = [](const char* rate, bool rate_first) {
    std::string text = logistic_map(rate, rate_first), start = "LOGISTIC(x)";
    text.replace(text.find(start), start.size(), "FULLY_CONNECTED(s, w, b)");
    text.insert(text.find("  x0"),
                "  tiny = const f32[] [1e-9]\n  s: f32[1,4] = MUL(x, tiny)\n"
                "  w = const f32[4,4] [1,0,0,0, 0,1,0,0, 0,0,1,0, 0,0,0,1]\n"
                "  b = const f32[4] [0.3, 0.4, 0.6, 0.7]\n");
    return text;
  };
  Probe probe = probe_of(centred("3.9", true).c_str());
  for (Format format : {Format::float32, Format::float16}) {
    auto same = compare_with_source(probe, file_of(centred("3.9", false).c_str()), {format});
    ASSERT_TRUE(same) << same.error().text();
    EXPECT_EQ(same->warnings.size(), 1u);
    EXPECT_FALSE(compare_with_source(probe, file_of(centred("3.3", false).c_str()), {format}));
  }
}

TEST(Verify, AnInfinityInTheFileFails) {
  SharedBytes other = file_of(R"(
graph main(x: f32[1,4]) -> (y) {
  w = const f32[2,4] [1, 2, 3, 4, -5, 6, 7, 8]
  zero = const f32[] [0]
  a: f32[1,2] = FULLY_CONNECTED(x, w, -)
  y: f32[1,2] = DIV(a, zero)
})");
  EXPECT_FALSE(compare_with_source(probe_of(source), other, {.format = Format::int8}));
}

TEST(Verify, OpenSizesAreTriedUntilTheSourceRuns) {
  Probe probe = probe_of(R"(
graph main(x: f32[?,?,?,1]) -> (y) {
  y: f32[?,?,?,1] = AVERAGE_POOL_2D(x) {padding=valid, filter_width=75, filter_height=75}
})");
  ASSERT_EQ(probe.samples.size(), 1u) << probe.skipped;
  EXPECT_EQ(probe.samples[0].inputs[0].type.shape, Shape({1, 96, 96, 1}));
}

TEST(Verify, ASourceThatDoesNotRunOnMadeUpNumbersIsSaid) {
  Probe probe = probe_of(R"(
graph main(x: f32[2,3], i: i32[1]) -> (y) {
  far = const i32[1] [70]
  j: i32[1] = ADD(i, far)
  y: f32[1,3] = GATHER(x, j) {axis=0}
})");
  EXPECT_TRUE(probe.samples.empty());
  EXPECT_FALSE(probe.skipped.empty());
}

}  // namespace
}  // namespace wherry
