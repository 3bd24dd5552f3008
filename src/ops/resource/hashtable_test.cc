// Tests of hash tables.
#include "ops/resource/hashtable.h"

#include "ops/op_test.h"
#include "ops/resource/variable.h"

namespace wherry {
namespace {

using namespace test;

ValueId add(Graph& graph, DType dtype, Shape shape, Constant constant = {}) {
  return graph.add({.name = cat("v", graph.values.size()),
                    .type = type_of(dtype, std::move(shape)),
                    .constant = std::move(constant)});
}
Constant strings(const std::vector<std::string>& list) {
  return Constant::of(string_bytes(std::span(list)));
}

/// A table a -> 1, b -> 2, looked up for "b" and "z" with the default -1.
Model model_of_table() {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  ValueId handle = add(graph, DType::resource, {1});
  ValueId keys = add(graph, DType::string, {2}, strings({"a", "b"}));
  ValueId values = add(graph, DType::i64, {2}, Constant::of(std::vector<int64_t>{1, 2}));
  ValueId wanted = add(graph, DType::string, {2}, strings({"b", "z"}));
  ValueId absent = add(graph, DType::i64, {1}, Constant::of(std::vector<int64_t>{-1}));
  ValueId found = add(graph, DType::i64, {2}), size = add(graph, DType::i64, {1});
  op::Hashtable table{7, DType::string, DType::i64};
  graph.nodes = {
      {.op = &op::hashtable,
       .attributes = Attributes::of(op::hashtable_attributes, table),
       .outputs = {handle}},
      {.op = &op::hashtable_import, .inputs = {handle, keys, values}},
      {.op = &op::hashtable_find, .inputs = {handle, wanted, absent}, .outputs = {found}},
      {.op = &op::hashtable_size, .inputs = {handle}, .outputs = {size}}};
  graph.outputs = {found, size};
  return model;
}

TEST(Hashtable, FindsWhatWasImported) {
  Model model = model_of_table();
  Evaluator evaluator(model);
  for (int step = 0; step < 2; ++step) {
    auto y = evaluator.run({});
    expect_output<int64_t>(y, {2}, {2, -1}, 0);
    expect_output<int64_t>(y, {1}, {2}, 1);
  }
}

TEST(Hashtable, RejectsKeysOfAnotherType) {
  Model model = model_of_table();
  std::swap(model.main().nodes[1].inputs[1], model.main().nodes[1].inputs[2]);
  expect_problem(Evaluator(model).run({}), "does not fit a hash table from string to i64");
}

TEST(Hashtable, RejectsHandlesOfVariables) {
  Model model = model_of_table();
  model.main().nodes[0].op = &op::var_handle;
  model.main().nodes[0].attributes = Attributes::defaults(op::var_handle_attributes);
  ValueId value = model.main().nodes[1].inputs[2];
  model.main().nodes[1] = {.op = &op::assign_variable, .inputs = {0, value}};
  expect_problem(Evaluator(model).run({}), "does not name a hash table");
}

TEST(Hashtable, RejectsOtherTypes) {
  auto y =
      run_op(op::hashtable,
             Attributes::of(op::hashtable_attributes, op::Hashtable{0, DType::f32, DType::i64}), {},
             {type_of(DType::resource, {1})});
  expect_problem(y, "HASHTABLE maps string to i64 or i64 to string, not f32 to i64");
}

}  // namespace
}  // namespace wherry
