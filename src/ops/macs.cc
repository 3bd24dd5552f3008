// Infers the node once more, without values.
#include "ops/macs.h"

#include "ops/context.h"

namespace wherry {

int64_t macs_of(const Model& model, const Graph& graph, const Node& node) {
  if (!node.op->macs || !node.op->infer) return 0;
  std::vector<TensorView> operands;
  std::vector<TensorType> declared;
  for (ValueId id : node.inputs)
    operands.push_back(id == no_value ? TensorView{}
                                      : TensorView{&graph.value(id).type, nullptr, 0});
  for (ValueId id : node.outputs)
    declared.push_back(id == no_value ? TensorType{} : graph.value(id).type);
  InferContext context(&model, &graph, node, std::move(operands), std::move(declared));
  return infer(context) ? node.op->macs(context) : 0;
}

}  // namespace wherry
