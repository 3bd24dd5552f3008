// Ranges in front of functions that level off.
#include "quantize/saturation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ir/text.h"
#include "ops/registry.h"

namespace wherry::quantize {
namespace {

/// The best range of the value `name` when every value reaches from -40 to 40.
Range narrowed(const std::string& text, const std::string& name) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  const Graph& graph = model->main();
  Ranges ranges;
  for (size_t id = 0; id < graph.values.size(); ++id)
    ranges[static_cast<ValueId>(id)] = {{-40, 40}, {-40, 40}};
  narrow_to_saturation(graph, ranges);
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

}  // namespace
}  // namespace wherry::quantize
