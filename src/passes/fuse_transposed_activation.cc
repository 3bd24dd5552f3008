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
  return maker ? with_clamp(context, *maker, root) : std::nullopt;
}

}  // namespace

constinit const Pass fuse_transposed_activation = {
    .name = "fuse-transposed-activation",
    .roots = {&op::relu, &op::relu6},
    .rewrite = fuse,
    .doc = "folds a following clamp into a transposed convolution"};

}  // namespace wherry::passes
