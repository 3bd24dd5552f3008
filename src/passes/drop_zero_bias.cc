// Drops the bias of a dense layer that adds nothing.
//   before:  y = FULLY_CONNECTED(x, w, {0, 0, 0})
//   after:   y = FULLY_CONNECTED(x, w)
#include <algorithm>

#include "ops/linear/fully_connected.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

bool adds_nothing(const Value& bias) {
  if (!bias.constant || bias.sparsity || bias.type.dtype != DType::f32) return false;
  std::vector<float> elements = floats_of(bias);
  return std::all_of(elements.begin(), elements.end(), [](float element) { return element == 0; });
}

std::optional<Patch> drop(const PassContext& context, const Node& root) {
  bool has_bias = root.inputs.size() > 2 && root.inputs[2] != no_value;
  if (!has_bias || !adds_nothing(context.graph().value(root.inputs[2]))) return std::nullopt;
  Patch patch = context.patch();
  ValueId y = patch.emit_as(root, root.attributes, {root.inputs[0], root.inputs[1], no_value},
                            context.type(root.outputs[0]));
  patch.replace(root.outputs[0], y);
  return patch;
}

}  // namespace

constinit const Pass drop_zero_bias = {.name = "drop-zero-bias",
                                       .roots = {&op::fully_connected},
                                       .rewrite = drop,
                                       .doc = "drops the bias of a dense layer that adds nothing"};

}  // namespace wherry::passes
