// Means of outputs with rounded weights against means with exact ones.
#include "quantize/bias_correction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/evaluate.h"
#include "ops/parsed_test.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

using test::parsed;

/// Replaces the weights of the only node by what int8 keeps of them, and the bias with `bias`.
Model with_rounded_weights(const Model& model, const Value& stored, const Value& bias) {
  Model rounded = model;
  const Node& node = rounded.main().nodes[0];
  const QuantizationFacts& facts = node.op->quantization;
  const auto* integers = reinterpret_cast<const int8_t*>(stored.constant.bytes().data());
  std::vector<float> weights(stored.constant.size());
  const Quantization& q = *stored.type.quantization;
  const Shape& shape = stored.type.shape;
  const auto inner = static_cast<size_t>(shape.product(q.axis + 1, shape.rank()));
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = static_cast<float>(integers[i]) * q.scales[i / inner % q.scales.size()];
  rounded.main().value(node.inputs[static_cast<size_t>(facts.weights)]).constant =
      Constant::of(std::move(weights));
  rounded.main().value(node.inputs[static_cast<size_t>(facts.bias)]).constant = bias.constant;
  return rounded;
}

/// Of each channel.
std::vector<double> mean_answer(const Model& model, const Tensor& data) {
  TensorView view = data.view();
  auto outputs = Evaluator(model).run(std::span(&view, 1));
  EXPECT_TRUE(outputs) << outputs.error().text();
  TensorView y = (*outputs)[0].view();
  auto channels = static_cast<size_t>(y.shape()[y.shape().rank() - 1]);
  std::vector<double> means(channels, 0);
  auto elements = y.span<const float>();
  for (size_t i = 0; i < elements.size(); ++i)
    means[i % channels] +=
        static_cast<double>(elements[i]) * static_cast<double>(channels) / elements.size();
  return means;
}

/// Ramps without symmetry, so that rounding errors do not cancel out.
Tensor ramp(Shape shape) {
  std::vector<float> elements(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = 1 + static_cast<float>(i % 7) / 3;
  return Tensor::of<float>(std::move(shape), elements);
}

void expect_means_stay(const std::string& text, const Tensor& data, int axis = -1) {
  Model model = parsed(text);
  const Graph& graph = model.main();
  const Node& node = graph.nodes[0];
  const QuantizationFacts& facts = node.op->quantization;
  const Value& weights = graph.value(node.inputs[static_cast<size_t>(facts.weights)]);
  const Value& bias = graph.value(node.inputs[static_cast<size_t>(facts.bias)]);
  Value stored = quantize_weights(weights, axis);
  std::optional<Windows> windows = windows_of(graph, node, data.type.shape);
  ASSERT_TRUE(windows);
  TapSums sums;
  sums.add(*windows, data.view().span<const float>());
  Value corrected = corrected_bias(bias, {*node.op, weights, stored}, *sums.means());
  std::vector<double> exact = mean_answer(model, data);
  std::vector<double> plain = mean_answer(with_rounded_weights(model, stored, bias), data);
  std::vector<double> better = mean_answer(with_rounded_weights(model, stored, corrected), data);
  for (size_t c = 0; c < exact.size(); ++c) {
    EXPECT_GT(std::abs(plain[c] - exact[c]), 5e-4) << "channel " << c;
    EXPECT_NEAR(better[c], exact[c], 1e-5) << "channel " << c;
  }
}

TEST(BiasCorrection, TakesTheShiftOutOfDenseLayers) {
  expect_means_stay(R"(
graph main(x: f32[2,3]) -> (y) {
  w = const f32[2,3] [0.313, -1, 0.227, 0.117, 0.508, 0.339]
  b = const f32[2] [1, -2]
  y: f32[2,2] = FULLY_CONNECTED(x, w, b)
})",
                    ramp({2, 3}));
}

TEST(BiasCorrection, CountsPaddingAsWhatItIs) {
  expect_means_stay(R"(
graph main(x: f32[1,2,3,1]) -> (y) {
  w = const f32[1,3,3,1] [0.313, -1, 0.227, 0.117, 0.508, 0.339, 0.441, 0.093, 0.252]
  b = const f32[1] [0.5]
  y: f32[1,2,3,1] = CONV_2D(x, w, b) {padding=same, stride_w=1, stride_h=1}
})",
                    ramp({1, 2, 3, 1}));
}

TEST(BiasCorrection, KnowsTransposedConvolutions) {
  expect_means_stay(R"(
graph main(x: f32[1,2,2,1]) -> (y) {
  shape = const i32[4] [1, 4, 4, 1]
  w = const f32[1,3,3,1] [0.313, -1, 0.227, 0.117, 0.508, 0.339, 0.441, 0.093, 0.252]
  b = const f32[1] [0.5]
  y: f32[1,4,4,1] = TRANSPOSE_CONV(shape, w, x, b) {padding=same, stride_w=2, stride_h=2}
})",
                    ramp({1, 2, 2, 1}));
}

TEST(BiasCorrection, KnowsStridesDilationAndGroups) {
  expect_means_stay(R"(
graph main(x: f32[2,5,6,4]) -> (y) {
  w = const f32[2,2,3,2] [0.313, -1, 0.227, 0.117, 0.508, 0.339, 0.441, 0.093, 0.252, 0.711,
                          -0.35, 0.127, 2.3, -1.117, 0.9, 1.111, 0.533, 0.29, 0.41, 1.7,
                          0.123, 0.77, -0.31, 0.19]
  b = const f32[2] [0.5, 1]
  y: f32[2,2,3,2] = CONV_2D(x, w, b) {padding=valid, stride_w=1, stride_h=2,
                                      dilation_h_factor=2, fused_activation_function=none}
})",
                    ramp({2, 5, 6, 4}), 0);
}

TEST(BiasCorrection, KnowsDepthwiseConvolutions) {
  expect_means_stay(R"(
graph main(x: f32[1,3,3,2]) -> (y) {
  w = const f32[1,2,2,4] [0.313, -1, 0.227, 0.117, 0.508, 0.339, 0.441, 0.093, 0.252, 0.711,
                          -0.35, 0.127, 2.3, -1.117, 0.9, 1.111]
  b = const f32[4] [0.5, 1, -1, 2]
  y: f32[1,3,3,4] = DEPTHWISE_CONV_2D(x, w, b) {padding=same, stride_w=1, stride_h=1,
                                                depth_multiplier=2}
})",
                    ramp({1, 3, 3, 2}), 3);
}

TEST(BiasCorrection, LeavesSharedWeightsAlone) {
  Model model = parsed(R"(
graph main(x: f32[2,3]) -> (y) {
  w = const f32[3,3] [1, 2, 3, 4, 5, 6, 7, 8, 9]
  b = const f32[3] [1, -2, 3]
  a: f32[2,3] = FULLY_CONNECTED(x, w, b)
  y: f32[2,3] = FULLY_CONNECTED(a, w, b)
})");
  EXPECT_TRUE(corrected_nodes(model.main()).empty());
}

TEST(BiasCorrection, CountsWindowsOfSamplesOfSeveralShapes) {
  Model model = parsed(R"(
graph main(x: f32[?,3]) -> (y) {
  w = const f32[2,3] [0.3, -1, 0.2, 0.1, 0.5, 0.3]
  b = const f32[2] [1, -2]
  y: f32[?,2] = FULLY_CONNECTED(x, w, b)
})");
  auto observed = calibrate(model, 2, 1, [](size_t i) -> Expected<std::vector<Tensor>> {
    std::vector<float> rows = {1, 2, 3, 4, 5, 6};
    if (i == 1) rows = {7, 8, 15};
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of<float>({static_cast<int64_t>(rows.size() / 3), 3}, rows));
    return inputs;
  });
  ASSERT_TRUE(observed) << observed.error().text();
  const ValueId weights = model.main().nodes[0].inputs[1];
  EXPECT_EQ(observed->means.at(weights).elements, (std::vector<double>{4, 5, 8}));
  EXPECT_EQ(observed->ranges.size(), 2u);
}

}  // namespace
}  // namespace wherry::quantize
