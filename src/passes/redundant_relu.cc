// Drops a RELU whose input is not negative anyway.
//   before:  a = RELU6(x)    y = RELU(a)
//   after:   y = RELU6(x)
#include "ops/activation/relu.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> drop(const PassContext& context, const Node& root) {
  const Node* maker = context.producer(root.inputs[0]);
  if (!maker ||
      (maker->op != &op::relu && maker->op != &op::relu6 && maker->op != &op::relu_0_to_1))
    return std::nullopt;
  if (context.type(root.inputs[0]) != context.type(root.outputs[0])) return std::nullopt;
  Patch patch = context.patch();
  patch.replace(root.outputs[0], root.inputs[0]);
  return patch;
}

}  // namespace

constinit const Pass redundant_relu = {.name = "redundant-relu",
                                       .roots = {&op::relu},
                                       .rewrite = drop,
                                       .doc = "drops a RELU of what is not negative"};

}  // namespace wherry::passes
