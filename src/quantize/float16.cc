// float16: constants at half the size, computed in float32.
#include <atomic>
#include <map>
#include <optional>

#include "base/halves.h"
#include "base/mapped_file.h"
#include "ir/blob_pool.h"
#include "ops/quantization/dequantize.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

/// What a DEQUANTIZE node with its two tensors costs in the file: smaller constants stay float.
constexpr size_t overhead_bytes = 160;

/// Nothing when a number does not fit.
std::optional<Constant> halved(const Constant& constant, const ConstantStore& store) {
  std::span<const std::byte> floats = constant.bytes();
  std::atomic<bool> fits = true;
  Constant result = store.make(floats.size() / 2, 2, [&](size_t first, std::span<std::byte> part) {
    if (!floats_to_halves(floats.subspan(2 * first, 2 * part.size()), part)) fits = false;
  });
  drop_pages(constant.owner(), floats);
  if (!fits) return std::nullopt;
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

/// What was made of halves: equal ones, such as the biases of an untrained model or the weights of
/// a layer that is called twice, need one DEQUANTIZE.
class WidenedForms {
 public:
  /// no_value for what was not met yet.
  ValueId& of(const Constant& halves, const TensorType& type) {
    return forms_.try_emplace({known_.index_of(halves), text_of(type)}, no_value).first->second;
  }

 private:
  BlobPool known_;
  std::map<std::pair<uint32_t, std::string>, ValueId> forms_;
};

std::string no_fit(const Value& weights, const Node& reader) {
  return cat("the weights ", quoted(weights.name), " of layer ", quoted(reader.origin.layer),
             " do not fit float16 (largest 65504) and stay float32");
}

class Halving {
 public:
  Halving(Graph& graph, const Options& options, Warnings& warnings)
      : graph_(graph), options_(options), warnings_(warnings) {}

  void run() {
    size_t count = graph_.values.size();
    for (size_t i = 0; i < count; ++i) {
      const Value& value = graph_.values[i];
      bool eligible = value.constant && value.type.dtype == DType::f32 && !value.sparsity &&
                      value.constant.bytes().size() / 2 > overhead_bytes;
      const Node* reader = eligible ? first_reader(graph_, static_cast<ValueId>(i)) : nullptr;
      if (reader && !(options_.keep_float && options_.keep_float(*reader)))
        halve(static_cast<ValueId>(i), *reader);
    }
    graph_.nodes.insert(graph_.nodes.begin(), std::make_move_iterator(dequantizes_.begin()),
                        std::make_move_iterator(dequantizes_.end()));
  }

 private:
  void halve(ValueId id, const Node& reader) {
    const Value& value = graph_.value(id);
    std::optional<Constant> halves = halved(value.constant, options_.store);
    if (!halves) return warnings_.push_back(no_fit(value, reader));
    ValueId& widened_form = forms_.of(*halves, value.type);
    if (widened_form != no_value) return replace_inputs(graph_, id, widened_form);
    Origin origin = reader.origin;
    Value widened = value;
    widened.constant = {};
    widened.name = cat(value.name, "_dequantized");
    graph_.value(id).type.dtype = DType::f16;
    graph_.value(id).constant = std::move(*halves);
    ValueId result = widened_form = graph_.add(std::move(widened));
    replace_inputs(graph_, id, result);
    dequantizes_.push_back({.op = &op::dequantize,
                            .attributes = Attributes::defaults(*op::dequantize.attributes),
                            .inputs = {id},
                            .outputs = {result},
                            .origin = std::move(origin)});
  }

  Graph& graph_;
  const Options& options_;
  Warnings& warnings_;
  WidenedForms forms_;
  std::vector<Node> dequantizes_;
};

void halve_graph(Graph& graph, const Options& options, Warnings& warnings) {
  if (has_growing_variable(graph)) {
    warnings.push_back(
        "weights stay float32, since a recurrent layer has a state that grows with the batch: "
        "convert with --batch 1, or without --rnn fused");
    return;
  }
  Halving(graph, options, warnings).run();
}

}  // namespace

Status to_float16(Model& model, const Options& options, Warnings& warnings) {
  for (Graph& graph : model.graphs) halve_graph(graph, options, warnings);
  return {};
}

}  // namespace wherry::quantize
