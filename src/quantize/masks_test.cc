// Masked attention in int8 against what it is in float32.
#include "quantize/masks.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/evaluate.h"
#include "ops/parsed_test.h"

namespace wherry::quantize {
namespace {

using test::parsed;

/// Scores between -3 and 3, other ones for each sample.
std::vector<Tensor> scores_and_mask(size_t sample) {
  std::vector<float> scores(12);
  for (size_t i = 0; i < scores.size(); ++i)
    scores[i] = 3 * std::sin(static_cast<float>(i * 7 + sample * 5));
  std::vector<float> mask = {1, 1, 0, static_cast<float>(sample % 2)};
  std::vector<Tensor> inputs;
  inputs.push_back(Tensor::of<float>({3, 4}, scores));
  inputs.push_back(Tensor::of<float>({1, 4}, mask));
  return inputs;
}

std::vector<float> answer(const Model& model, size_t sample) {
  std::vector<Tensor> inputs = scores_and_mask(sample);
  std::vector<TensorView> views;
  for (size_t i = 0; i < model.main().inputs.size(); ++i) views.push_back(inputs[i].view());
  auto outputs = Evaluator(model).run(views);
  EXPECT_TRUE(outputs) << outputs.error().text();
  auto y = (*outputs)[0].view().span<float>();
  return {y.begin(), y.end()};
}

/// The largest difference between the model and its int8 form.
float int8_error(const std::string& text) {
  Model model = parsed(text), quantised = model;
  auto observed = calibrate(model, 8, 1, [&](size_t sample) -> Expected<std::vector<Tensor>> {
    std::vector<Tensor> inputs = scores_and_mask(sample);
    inputs.resize(model.main().inputs.size());
    return inputs;
  });
  EXPECT_TRUE(observed) << observed.error().text();
  Warnings warnings;
  Status done = to_int8(quantised, *observed, {}, warnings);
  EXPECT_TRUE(done) << done.error().text();
  float worst = 0;
  for (size_t sample = 0; sample < 8; ++sample) {
    std::vector<float> expected = answer(model, sample), got = answer(quantised, sample);
    for (size_t i = 0; i < expected.size(); ++i)
      worst = std::max(worst, std::abs(expected[i] - got[i]));
  }
  return worst;
}

TEST(Masks, ASelectedNumberLeavesTheScoresTheirSteps) {
  EXPECT_LT(int8_error(R"(
graph main(s: f32[3,4]) -> (y) {
  m = const bool[3,4] [1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0]
  low = const f32[] [-1e9]
  a: f32[3,4] = ABS(s)
  b: f32[3,4] = SELECT_V2(m, a, low)
  y: f32[3,4] = SOFTMAX(b) {beta=1}
})"),
            0.02f);
}

TEST(Masks, AnAddedConstantLeavesTheScoresTheirSteps) {
  EXPECT_LT(int8_error(R"(
graph main(s: f32[3,4]) -> (y) {
  m = const f32[3,4] [0, -1e9, -1e9, -1e9, 0, 0, -1e9, -1e9, 0, 0, 0, -1e9]
  shape = const i32[3] [1, 3, 4]
  b: f32[3,4] = ADD(s, m)
  c: f32[1,3,4] = RESHAPE(b, shape)
  y: f32[1,3,4] = SOFTMAX(c) {beta=1}
})"),
            0.03f);
}

constexpr const char* computed_mask = R"(
graph main(s: f32[3,4], keep: f32[1,4]) -> (y) {
  one = const f32[] [1]
  low = const f32[] [-1e9]
  other: f32[1,4] = SUB(one, keep)
  m: f32[1,4] = MUL(other, low)
  b: f32[3,4] = ADD(s, m)
  y: f32[3,4] = SOFTMAX(b) {beta=1}
})";

TEST(Masks, AComputedMaskLeavesTheScoresTheirSteps) { EXPECT_LT(int8_error(computed_mask), 0.03f); }

TEST(Masks, OneMaskServesSeveralLayers) {
  EXPECT_LT(int8_error(R"(
graph main(s: f32[3,4], keep: f32[1,4]) -> (y) {
  one = const f32[] [1]
  low = const f32[] [-1e9]
  four = const f32[] [4]
  other: f32[1,4] = SUB(one, keep)
  m: f32[1,4] = MUL(other, low)
  a: f32[3,4] = ADD(s, m)
  b: f32[3,4] = SOFTMAX(a) {beta=1}
  t: f32[3,4] = MUL(b, four)
  c: f32[3,4] = ADD(t, m)
  y: f32[3,4] = SOFTMAX(c) {beta=1}
})"),
            0.03f);
}

TEST(Masks, TwoMasksOneAfterTheOther) {
  EXPECT_LT(int8_error(R"(
graph main(s: f32[3,4], keep: f32[1,4]) -> (y) {
  one = const f32[] [1]
  low = const f32[] [-1e4]
  causal = const f32[3,4] [0, -1e4, -1e4, -1e4, 0, 0, -1e4, -1e4, 0, 0, 0, -1e4]
  other: f32[1,4] = SUB(one, keep)
  m: f32[1,4] = MUL(other, low)
  a: f32[3,4] = ADD(s, causal)
  b: f32[3,4] = ADD(a, m)
  y: f32[3,4] = SOFTMAX(b) {beta=1}
})"),
            0.04f);
}

/// What the constants of a graph become.
std::vector<float> numbers_of(const Graph& graph) {
  std::vector<float> result;
  for (const Node& node : graph.nodes) {
    for (ValueId id : node.inputs) {
      const Value& value = graph.value(id);
      if (!value.constant || value.type.dtype != DType::f32) continue;
      const auto* first = reinterpret_cast<const float*>(value.constant.bytes().data());
      result.insert(result.end(), first, first + value.constant.size() / 4);
    }
  }
  return result;
}

TEST(Masks, WhatElseReadsThemKeepsTheirNumbers) {
  Model model = parsed(R"(
graph main(s: f32[3,4], keep: f32[1,4]) -> (y, z) {
  low = const f32[] [-1e9]
  m: f32[1,4] = MUL(keep, low)
  b: f32[3,4] = ADD(s, m)
  y: f32[3,4] = SOFTMAX(b) {beta=1}
  z: f32[1,4] = ABS(m)
})");
  Ranges ranges;
  for (ValueId id = 0; id < static_cast<ValueId>(model.main().values.size()); ++id)
    ranges[id] = {{-1e9f, 3}, {-1e9f, 3}};
  ranges[model.main().inputs[0]] = {{-3, 3}, {-3, 3}};
  soften_masks(model.main(), ranges, {});
  EXPECT_EQ(numbers_of(model.main()), std::vector<float>{-1e9f});
}

TEST(Masks, SmallBiasesOfScoresStay) {
  Model model = parsed(R"(
graph main(s: f32[1,4]) -> (y) {
  bias = const f32[1,4] [0, -1, -2, -1e9]
  b: f32[1,4] = ADD(s, bias)
  y: f32[1,4] = SOFTMAX(b) {beta=1}
})");
  Ranges ranges;
  for (ValueId id = 0; id < static_cast<ValueId>(model.main().values.size()); ++id)
    ranges[id] = {{-3, 3}, {-3, 3}};
  soften_masks(model.main(), ranges, {});
  std::vector<float> bias = numbers_of(model.main());
  EXPECT_EQ(bias[2], -2);
  EXPECT_NEAR(bias[3], -6 - std::log(256.0f * 4), 1e-4f);
}

}  // namespace
}  // namespace wherry::quantize
