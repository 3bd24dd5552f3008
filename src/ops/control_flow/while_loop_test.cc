// Tests of WHILE.
#include "ops/control_flow/while_loop.h"

#include "ops/op_test.h"
#include "ops/shape/concatenation.h"

namespace wherry {
namespace {

using namespace test;

Value constant_flag(uint8_t value) {
  return {.name = "flag",
          .type = type_of(DType::boolean, {1}),
          .constant = Constant::of(std::vector<uint8_t>{value})};
}

/// State: go on?, x. The body joins x with itself and gives `next` as the flag.
Model model_of_while(uint8_t next) {
  TensorType flag = type_of(DType::boolean, {1}), vector = type_of(DType::f32, {1});
  Model model =
      one_node_model(op::while_loop, Attributes::of(op::while_loop_attributes, op::WhileLoop{1, 2}),
                     {fed<uint8_t>(flag, {}), fed<float>(vector, {})}, {flag, vector});
  Graph condition;
  condition.values = {{.name = "go on", .type = flag}, {.name = "x", .type = vector}};
  condition.inputs = {0, 1};
  condition.outputs = {0};
  Graph body = condition;
  body.values.push_back(constant_flag(next));
  body.values.push_back({.name = "xx", .type = vector});
  body.nodes.push_back(
      {.op = &op::concatenation,
       .attributes = Attributes::of(op::concatenation_attributes, op::Concatenation{}),
       .inputs = {1, 1},
       .outputs = {3}});
  body.outputs = {2, 3};
  model.graphs.push_back(std::move(condition));
  model.graphs.push_back(std::move(body));
  return model;
}
Outputs run(const Model& model, uint8_t go_on, EvaluateOptions options = {}) {
  TensorType flag = type_of(DType::boolean, {1}), type = type_of(DType::f32, {1});
  float x = 4;
  TensorView inputs[] = {{&flag, reinterpret_cast<std::byte*>(&go_on), 1},
                         {&type, reinterpret_cast<std::byte*>(&x), 4}};
  return Evaluator(model, options).run(inputs);
}

TEST(WhileLoop, RunsUntilTheConditionSaysNo) {
  Model model = model_of_while(0);
  expect_output<float>(run(model, 0), {1}, {4}, 1);
  expect_output<float>(run(model, 1), {2}, {4, 4}, 1);
}

TEST(WhileLoop, AnEndlessLoopEndsWithTheBudget) {
  Model model = model_of_while(1);
  expect_problem(run(model, 1, {.max_bytes = 100000}), "the tensors need more than 100000 bytes");
  model.graphs[2].nodes.clear();
  model.graphs[2].outputs = {2, 1};
  expect_problem(run(model, 1, {.max_steps = 1000}), "stopped after 1000 steps");
}

TEST(WhileLoop, RejectsStatesThatDoNotFit) {
  Model model = model_of_while(0);
  model.graphs[1].outputs = {1};
  expect_problem(run(model, 1), "needs bool as output 0 of subgraph 1, which gives f32");
  model = model_of_while(0);
  model.main().nodes[0].outputs.pop_back();
  model.main().outputs.pop_back();
  expect_problem(run(model, 1), "WHILE has 2 inputs and 1 outputs");
}

}  // namespace
}  // namespace wherry
