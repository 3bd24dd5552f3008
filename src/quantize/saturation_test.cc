// Ranges in front of functions that level off.
#include "quantize/saturation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ops/parsed_test.h"

namespace wherry::quantize {
namespace {

/// The best range of the value `name` when every value reaches from -40 to 40.
Range narrowed(const std::string& text, const std::string& name,
               void (*narrow)(const Graph&, Ranges&) = narrow_to_saturation) {
  const Model model = test::parsed(text);
  const Graph& graph = model.main();
  Ranges ranges;
  for (size_t id = 0; id < graph.values.size(); ++id)
    ranges[static_cast<ValueId>(id)] = {{0, 1}, {-40, 40}};
  narrow(graph, ranges);
  for (size_t id = 0; id < graph.values.size(); ++id) {
    if (graph.values[id].name == name) return ranges[static_cast<ValueId>(id)].best;
  }
  ADD_FAILURE() << "no value " << name;
  return {};
}

TEST(Saturation, NumbersBeyondTheEndOfTanhTakeNoSteps) {
  Range range = narrowed(R"(
graph main(x: f32[1,4]) -> (y) {
  a: f32[1,4] = ABS(x)
  y: f32[1,4] = TANH(a)
})",
                         "a");
  EXPECT_NEAR(std::tanh(range.max), 1 - 0.5 / 128, 1e-5);
  EXPECT_EQ(range.min, -range.max);
}

TEST(Saturation, OfTwoReadersTheOneThatSeesMoreDecides) {
  Range range = narrowed(R"(
graph main(x: f32[1,4]) -> (y, z) {
  axis = const i32[] [1]
  a: f32[1,4] = ABS(x)
  b: f32[1,2], c: f32[1,2] = SPLIT(axis, a) {num_splits=2}
  y: f32[1,2] = TANH(b)
  z: f32[1,2] = LOGISTIC(c)
})",
                         "a");
  EXPECT_NEAR(1 / (1 + std::exp(range.min)), 1 - 0.5 / 256, 1e-5);
}

TEST(Saturation, ATermTakesNoStepsWhereTheOtherCannotBringItBack) {
  constexpr const char* text = R"(
graph main(x: f32[1,4]) -> (y) {
  few = const f32[1,4] [-1, 2, 0, 0]
  a: f32[1,4] = ABS(x)
  s: f32[1,4] = ADD(a, few)
  y: f32[1,4] = TANH(s)
})";
  const float end = std::atanh(1 - 1 / 256.0f);
  EXPECT_EQ(narrowed(text, "s"), (Range{-end, end}));
  EXPECT_EQ(narrowed(text, "a"), (Range{-end - 2, end + 1}));
}

TEST(Saturation, ATermOfAFusedActivationIsNotNarrowed) {
  constexpr const char* text = R"(
graph main(x: f32[1,4]) -> (y) {
  few = const f32[1,4] [-1, 2, 0, 0]
  a: f32[1,4] = ABS(x)
  s: f32[1,4] = ADD(a, few) {fused_activation_function=relu}
  y: f32[1,4] = TANH(s)
})";
  EXPECT_EQ(narrowed(text, "a"), (Range{-40, 40}));
}

TEST(Saturation, OtherReadersNeedAllNumbers) {
  constexpr const char* text = R"(
graph main(x: f32[1,4]) -> (y, z, o) {
  a: f32[1,4] = ABS(x)
  y: f32[1,4] = TANH(a)
  z: f32[1,4] = NEG(a)
  o: f32[1,4] = ABS(x)
  p: f32[1,4] = TANH(o)
})";
  EXPECT_EQ(narrowed(text, "a"), (Range{-40, 40}));
  EXPECT_EQ(narrowed(text, "o"), (Range{-40, 40}));
  EXPECT_EQ(narrowed(text, "y"), (Range{-40, 40}));
}

TEST(Saturation, NothingReachesBeyondRelu6) {
  constexpr const char* text = R"(
graph main(x: f32[1,2,2,1]) -> (z) {
  w = const f32[1,1,1,1] [2]
  axes = const i32[2] [1, 2]
  a: f32[1,2,2,1] = CONV_2D(x, w, -) {fused_activation_function=relu6}
  b: f32[1,1] = MEAN(a, axes)
  y: f32[1,1] = NEG(b)
  z: f32[1,1] = RELU(y)
})";
  EXPECT_EQ(narrowed(text, "a", narrow_to_bounds), (Range{0, 6}));
  EXPECT_EQ(narrowed(text, "b", narrow_to_bounds), (Range{0, 6}));
  EXPECT_EQ(narrowed(text, "y", narrow_to_bounds), (Range{-40, 40}));
  EXPECT_EQ(narrowed(text, "z", narrow_to_bounds), (Range{0, 40}));
}

}  // namespace
}  // namespace wherry::quantize
