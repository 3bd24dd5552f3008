// Tests of CALL_ONCE.
#include "ops/control_flow/call_once.h"

#include "ops/op_test.h"
#include "ops/resource/variable.h"

namespace wherry {
namespace {

using namespace test;

Node handle_node(ValueId handle) {
  return {.op = &op::var_handle,
          .attributes = Attributes::defaults(op::var_handle_attributes),
          .outputs = {handle}};
}

/// CALL_ONCE sets a variable to 5; the main graph reads it and then sets it to 6.
Model model_of_start() {
  Model model;
  model.graphs.resize(2);
  for (Graph& graph : model.graphs) {
    float start = &graph == &model.graphs[1] ? 5.0f : 6.0f;
    graph.values = {{.name = "handle", .type = type_of(DType::resource, {1})},
                    {.name = "start",
                     .type = type_of(DType::f32, {1}),
                     .constant = Constant::of(std::vector<float>{start})},
                    {.name = "value", .type = type_of(DType::f32, {1})}};
    graph.nodes = {handle_node(0), {.op = &op::assign_variable, .inputs = {0, 1}}};
  }
  Graph& main = model.main();
  main.nodes.insert(main.nodes.begin() + 1,
                    {.op = &op::read_variable, .inputs = {0}, .outputs = {2}});
  main.nodes.insert(main.nodes.begin(),
                    {.op = &op::call_once,
                     .attributes = Attributes::of(op::call_once_attributes, op::CallOnce{1})});
  main.outputs = {2};
  return model;
}

TEST(CallOnce, RunsItsGraphInTheFirstRunOnly) {
  Model model = model_of_start();
  Evaluator evaluator(model);
  expect_output<float>(evaluator.run({}), {1}, {5});
  expect_output<float>(evaluator.run({}), {1}, {6});
}

TEST(CallOnce, RejectsGraphsWithInputs) {
  Model model = model_of_start();
  model.graphs[1].inputs = {2};
  expect_problem(Evaluator(model).run({}), "hands 0 values to subgraph 1, which takes 1");
}

}  // namespace
}  // namespace wherry
