// Asks the operators in the order of running, called graphs before those that call them.
#include "runtime/settle_types.h"

#include "ops/stated_types.h"
#include "runtime/declared_node.h"

namespace wherry {
namespace {

void settle_node(const Model& model, Graph& graph, const Node& node) {
  const DeclaredNode question(model, graph, node);
  InferContext context = question.context();
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
