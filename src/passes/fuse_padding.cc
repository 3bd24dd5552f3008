// Turns explicit zero padding into padding SAME, when the amounts are the ones SAME would choose.
//   before:  p = PAD(x, [[0,0],[0,1],[0,1],[0,0]])    y = CONV_2D(p, w, b) {padding=valid,
//   stride_h=2, stride_w=2} after:   y = CONV_2D(x, w, b) {padding=same, stride_h=2, stride_w=2}
#include <algorithm>

#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/shape/pad.h"
#include "passes/integers.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

struct Window {
  int64_t filter, stride, dilation;
};

/// Whether SAME pads exactly (before, after) for this extent of x.
bool same_would_pad(int64_t extent, Window window, int64_t before, int64_t after) {
  int64_t effective = (window.filter - 1) * window.dilation + 1,
          outputs = (extent + window.stride - 1) / window.stride;
  int64_t total = std::max<int64_t>((outputs - 1) * window.stride + effective - extent, 0);
  return before == total / 2 && after == total - total / 2;
}

template <class T>
std::optional<Patch> fuse_as(const PassContext& context, const Node& root, const Node& pad) {
  T attributes = root.attributes.as<T>();
  auto amounts = integers_of(context, pad.inputs[1]);
  ValueId x = pad.inputs[0];
  const TensorType& type = context.type(x);
  if (!amounts || amounts->size() != 8 || attributes.padding != Padding::valid || !type.fixed(1) ||
      !type.fixed(2))
    return std::nullopt;
  const std::vector<int64_t>& p = *amounts;
  const Shape& weights = context.type(root.inputs[1]).shape;
  Window rows{weights[1], attributes.stride_h, attributes.dilation_h_factor},
      columns{weights[2], attributes.stride_w, attributes.dilation_w_factor};
  if (p[0] || p[1] || p[6] || p[7] || !same_would_pad(type.shape[1], rows, p[2], p[3]) ||
      !same_would_pad(type.shape[2], columns, p[4], p[5]))
    return std::nullopt;
  attributes.padding = Padding::same;
  std::vector<ValueId> inputs = root.inputs;
  inputs[0] = x;
  Patch patch = context.patch();
  patch.replace(root.outputs[0],
                patch.emit(*root.op, Attributes::of(*root.op->attributes, attributes),
                           std::move(inputs), context.type(root.outputs[0])));
  return patch;
}

std::optional<Patch> fuse(const PassContext& context, const Node& root) {
  const Node* pad = context.producer(root.inputs[0]);
  if (!pad || pad->op != &op::pad || context.type(root.inputs[0]).dtype != DType::f32)
    return std::nullopt;
  return root.op == &op::conv_2d ? fuse_as<op::Conv2D>(context, root, *pad)
                                 : fuse_as<op::DepthwiseConv2D>(context, root, *pad);
}

}  // namespace

constinit const Pass fuse_padding = {
    .name = "fuse-padding",
    .roots = {&op::conv_2d, &op::depthwise_conv_2d},
    .rewrite = fuse,
    .doc = "turns explicit zero padding into padding SAME where the amounts agree"};

}  // namespace wherry::passes
