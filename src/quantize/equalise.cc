// Finds chains of dense layers and rescales their channels until they agree.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "ops/linear/fully_connected.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

/// Channels settle after a few turns; a chain hands its changes on from pair to pair.
constexpr int turns = 8;
/// Beyond this a channel would hardly be used at all on one side.
constexpr float largest_factor = 1e4f;

struct Dense {
  Node* node;
  std::vector<float> weights, bias;  ///< [outputs, inputs]; bias empty when there is none
  int64_t outputs, inputs;
};

std::vector<float> floats_of(const Value& value) {
  std::vector<float> result(value.constant.bytes().size() / 4);
  if (!result.empty()) std::memcpy(result.data(), value.constant.bytes().data(), result.size() * 4);
  return result;
}

class Equaliser {
 public:
  Equaliser(Graph& graph, const Options& options)
      : graph_(graph), options_(options), readers_(graph.consumers()) {}

  void run() {
    for (Node& node : graph_.nodes) {
      if (node.op == &op::fully_connected) add(node);
    }
    if (pairs_.empty()) return;
    for (int turn = 0; turn < turns; ++turn) {
      for (auto [first, second] : pairs_) balance(layers_[first], layers_[second]);
    }
    for (Dense& layer : layers_) store(layer);
  }

 private:
  bool own_floats(ValueId id) const {
    const Value& value = graph_.value(id);
    return value.constant && !value.sparsity && value.type.dtype == DType::f32 &&
           readers_[static_cast<size_t>(id)].size() == 1;
  }

  bool plain(const Node& node) const {
    const auto& attributes = node.attributes.as<op::FullyConnected>();
    bool bias = node.inputs.size() > 2 && node.inputs[2] != no_value;
    return attributes.weights_format == op::WeightsFormat::normal && own_floats(node.inputs[1]) &&
           (!bias || own_floats(node.inputs[2])) &&
           !(options_.keep_float && options_.keep_float(node));
  }

  /// The index of the layer that makes the value and nothing else reads; -1 for none.
  int maker_of(ValueId id) const {
    if (readers_[static_cast<size_t>(id)].size() != 1) return -1;
    for (ValueId output : graph_.outputs) {
      if (output == id) return -1;
    }
    for (size_t i = 0; i < layers_.size(); ++i) {
      const Node& node = *layers_[i].node;
      Activation activation = node.attributes.as<op::FullyConnected>().fused_activation_function;
      bool passes_factors = activation == Activation::none || activation == Activation::relu;
      if (node.outputs[0] == id) return passes_factors ? static_cast<int>(i) : -1;
    }
    return -1;
  }

  void add(Node& node) {
    if (!plain(node)) return;
    const Shape& shape = graph_.value(node.inputs[1]).type.shape;
    Dense layer{&node, floats_of(graph_.value(node.inputs[1])), {}, shape[0], shape[1]};
    if (node.inputs.size() > 2 && node.inputs[2] != no_value)
      layer.bias = floats_of(graph_.value(node.inputs[2]));
    int maker = maker_of(node.inputs[0]);
    layers_.push_back(std::move(layer));
    if (maker < 0 || layers_[static_cast<size_t>(maker)].outputs != shape[1]) return;
    pairs_.emplace_back(static_cast<size_t>(maker), layers_.size() - 1);
  }

  static void balance(Dense& first, Dense& second) {
    for (int64_t channel = 0; channel < first.outputs; ++channel) {
      float before = 0, after = 0;
      float* row = first.weights.data() + channel * first.inputs;
      for (int64_t i = 0; i < first.inputs; ++i) before = std::max(before, std::abs(row[i]));
      float* column = second.weights.data() + channel;
      for (int64_t k = 0; k < second.outputs; ++k)
        after = std::max(after, std::abs(column[k * second.inputs]));
      float factor = std::sqrt(before / after);
      if (!(factor > 1 / largest_factor && factor < largest_factor)) continue;
      for (int64_t i = 0; i < first.inputs; ++i) row[i] /= factor;
      if (!first.bias.empty()) first.bias[static_cast<size_t>(channel)] /= factor;
      for (int64_t k = 0; k < second.outputs; ++k) column[k * second.inputs] *= factor;
    }
  }

  void store(Dense& layer) {
    graph_.value(layer.node->inputs[1]).constant = Constant::of(std::move(layer.weights));
    if (!layer.bias.empty())
      graph_.value(layer.node->inputs[2]).constant = Constant::of(std::move(layer.bias));
  }

  Graph& graph_;
  const Options& options_;
  std::vector<std::vector<NodeId>> readers_;
  std::vector<Dense> layers_;
  std::vector<std::pair<size_t, size_t>> pairs_;
};

}  // namespace

void equalise_dense(Graph& graph, const Options& options) {
  if (!options.per_channel_dense) Equaliser(graph, options).run();
}

}  // namespace wherry::quantize
