// Folds a following clamp into a transposed convolution, which releases from 2.13 on can do.
//   before:  c = TRANSPOSE_CONV(s, w, x, b)    y = RELU(c)
//   after:   y = TRANSPOSE_CONV(s, w, x, b) {fused_activation_function=relu}
#include "ops/activation/relu.h"
#include "ops/convolution/transpose_conv.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> fuse(const PassContext& context, const Node& root) {
  const Node* maker = context.sole_producer(root.inputs[0], op::transpose_conv);
  if (!maker || activation_of(maker->attributes) != Activation::none ||
      context.type(root.inputs[0]).dtype != DType::f32)
    return std::nullopt;
  Activation activation = root.op == &op::relu ? Activation::relu : Activation::relu6;
  Patch patch = context.patch();
  patch.replace(root.outputs[0],
                patch.emit_as(*maker, with_activation(maker->attributes, activation), maker->inputs,
                              context.type(root.outputs[0])));
  return patch;
}

}  // namespace

constinit const Pass fuse_transposed_activation = {
    .name = "fuse-transposed-activation",
    .roots = {&op::relu, &op::relu6},
    .rewrite = fuse,
    .doc = "folds a following clamp into a transposed convolution"};

}  // namespace wherry::passes
