// Constants stored as float16 become float32 again: before a file is given another format.
//   before:  w = DEQUANTIZE(h: f16 constant)    y = CONV_2D(x, w, b)
//   after:   y = CONV_2D(x, w: f32 constant, b)
#include "base/halves.h"
#include "ops/quantization/dequantize.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

std::optional<Patch> widen(const PassContext& context, const Node& root) {
  const Value& half = context.graph().value(root.inputs[0]);
  if (!half.constant || half.sparsity || half.type.dtype != DType::f16) return std::nullopt;
  std::vector<float> elements(half.constant.size() / 2);
  halves_to_floats(half.constant.at_hand().bytes(), std::as_writable_bytes(std::span(elements)));
  Patch patch = context.patch();
  TensorType type = context.type(root.outputs[0]);
  patch.replace(root.outputs[0],
                patch.constant(half.name, std::move(type), Constant::of(std::move(elements))));
  return patch;
}

}  // namespace

constinit const Pass widen_half = {.name = "widen-half",
                                   .roots = {&op::dequantize},
                                   .rewrite = widen,
                                   .doc = "float16 constants become float32 again"};

}  // namespace wherry::passes
