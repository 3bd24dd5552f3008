// float16: constants at half the size, computed in float32.
#include <map>
#include <numeric>
#include <optional>

#include "base/halves.h"
#include "ir/blob_pool.h"
#include "ops/quantization/dequantize.h"
#include "quantize/constants.h"
#include "quantize/float_loops.h"

namespace wherry::quantize {
namespace {

/// What a DEQUANTIZE node with its two tensors costs in the file: smaller constants stay float.
constexpr size_t overhead_bytes = 160;

constexpr float largest_half = 65504;

/// Whether what is known of the largest number is enough to know that all have a float16.
bool surely_fits_halves(const Constant& floats, size_t threads) {
  const std::optional<Constant::Bound> bound = floats.bound();
  if (!bound) return false;
  auto check = [&](size_t, std::span<const std::byte> part) -> Status {
    std::vector<float> copy;
    ENSURE(largest_magnitude(floats_in(part, copy)) * bound->growth <= largest_half, "too large");
    return {};
  };
  return static_cast<bool>(bound->root.visit(threads, check));
}

/// Whether every number has a float16.
bool fits_halves(const Constant& floats, size_t threads) {
  if (surely_fits_halves(floats, threads)) return true;
  auto check = [](size_t, std::span<const std::byte> part) -> Status {
    std::vector<std::byte> halves(part.size() / 2);
    ENSURE(floats_to_halves(part, halves), "too large");
    return {};
  };
  return static_cast<bool>(floats.visit(threads, check));
}

/// Rounded when it is needed. Nothing when a number does not fit.
std::optional<Constant> halved(const Constant& floats, const Workshop& workshop) {
  if (!fits_halves(floats, workshop.threads())) return std::nullopt;
  floats.drop_pages();
  auto fill = [floats, buffers = workshop.buffers()](size_t first, std::span<std::byte> part) {
    auto room = buffers.lend(2 * part.size());
    std::span<std::byte> exact(room->data(), 2 * part.size());
    floats.read(2 * first, exact);
    floats_to_halves(exact, part);
  };
  return workshop.defer({.method = "halves",
                         .size = floats.size() / 2,
                         .granule = std::lcm(floats.granule(), size_t{4}) / 2,
                         .fill = std::move(fill),
                         .sources = {floats}});
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
                      value.constant.size() / 2 > overhead_bytes;
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
    std::optional<Constant> halves = halved(value.constant, options_.workshop);
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
