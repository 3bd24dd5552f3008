// Weights beside float activations.
#include <gtest/gtest.h>

#include "ops/parsed_test.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

/// A loop that multiplies with weights in each turn, and an operator whose weights have no hybrid
/// form.
constexpr const char* loop = R"(
graph main(x: f32[1,32]) -> (z) {
  zero = const i32[] [0]
  n: i32[], y: f32[1,32] = WHILE(zero, x) {cond_subgraph_index=1, body_subgraph_index=2}
  size = const i32[4] [1,1,1,32]
  pixel: f32[1,1,1,32] = RESHAPE(y, size)
  w = const f32[32,1,1,32] random 2
  z: f32[1,1,1,32] = TRANSPOSE_CONV(size, w, pixel, -) {stride_w=1, stride_h=1}
}
graph condition(n: i32[], x: f32[1,32]) -> (more) {
  three = const i32[] [3]
  more: bool[] = LESS(n, three)
}
graph body(n: i32[], x: f32[1,32]) -> (next, y) {
  one = const i32[] [1]
  w = const f32[32,32] random 1
  next: i32[] = ADD(n, one)
  y: f32[1,32] = FULLY_CONNECTED(x, w, -)
})";

const Value& named(const Graph& graph, std::string_view name) {
  for (const Value& value : graph.values) {
    if (value.name == name) return value;
  }
  ADD_FAILURE() << "no value " << name;
  return graph.values[0];
}

TEST(DynamicRange, OperatorsThatStayFloatInInt8FilesHaveSmallWeightsWhereTheyCan) {
  Model model = test::parsed(loop);
  shrink_float_operators(model, {});
  EXPECT_EQ(named(model.graphs[2], "w").type.dtype, DType::i8);
  EXPECT_EQ(named(model.graphs[0], "w").type.dtype, DType::f32);
  EXPECT_EQ(model.graphs[0].nodes.size(), 3u);
}

TEST(DynamicRange, WeightsOfOthersStandBehindADequantizeInTheFormatItself) {
  Model model = test::parsed(loop);
  Warnings warnings;
  ASSERT_TRUE(to_dynamic_range(model, {}, warnings));
  EXPECT_EQ(named(model.graphs[2], "w").type.dtype, DType::i8);
  EXPECT_EQ(named(model.graphs[0], "w").type.dtype, DType::i8);
  EXPECT_EQ(model.graphs[0].nodes[0].op->name, "DEQUANTIZE");
}

TEST(DynamicRange, LayersThatAreKeptAreKeptInLoopsToo) {
  Model model = test::parsed(loop);
  Options options;
  options.keep_float = [](const Node& node) { return node.op->name == "FULLY_CONNECTED"; };
  shrink_float_operators(model, options);
  EXPECT_EQ(named(model.graphs[2], "w").type.dtype, DType::f32);
}

}  // namespace
}  // namespace wherry::quantize
