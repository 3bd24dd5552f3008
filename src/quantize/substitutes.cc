// Writes products in place of operators that only know floats.
#include "quantize/substitutes.h"

#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/neg.h"
#include "ops/arithmetic/square.h"

namespace wherry::quantize {
namespace {

void become_product(Node& node, ValueId factor) {
  node.op = &op::mul;
  node.attributes = Attributes::defaults(*op::mul.attributes);
  node.inputs.push_back(factor);
}

}  // namespace

void substitute_for_int8(Graph& graph, const Options& options) {
  ValueId minus_one = no_value;
  for (Node& node : graph.nodes) {
    bool known = node.op == &op::square || node.op == &op::neg;
    if (!known || graph.value(node.inputs[0]).type.dtype != DType::f32) continue;
    if (options.keep_float && options.keep_float(node)) continue;
    if (node.op == &op::square) {
      become_product(node, node.inputs[0]);
      continue;
    }
    if (minus_one == no_value)
      minus_one = graph.add({.name = "minus_one",
                             .type = {DType::f32, Shape{}, {}, {}},
                             .constant = Constant::of(std::vector<float>{-1})});
    become_product(node, minus_one);
  }
}

}  // namespace wherry::quantize
