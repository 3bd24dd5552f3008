// Tests of building graphs with unknown extents.
#include "ops/graph_builder.h"

#include <gtest/gtest.h>

#include "ops/activation/relu.h"

namespace wherry {
namespace {

TEST(GraphBuilder, UnknownExtentsStayUnknownThroughNodes) {
  Graph graph;
  GraphBuilder builder(graph);
  ValueId x = builder.input("x", DType::f32, {-1, 8, -1});
  auto y = builder.emit_one({.op = op::relu,
                             .attributes = Attributes::defaults(no_attributes),
                             .inputs = {x},
                             .name = "y"});
  ASSERT_TRUE(y);
  EXPECT_EQ(builder.shape(*y), (Shape{-1, 8, -1}));
  EXPECT_EQ(builder.type(*y).shape, (Shape{1, 8, 1}));
}

TEST(GraphBuilder, FixedShapesHaveNoSignature) {
  Graph graph;
  GraphBuilder builder(graph);
  ValueId x = builder.input("x", DType::f32, {4, 8});
  auto y = builder.emit_one(
      {.op = op::relu, .attributes = Attributes::defaults(no_attributes), .inputs = {x}});
  ASSERT_TRUE(y);
  EXPECT_EQ(builder.type(*y).signature.rank(), 0);
}

}  // namespace
}  // namespace wherry
