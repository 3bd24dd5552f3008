// Looks the values up that are there before a run.
#include "runtime/declared_node.h"

#include <algorithm>

#include "ir/tensor.h"

namespace wherry {

DeclaredNode::DeclaredNode(const Model& model, const Graph& graph, const Node& node)
    : model_(model), graph_(graph), node_(node) {
  for (ValueId id : node.inputs)
    operands_.push_back(id == no_value ? TensorView{} : operand_of(graph.value(id)));
  for (ValueId id : node.outputs)
    declared_.push_back(id == no_value ? TensorType{} : graph.value(id).type);
}

InferContext DeclaredNode::context() const {
  return InferContext(&model_, &graph_, node_, operands_, declared_);
}

TensorView DeclaredNode::operand_of(const Value& value) {
  TensorView operand{&value.type, nullptr, 0};
  const bool at_hand = value.constant && !value.constant.is_deferred();
  auto dense = at_hand && !value.sparsity ? dense_constant(value) : Expected<Constant>(Constant());
  auto size = static_cast<uintptr_t>(std::clamp(bits_of(value.type.dtype) / 8, 1, 16));
  bool aligned = dense && reinterpret_cast<uintptr_t>(dense->bytes().data()) % size == 0;
  if (!aligned || !*dense) return operand;
  operand.data = const_cast<std::byte*>(dense->bytes().data());
  operand.bytes = dense->size();
  held_.push_back(std::move(*dense));
  return operand;
}

}  // namespace wherry
