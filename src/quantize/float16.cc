// float16: constants at half the size, computed in float32.
#include <cmath>
#include <cstring>

#include "base/mapped_file.h"
#include "ops/quantization/dequantize.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

/// What a DEQUANTIZE node with its two tensors costs in the file: smaller constants stay float.
constexpr size_t overhead_bytes = 160;

float element_of(std::span<const std::byte> floats, size_t index) {
  float value;
  std::memcpy(&value, floats.data() + 4 * index, 4);
  return value;
}

bool overflows(float value) {
  return std::isinf(half_to_float(float_to_half(value))) && std::isfinite(value);
}

bool any_overflows(std::span<const std::byte> floats) {
  for (size_t i = 0; i < floats.size() / 4; ++i) {
    if (overflows(element_of(floats, i))) return true;
  }
  return false;
}

Constant halved(const Constant& constant, const ConstantStore& store) {
  std::span<const std::byte> floats = constant.bytes();
  Constant result = store.make(floats.size() / 2, 2, [&](size_t first, std::span<std::byte> part) {
    for (size_t i = 0; i < part.size() / 2; ++i) {
      uint16_t half = float_to_half(element_of(floats, first / 2 + i));
      std::memcpy(part.data() + 2 * i, &half, 2);
    }
  });
  drop_pages(constant.owner(), floats);
  return result;
}

/// Replaces every use of `id` among the nodes by `replacement`.
void replace_inputs(Graph& graph, ValueId id, ValueId replacement) {
  for (Node& node : graph.nodes) {
    for (ValueId& input : node.inputs) {
      if (input == id) input = replacement;
    }
  }
}

const Node* first_reader(const Graph& graph, ValueId id) {
  for (const Node& node : graph.nodes) {
    for (ValueId input : node.inputs) {
      if (input == id) return &node;
    }
  }
  return nullptr;
}

void halve_graph(Graph& graph, const Options& options, Warnings& warnings) {
  if (has_growing_variable(graph)) {
    warnings.push_back(
        "weights stay float32, since a recurrent layer has a state that grows with the batch: "
        "convert with --batch 1, or without --rnn fused");
    return;
  }
  std::vector<Node> dequantizes;
  size_t count = graph.values.size();
  for (size_t i = 0; i < count; ++i) {
    const Value& value = graph.values[i];
    ValueId id = static_cast<ValueId>(i);
    bool eligible = value.constant && value.type.dtype == DType::f32 && !value.sparsity;
    if (!eligible || value.constant.bytes().size() / 2 <= overhead_bytes) continue;
    const Node* reader = first_reader(graph, id);
    if (!reader || (options.keep_float && options.keep_float(*reader))) continue;
    if (any_overflows(value.constant.bytes())) {
      warnings.push_back(cat("the weights ", quoted(value.name), " of layer ",
                             quoted(reader->origin.layer),
                             " do not fit float16 (largest 65504) and stay float32"));
      continue;
    }
    Origin origin = reader->origin;
    Value widened = value;
    widened.constant = {};
    widened.name = cat(value.name, "_dequantized");
    graph.values[i].type.dtype = DType::f16;
    graph.values[i].constant = halved(graph.values[i].constant, options.store);
    ValueId result = graph.add(std::move(widened));
    replace_inputs(graph, id, result);
    dequantizes.push_back({.op = &op::dequantize,
                           .attributes = Attributes::defaults(*op::dequantize.attributes),
                           .inputs = {id},
                           .outputs = {result},
                           .origin = std::move(origin)});
  }
  graph.nodes.insert(graph.nodes.begin(), std::make_move_iterator(dequantizes.begin()),
                     std::make_move_iterator(dequantizes.end()));
}

}  // namespace

Status to_float16(Model& model, const Options& options, Warnings& warnings) {
  for (Graph& graph : model.graphs) halve_graph(graph, options, warnings);
  return {};
}

}  // namespace wherry::quantize
