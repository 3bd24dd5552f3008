// Tests of reading from a body graph how two elements become one.
#include "ops/stablehlo/combination.h"

#include "ops/arithmetic/add.h"
#include "ops/arithmetic/extremum.h"
#include "ops/arithmetic/sub.h"
#include "ops/comparison/logical.h"
#include "ops/op_test.h"
#include "ops/stablehlo/stablehlo_arithmetic.h"

namespace wherry {
namespace {

/// A model whose graph 0 takes two elements and gives op(first, second).
Model body_of(const OpDef& op, DType dtype, std::vector<ValueId> operands = {0, 1}) {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  for (int i = 0; i < 3; ++i) graph.add({.name = cat("v", i), .type = {dtype, {}, {}, {}}});
  graph.nodes.push_back({.op = &op,
                         .attributes = Attributes::defaults(*op.attributes),
                         .inputs = std::move(operands),
                         .outputs = {2}});
  graph.inputs = {0, 1};
  graph.outputs = {2};
  return model;
}

struct Case {
  const OpDef& op;
  DType dtype;
  Combination kind;
};

TEST(Combination, KnowsBodiesOfOneOperator) {
  const Case cases[] = {
      {op::stablehlo_add, DType::f32, Combination::add},
      {op::add, DType::i32, Combination::add},
      {op::stablehlo_multiply, DType::f32, Combination::multiply},
      {op::maximum, DType::f32, Combination::maximum},
      {op::stablehlo_minimum, DType::i8, Combination::minimum},
      {op::stablehlo_and, DType::boolean, Combination::all},
      {op::logical_or, DType::boolean, Combination::any},
      {op::stablehlo_and, DType::i32, Combination::graph},  // of bits, not of truths
      {op::sub, DType::f32, Combination::graph},
  };
  for (const Case& row : cases) {
    auto kind = combination_of(body_of(row.op, row.dtype), 0, row.dtype);
    ASSERT_TRUE(kind) << test::problem(kind);
    EXPECT_EQ(*kind, row.kind) << row.op.name;
  }
}

TEST(Combination, RunsTheGraphWhereOperandsAreSwapped) {
  auto kind = combination_of(body_of(op::add, DType::f32, {1, 0}), 0, DType::f32);
  ASSERT_TRUE(kind) << test::problem(kind);
  EXPECT_EQ(*kind, Combination::graph);
}

TEST(Combination, AnEmptyBodyReplaces) {
  Model model = body_of(op::add, DType::f32);
  model.graphs[0].nodes.clear();
  model.graphs[0].outputs = {1};
  EXPECT_EQ(combination_of(model, 0, DType::f32).value(), Combination::replace);
}

TEST(Combination, RejectsGraphsThatDoNotCombineTwoElements) {
  Model model = body_of(op::add, DType::f32);
  test::expect_problem(combination_of(model, 1, DType::f32), "the model has no graph 1");
  test::expect_problem(combination_of(model, -1, DType::f32), "the model has no graph -1");
  test::expect_problem(combination_of(model, 0, DType::i32), "must compute with i32, not f32");
  model.graphs[0].inputs = {0};
  test::expect_problem(combination_of(model, 0, DType::f32), "must take two values and give one");
}

}  // namespace
}  // namespace wherry
