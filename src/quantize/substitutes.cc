// Writes products in place of operators that only know floats, and MEAN in place of pools.
#include "quantize/substitutes.h"

#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/neg.h"
#include "ops/arithmetic/square.h"
#include "ops/pooling/pool.h"
#include "ops/reduction/mean.h"

namespace wherry::quantize {
namespace {

void become_product(Node& node, ValueId factor) {
  node.op = &op::mul;
  node.attributes = Attributes::defaults(*op::mul.attributes);
  node.inputs.push_back(factor);
}

/// One window that covers the whole plane.
bool averages_planes(const Graph& graph, const Node& node) {
  if (node.op != &op::average_pool_2d) return false;
  const TensorType &data = graph.value(node.inputs[0]).type,
                   &output = graph.value(node.outputs[0]).type;
  const auto& pool = node.attributes.as<op::Pool2D>();
  return data.dtype == DType::f32 && data.shape.rank() == 4 && data.fixed(1) && data.fixed(2) &&
         pool.filter_height == data.shape[1] && pool.filter_width == data.shape[2] &&
         output.shape[1] == 1 && output.shape[2] == 1 &&
         pool.fused_activation_function == Activation::none;
}

void become_mean(Node& node, ValueId axes) {
  node.op = &op::mean;
  node.attributes = Attributes::of(op::reducer_attributes, op::Reducer{.keep_dims = true});
  node.inputs.push_back(axes);
}

class Substitution {
 public:
  Substitution(Graph& graph, const Options& options) : graph_(graph), options_(options) {}

  void apply(Node& node) {
    if (options_.keep_float && options_.keep_float(node)) return;
    bool floats = node.inputs.size() > 0 && node.inputs[0] != no_value &&
                  graph_.value(node.inputs[0]).type.dtype == DType::f32;
    if (!floats) return;
    if (node.op == &op::square) return become_product(node, node.inputs[0]);
    if (node.op == &op::neg) return become_product(node, minus_one());
    if (averages_planes(graph_, node)) become_mean(node, plane_axes());
  }

 private:
  ValueId minus_one() {
    if (minus_one_ == no_value)
      minus_one_ = graph_.add({.name = "minus_one",
                               .type = {DType::f32, Shape{}, {}, {}},
                               .constant = Constant::of(std::vector<float>{-1})});
    return minus_one_;
  }
  ValueId plane_axes() {
    if (plane_axes_ == no_value)
      plane_axes_ = graph_.add({.name = "plane_axes",
                                .type = {DType::i32, Shape{2}, {}, {}},
                                .constant = Constant::of(std::vector<int32_t>{1, 2})});
    return plane_axes_;
  }

  Graph& graph_;
  const Options& options_;
  ValueId minus_one_ = no_value, plane_axes_ = no_value;
};

}  // namespace

void substitute_for_int8(Graph& graph, const Options& options) {
  Substitution substitution(graph, options);
  for (Node& node : graph.nodes) substitution.apply(node);
}

}  // namespace wherry::quantize
