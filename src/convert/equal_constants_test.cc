// Tests of what counts as the same constant.
#include "convert/equal_constants.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/registry.h"

namespace wherry {
namespace {

Graph merged(const char* text) {
  auto model = parse_text(text, find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  merge_equal_constants(model->graphs[0]);
  return model->graphs[0];
}

TEST(EqualConstants, OfALayerThatIsCalledTwiceAreOne) {
  Graph graph = merged(R"(
graph main(x: f32[1,2]) -> (y) {
  w = const f32[2,2] [1,2,3,4]
  a: f32[1,2] = FULLY_CONNECTED(x, w, -)
  v = const f32[2,2] [1,2,3,4]
  y: f32[1,2] = FULLY_CONNECTED(a, v, -)
})");
  EXPECT_EQ(graph.nodes[0].inputs[1], graph.nodes[1].inputs[1]);
}

TEST(EqualConstants, OfOtherShapesScalesOrNumbersStayApart) {
  Graph graph = merged(R"(
graph main(x: f32[1,2]) -> (y) {
  a = const f32[1,2] [1,2]
  b = const f32[2] [1,2]
  c = const f32[2] [1,3]
  d = const i8[2]{0.5:0} [1,2]
  e = const i8[2]{0.25:0} [1,2]
  p: f32[1,2] = ADD(x, a)
  q: f32[1,2] = ADD(p, b)
  r: f32[1,2] = ADD(q, c)
  s: f32[2] = DEQUANTIZE(d)
  t: f32[2] = DEQUANTIZE(e)
  u: f32[1,2] = ADD(r, s)
  y: f32[1,2] = ADD(u, t)
})");
  EXPECT_NE(graph.nodes[0].inputs[1], graph.nodes[1].inputs[1]);
  EXPECT_NE(graph.nodes[1].inputs[1], graph.nodes[2].inputs[1]);
  EXPECT_NE(graph.nodes[3].inputs[0], graph.nodes[4].inputs[0]);
}

TEST(EqualConstants, ThatAreOutputsStayOutputs) {
  Graph graph = merged(R"(
graph main(x: f32[2]) -> (y, b) {
  a = const f32[2] [1,2]
  b = const f32[2] [1,2]
  y: f32[2] = ADD(x, a)
})");
  EXPECT_NE(graph.outputs[1], graph.nodes[0].inputs[1]);
}

}  // namespace
}  // namespace wherry
