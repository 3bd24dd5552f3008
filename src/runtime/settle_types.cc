// Asks the operators in the order of running, called graphs before those that call them.
#include "runtime/settle_types.h"

#include <algorithm>

#include "ir/tensor.h"
#include "ops/context.h"
#include "ops/stated_types.h"

namespace wherry {
namespace {

/// What is known of the input before anything ran.
TensorView operand_of(const Value& value, std::vector<Constant>& held) {
  TensorView operand{&value.type, nullptr, 0};
  auto dense =
      value.constant && !value.sparsity ? dense_constant(value) : Expected<Constant>(Constant());
  auto size = static_cast<uintptr_t>(std::clamp(bits_of(value.type.dtype) / 8, 1, 16));
  bool aligned = dense && reinterpret_cast<uintptr_t>(dense->bytes().data()) % size == 0;
  if (!aligned || !*dense) return operand;
  operand.data = const_cast<std::byte*>(dense->bytes().data());
  operand.bytes = dense->bytes().size();
  held.push_back(std::move(*dense));
  return operand;
}

void settle_node(const Model& model, Graph& graph, const Node& node) {
  std::vector<TensorView> operands;
  std::vector<TensorType> declared;
  std::vector<Constant> held;
  for (ValueId id : node.inputs)
    operands.push_back(id == no_value ? TensorView{} : operand_of(graph.value(id), held));
  for (ValueId id : node.outputs)
    declared.push_back(id == no_value ? TensorType{} : graph.value(id).type);
  InferContext context(&model, &graph, node, std::move(operands), std::move(declared));
  if (!infer_stated(context)) return;  // planning says what is wrong
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i] == no_value) continue;
    bool stated = context.state(static_cast<int>(i)) != InferContext::State::unset;
    Value& value = graph.value(node.outputs[i]);
    bool stored = value.constant || value.is_variable;
    if (stated && !stored) value.type.dtype = context.outputs()[i].dtype;
  }
}

}  // namespace

void settle_types(Model& model) {
  // Converters put called graphs behind their callers.
  for (size_t g = model.graphs.size(); g-- > 0;) {
    Graph& graph = model.graphs[g];
    for (const Node& node : graph.nodes) {
      if (node.op->infer) settle_node(model, graph, node);
    }
  }
}

}  // namespace wherry
