// Runs one node on given tensors: the harness of the operator tests.
#pragma once

#include <gtest/gtest.h>

#include "ops/evaluate.h"
#include "ops/registry.h"

namespace wherry::test {

inline TensorType type_of(DType dtype, Shape shape) { return {dtype, std::move(shape), {}, {}}; }
inline TensorType type_of(DType dtype, Shape shape, float scale, int64_t zero_point) {
  return {dtype, std::move(shape), {}, Quantization(scale, zero_point)};
}

/// An input: its type with the elements; as a constant of the graph or fed at run time.
struct Operand {
  TensorType type;
  Constant data;
  bool fed = true;
  bool is_variable = false, is_absent = false;
};
/// State, zero at first.
inline Operand variable(TensorType type) { return {std::move(type), {}, false, true}; }
/// An optional input that is not there.
inline Operand absent() { return {.fed = false, .is_absent = true}; }
template <class T>
Operand fed(TensorType type, std::vector<T> elements) {
  return {std::move(type), Constant::of(std::move(elements)), true};
}
template <class T>
Operand constant(TensorType type, std::vector<T> elements) {
  return {std::move(type), Constant::of(std::move(elements)), false};
}
template <class T>
Operand fed(Shape shape, std::vector<T> elements) {
  return fed(type_of(dtype_of<T>, std::move(shape)), std::move(elements));
}
template <class T>
Operand constant(Shape shape, std::vector<T> elements) {
  return constant(type_of(dtype_of<T>, std::move(shape)), std::move(elements));
}

/// A model of one node with these operands and declared outputs.
inline Model one_node_model(const OpDef& op, Attributes attributes,
                            const std::vector<Operand>& operands, std::vector<TensorType> outputs) {
  Model model;
  Graph& graph = model.graphs.emplace_back();
  Node node{.op = &op, .attributes = std::move(attributes)};
  for (const Operand& operand : operands) {
    if (operand.is_absent) {
      node.inputs.push_back(no_value);
      continue;
    }
    ValueId id = graph.add({.name = cat("in", graph.values.size()),
                            .type = operand.type,
                            .constant = operand.fed ? Constant() : operand.data,
                            .is_variable = operand.is_variable});
    node.inputs.push_back(id);
    if (operand.fed) graph.inputs.push_back(id);
  }
  for (TensorType& type : outputs) {
    ValueId id = graph.add({.name = cat("out", graph.outputs.size()), .type = std::move(type)});
    node.outputs.push_back(id);
    graph.outputs.push_back(id);
  }
  graph.nodes.push_back(std::move(node));
  return model;
}

/// What to feed a model of these operands with.
inline std::vector<TensorView> fed_views(const std::vector<Operand>& operands) {
  std::vector<TensorView> inputs;
  for (const Operand& operand : operands) {
    if (!operand.fed) continue;
    inputs.push_back(
        {&operand.type, const_cast<std::byte*>(operand.data.bytes().data()), operand.data.size()});
  }
  return inputs;
}

/// The outputs of the last of so many runs in which variables keep their contents.
inline Expected<std::vector<Tensor>> run_op(const OpDef& op, Attributes attributes,
                                            const std::vector<Operand>& operands,
                                            std::vector<TensorType> outputs, int runs = 1) {
  Model model = one_node_model(op, std::move(attributes), operands, std::move(outputs));
  std::vector<TensorView> inputs = fed_views(operands);
  Evaluator evaluator(model);
  for (int run = 1; run < runs; ++run) TRY(evaluator.run(inputs));
  return evaluator.run(inputs);
}

/// The elements of a result.
template <class T>
std::vector<T> elements(const Tensor& tensor) {
  auto span = tensor.view().span<T>();
  return {span.begin(), span.end()};
}

/// The message of a failed run, or "no error".
template <class T>
std::string problem(const Expected<T>& result) {
  return result ? "no error" : result.error().text();
}

inline Attributes no_options() { return Attributes::defaults(no_attributes); }
inline TensorType declared(DType dtype) { return type_of(dtype, {}); }

using Outputs = Expected<std::vector<Tensor>>;

template <class T>
void expect_output(const Outputs& outputs, const Shape& shape, const std::vector<T>& expected,
                   size_t i = 0) {
  ASSERT_TRUE(outputs) << problem(outputs);
  EXPECT_EQ((*outputs)[i].type.shape, shape);
  EXPECT_EQ(elements<T>((*outputs)[i]), expected);
}

template <class T>
void expect_problem(const Expected<T>& result, std::string_view words) {
  EXPECT_NE(problem(result).find(words), std::string::npos) << problem(result);
}

/// Strings as an operand, and out of a result.
inline Operand fed_strings(Shape shape, const std::vector<std::string>& strings) {
  return fed(type_of(DType::string, std::move(shape)), string_bytes(std::span(strings)));
}
inline std::vector<std::string> strings_in(const Tensor& tensor) {
  auto strings = strings_of(tensor.view());
  EXPECT_TRUE(strings) << problem(strings);
  if (!strings) return {};
  return {strings->begin(), strings->end()};
}

}  // namespace wherry::test
