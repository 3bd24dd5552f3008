// Tests of IF.
#include "ops/control_flow/if_else.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

/// IF(condition, x): x itself, or the constant 9.
Model model_of_if(op::IfElse graphs = {1, 2}) {
  Model model =
      one_node_model(op::if_else, Attributes::of(op::if_else_attributes, graphs),
                     {fed<uint8_t>(type_of(DType::boolean, {1}), {}), fed<float>({1}, {})},
                     {declared(DType::f32)});
  model.graphs.resize(3);
  for (size_t g = 1; g < 3; ++g) {
    Graph& graph = model.graphs[g];
    graph.values = {{.name = "x", .type = type_of(DType::f32, {1})},
                    {.name = "nine",
                     .type = type_of(DType::f32, {2}),
                     .constant = Constant::of(std::vector<float>{9, 9})}};
    graph.inputs = {0};
    graph.outputs = {g == 1 ? 0 : 1};
  }
  return model;
}
Outputs run(const Model& model, uint8_t condition) {
  TensorType flag = type_of(DType::boolean, {1}), type = type_of(DType::f32, {1});
  float x = 4;
  TensorView inputs[] = {{&flag, reinterpret_cast<std::byte*>(&condition), 1},
                         {&type, reinterpret_cast<std::byte*>(&x), 4}};
  return Evaluator(model).run(inputs);
}

TEST(IfElse, RunsTheChosenGraph) {
  Model model = model_of_if();
  expect_output<float>(run(model, 1), {1}, {4});
  expect_output<float>(run(model, 0), {2}, {9, 9});
}

TEST(IfElse, RejectsGraphsThatDoNotFit) {
  expect_problem(run(model_of_if({1, 3}), 1), "IF names subgraph 3 of 3");
  expect_problem(run(model_of_if({1, -1}), 1), "IF names subgraph -1 of 3");
  expect_problem(run(model_of_if({0, 1}), 1), "IF names the subgraph that it stands in");
  Model model = model_of_if();
  model.graphs[2].inputs.clear();
  expect_problem(run(model, 1), "hands 1 values to subgraph 2, which takes 0");
  model = model_of_if();
  model.graphs[2].value(1).type.dtype = DType::i32;
  expect_problem(run(model, 1), "needs f32 as output 0 of subgraph 2, which gives i32");
}

}  // namespace
}  // namespace wherry
