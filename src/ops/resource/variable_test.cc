// Tests of variables.
#include "ops/resource/variable.h"

#include "ops/op_test.h"
#include "ops/shape/concatenation.h"

namespace wherry {
namespace {

using namespace test;

ValueId add(Graph& graph, DType dtype, Shape shape) {
  return graph.add(
      {.name = cat("v", graph.values.size()), .type = type_of(dtype, std::move(shape))});
}

/// old = read(handle); assign(handle, x); gives x and, when asked, old.
Model model_of_memory(bool reads_first) {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  ValueId x = add(graph, DType::f32, {1}), handle = add(graph, DType::resource, {1}),
          old = add(graph, DType::f32, {1});
  op::VarHandle name{.container = "", .shared_name = "memory"};
  graph.nodes.push_back({.op = &op::var_handle,
                         .attributes = Attributes::of(op::var_handle_attributes, name),
                         .outputs = {handle}});
  Node read{.op = &op::read_variable, .inputs = {handle}, .outputs = {old}};
  if (reads_first) graph.nodes.push_back(read);
  graph.nodes.push_back({.op = &op::assign_variable, .inputs = {handle, x}});
  if (!reads_first) graph.nodes.push_back(read);
  graph.inputs = {x};
  graph.outputs = {old};
  return model;
}
Outputs run(Evaluator& evaluator, float x) {
  TensorType type = type_of(DType::f32, {1});
  TensorView input{&type, reinterpret_cast<std::byte*>(&x), 4};
  return evaluator.run({&input, 1});
}

TEST(Variable, KeepsItsValueFromRunToRun) {
  Model model = model_of_memory(false);
  Evaluator evaluator(model);
  expect_output<float>(run(evaluator, 3), {1}, {3});
  expect_output<float>(run(evaluator, 4), {1}, {4});
}

TEST(Variable, CannotBeReadBeforeItIsAssigned) {
  Model model = model_of_memory(true);
  Evaluator evaluator(model);
  expect_problem(run(evaluator, 3), "a variable that has no value yet");
}

TEST(Variable, RejectsNumbersThatAreNoHandles) {
  auto y = run_op(op::read_variable, no_options(),
                  {fed<int32_t>(type_of(DType::resource, {1}), {77})}, {declared(DType::f32)});
  expect_problem(y, "got the number 77, which is no handle");
}

}  // namespace
}  // namespace wherry
