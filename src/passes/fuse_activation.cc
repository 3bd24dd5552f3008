// Folds a following clamp into the operator before it.
//   before:  c = CONV_2D(x, w, b)    y = RELU6(c)
//   after:   y = CONV_2D(x, w, b) {fused_activation_function=relu6}
#include "ops/activation/relu.h"
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/sub.h"
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/linear/fully_connected.h"
#include "ops/pooling/pool.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

bool fuses(const OpDef* op) {
  for (const OpDef* candidate :
       {&op::conv_2d, &op::depthwise_conv_2d, &op::fully_connected, &op::average_pool_2d,
        &op::max_pool_2d, &op::add, &op::sub, &op::mul, &op::div}) {
    if (op == candidate) return true;
  }
  return false;
}

std::optional<Patch> fuse(const PassContext& context, const Node& root) {
  ValueId x = root.inputs[0];
  const Node* maker = context.producer(x);
  if (!maker || !fuses(maker->op) || !context.sole_consumer(x)) return std::nullopt;
  return with_clamp(context, *maker, root);
}

}  // namespace

constinit const Pass fuse_activation = {
    .name = "fuse-activation",
    .roots = {&op::relu, &op::relu6, &op::relu_n1_to_1},
    .rewrite = fuse,
    .doc = "folds a following clamp into the operator before it"};

}  // namespace wherry::passes
