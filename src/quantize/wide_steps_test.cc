// Which nodes of unrolled loops are int16, and what that spares them.
#include "quantize/wide_steps.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/evaluate.h"
#include "ops/parsed_test.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

using test::parsed;

/// A layer makes a state, which another one turns and TANH squeezes, three times; a third layer
/// reads its last form.
constexpr const char* loop = R"(
graph main(x: f32[1,2]) -> (y) {
  w = const f32[2,2] [0.8, -0.6, 0.6, 0.8]
  v = const f32[2,2] [1, 0.5, 0.25, -1]
  u = const f32[2,2] [0.5, 0, 0, 0.5]
  p: f32[1,2] = FULLY_CONNECTED(x, u, -)
  s: f32[1,2] = TANH(p)
  a: f32[1,2] = FULLY_CONNECTED(s, w, -)
  b: f32[1,2] = TANH(a)
  c: f32[1,2] = FULLY_CONNECTED(b, w, -)
  d: f32[1,2] = TANH(c)
  e: f32[1,2] = FULLY_CONNECTED(d, w, -)
  f: f32[1,2] = TANH(e)
  y: f32[1,2] = FULLY_CONNECTED(f, v, -)
})";

std::vector<bool> wide(const Model& model) {
  return wide_steps(model.main(), std::vector<bool>(model.main().nodes.size(), true));
}

TEST(WideSteps, AreThoseThatDependOnOneAnotherTheFirstAndTheLayerInFrontOfThem) {
  EXPECT_EQ(wide(parsed(loop)),
            (std::vector<bool>{true, true, true, true, true, true, true, true, false}));
}

TEST(WideSteps, AreNoLayersThatAreSharedSideBySide) {
  Model model = parsed(R"(
graph main(x: f32[1,2], y: f32[1,2], z: f32[1,2]) -> (d, e, f) {
  w = const f32[2,2] [0.8, -0.6, 0.6, 0.8]
  a: f32[1,2] = FULLY_CONNECTED(x, w, -)
  b: f32[1,2] = FULLY_CONNECTED(y, w, -)
  c: f32[1,2] = FULLY_CONNECTED(z, w, -)
  d: f32[1,2] = TANH(a)
  e: f32[1,2] = TANH(b)
  f: f32[1,2] = TANH(c)
})");
  EXPECT_EQ(wide(model), std::vector<bool>(6, false));
}

/// The loop with so many units behind the dense layer of node `n`, for what decides about it.
Model with_units(size_t n, int64_t units) {
  Model model = parsed(loop);
  Value& weights = model.main().value(model.main().nodes[n].inputs[1]);
  weights.type.shape = {units, units};
  weights.constant = Constant::of(std::vector<float>(static_cast<size_t>(units * units)));
  return model;
}

TEST(WideSteps, AreNoneWhereTheirDenseLayersAreLarge) {
  EXPECT_TRUE(wide(with_units(2, 64))[3]);
  EXPECT_FALSE(wide(with_units(2, 65))[3]);
}

TEST(WideSteps, DoNotMakeALargeLayerInFrontOfThemWide) {
  EXPECT_TRUE(wide(with_units(0, 64))[0]);
  EXPECT_FALSE(wide(with_units(0, 65))[0]);
}

TEST(WideSteps, AreNoneWhereANodeStaysFloat) {
  Model model = parsed(loop);
  std::vector<bool> quantized(model.main().nodes.size(), false);
  EXPECT_EQ(wide_steps(model.main(), quantized), quantized);
}

TEST(WideSteps, HandTheirStateOnWithoutInt8Between) {
  Model model = parsed(loop);
  auto observed = calibrate(model, 16, 1, [](size_t i) -> Expected<std::vector<Tensor>> {
    std::vector<float> x = {std::sin(static_cast<float>(i)), std::cos(static_cast<float>(i))};
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of<float>({1, 2}, x));
    return inputs;
  });
  ASSERT_TRUE(observed) << observed.error().text();
  Warnings warnings;
  Status done =
      to_int8(model, *observed, {.input_type = DType::i8, .output_type = DType::i8}, warnings);
  ASSERT_TRUE(done) << done.error().text();
  size_t changes = 0, wide_activations = 0;
  for (const Node& node : model.main().nodes) {
    changes += node.op->name == "QUANTIZE" ? 1 : 0;
    wide_activations += model.main().value(node.outputs[0]).type.dtype == DType::i16 ? 1 : 0;
  }
  EXPECT_EQ(changes, 2u);  // in front of the first layer, and behind the last step
  EXPECT_EQ(wide_activations, 9u);
}

}  // namespace
}  // namespace wherry::quantize
