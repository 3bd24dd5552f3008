// Which range each activation is given.
#include "quantize/scales.h"

#include <gtest/gtest.h>

#include "ops/parsed_test.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

using test::parsed;

ValueId named(const Graph& graph, std::string_view name) {
  for (size_t id = 0; id < graph.values.size(); ++id) {
    if (graph.values[id].name == name) return static_cast<ValueId>(id);
  }
  ADD_FAILURE() << "no value " << name;
  return no_value;
}

/// Every value was seen in [-1, 1].
ScalePlan planned(const Graph& graph, Range best = {-2, 3}) {
  Ranges ranges;
  for (size_t id = 0; id < graph.values.size(); ++id)
    ranges[static_cast<ValueId>(id)] = {{-1, 1}, best};
  return plan_scales(graph, ranges, {});
}

TEST(Scales, InnerActivationsTakeTheBestRange) {
  Model model = parsed(R"(
graph main(x: f32[1,2]) -> (y) {
  a: f32[1,2] = ABS(x)
  b: f32[1,2] = RELU(a)
  y: f32[1,2] = ABS(b)
})");
  const Graph& graph = model.main();
  EXPECT_EQ(planned(graph).scales[static_cast<size_t>(named(graph, "a"))],
            activation_scale({-2, 3}));
}

TEST(Scales, InputsHoldWhatWasSeenAndNoMore) {
  Model model = parsed(R"(
graph main(x: f32[1,2]) -> (y) {
  s = const i32[2] [2, 1]
  r: f32[2,1] = RESHAPE(x, s)
  a: f32[2,1] = ABS(r)
  y: f32[2,1] = ABS(a)
})");
  const Graph& graph = model.main();
  ScalePlan plan = planned(graph, {-0.5f, 3});
  for (const char* name : {"x", "r"})
    EXPECT_EQ(plan.scales[static_cast<size_t>(named(graph, name))], activation_scale({-1, 1}))
        << name;
}

TEST(Scales, OutputsHoldWhatWasSeenAndWhatIsExpected) {
  Model model = parsed(R"(
graph main(x: f32[1,2]) -> (y) {
  s = const i32[2] [2, 1]
  a: f32[1,2] = ABS(x)
  y: f32[2,1] = RESHAPE(a, s)
})");
  const Graph& graph = model.main();
  ScalePlan plan = planned(graph, {-0.5f, 3});
  for (const char* name : {"a", "y"})
    EXPECT_EQ(plan.scales[static_cast<size_t>(named(graph, name))], activation_scale({-1, 3}))
        << name;
}

TEST(Scales, WholeNumbersBesideAFloatResultDoNotHinder) {
  Model model = parsed(R"(
graph main(x: f32[1,4]) -> (y, places) {
  k = const i32[] [2]
  a: f32[1,4] = ABS(x)
  v: f32[1,2], places: i32[1,2] = TOPK_V2(a, k)
  y: f32[1,2] = ABS(v)
})");
  const Graph& graph = model.main();
  ScalePlan plan = planned(graph);
  EXPECT_EQ(plan.quantized_nodes, std::vector<bool>(3, true));
  EXPECT_EQ(plan.scales[static_cast<size_t>(named(graph, "v"))],
            plan.scales[static_cast<size_t>(named(graph, "a"))]);
}

TEST(Scales, OperatorsOfAFixedScaleKeepItHoweverFarARangeReaches) {
  Model model = parsed(R"(
graph main(x: f32[1,2]) -> (y) {
  a: f32[1,2] = TANH(x)
  y: f32[1,2] = ABS(a)
})");
  const Graph& graph = model.main();
  EXPECT_EQ(planned(graph).scales[static_cast<size_t>(named(graph, "a"))],
            Quantization(1.0f / 128, 0));
}

TEST(Scales, ProductsOfTwoActivationsAreQuantised) {
  Model model = parsed(R"(
graph main(x: f32[2,2], z: f32[2,2]) -> (y) {
  y: f32[2,2] = BATCH_MATMUL(x, z)
})");
  ScalePlan plan = planned(model.main());
  EXPECT_TRUE(plan.quantized_nodes[0]);
  EXPECT_TRUE(plan.quantized(model.main().inputs[1]));
}

TEST(Scales, LayersWithComputedWeightsStayFloat) {
  Model model = parsed(R"(
graph main(x: f32[2,2], w: f32[2,2]) -> (y) {
  y: f32[2,2] = FULLY_CONNECTED(x, w, -)
})");
  EXPECT_FALSE(planned(model.main()).quantized_nodes[0]);
}

}  // namespace
}  // namespace wherry::quantize
