// Computes what depends on constants only.
//   before:  y = ADD(2, 3)
//   after:   y = 5
#include "ops/evaluate.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

/// A folded tensor may be this much larger than what it is made from (FILL, TILE, BROADCAST_TO
/// would bloat the file).
constexpr size_t max_growth_bytes = 4096;

std::optional<Patch> fold(const PassContext& context, const Node& root) {
  if (root.op->effects != Effects::pure || !root.op->reference || root.inputs.empty() ||
      root.op->name == "DEQUANTIZE")
    return std::nullopt;
  std::vector<Constant> held;
  std::vector<TensorView> inputs;
  size_t input_bytes = 0;
  for (ValueId id : root.inputs) {
    if (id == no_value) {
      inputs.push_back({});
      continue;
    }
    const Value& value = context.graph().value(id);
    if (!value.constant || value.sparsity) return std::nullopt;
    held.push_back(value.constant.at_hand());
    inputs.push_back(
        {&value.type, const_cast<std::byte*>(held.back().bytes().data()), held.back().size()});
    input_bytes += value.constant.size();
  }
  for (ValueId id : root.outputs) {
    if (id == no_value || context.is_output(id)) return std::nullopt;
  }
  auto results = evaluate_node(context.graph(), root, inputs, {},
                               static_cast<int64_t>(input_bytes + max_growth_bytes));
  if (!results) return std::nullopt;
  size_t output_bytes = 0;
  for (const Tensor& tensor : *results) output_bytes += tensor.buffer.size();
  if (output_bytes > input_bytes + max_growth_bytes) return std::nullopt;
  Patch patch = context.patch();
  for (size_t i = 0; i < results->size(); ++i) {
    const Tensor& tensor = (*results)[i];
    std::vector<std::byte> bytes(tensor.buffer.data(), tensor.buffer.data() + tensor.view().bytes);
    TensorType type = context.type(root.outputs[i]);
    type.shape = tensor.type.shape, type.signature = {};
    patch.replace(root.outputs[i],
                  patch.constant({}, std::move(type), Constant::of(std::move(bytes))));
  }
  return patch;
}

}  // namespace

constinit const Pass fold_constants = {
    .name = "fold-constants", .rewrite = fold, .doc = "computes what depends on constants only"};

}  // namespace wherry::passes
