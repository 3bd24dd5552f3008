// Layers are linear: the rounding errors times the means of what they are multiplied with are the
// mean errors of the outputs.
#include "quantize/bias_correction.h"

#include <algorithm>

#include "ops/convolution/depthwise_conv_2d.h"
#include "passes/linear.h"
#include "quantize/float_loops.h"

namespace wherry::quantize {
namespace {

using passes::floats_of;

/// What is stored minus what was meant, row by row of the last three axes, or the last one of a
/// matrix: the weights may be large.
class RoundingErrors {
 public:
  explicit RoundingErrors(const RoundedWeights& weights)
      : held_(weights.exact.constant.at_hand()),
        exact_(held_.bytes()),
        held_integers_(weights.stored.constant.at_hand()),
        integers_(reinterpret_cast<const int8_t*>(held_integers_.bytes().data())),
        q_(*weights.stored.type.quantization) {}

  /// The `count` errors from element `first` on, whose scales are those of channel `channel` and,
  /// where channels lie in the last axis, of those that follow.
  std::span<const float> at(size_t first, size_t count, size_t channel, bool channels_follow) {
    std::span<const float> meant =
        floats_in(exact_.subspan(first * sizeof(float), count * sizeof(float)), copy_);
    errors_.resize(count);
    const size_t last = q_.scales.size() - 1;
    for (size_t i = 0; i < count; ++i) {
      const float scale = q_.scales[std::min(last, channels_follow ? channel + i : channel)];
      errors_[i] = static_cast<float>(integers_[first + i]) * scale - meant[i];
    }
    return errors_;
  }

 private:
  Constant held_;
  std::span<const std::byte> exact_;
  Constant held_integers_;
  const int8_t* integers_;
  const Quantization& q_;
  std::vector<float> copy_, errors_;
};

/// Weights [outputs, taps, channels of one group].
std::vector<double> shifts_by_rows(const RoundedWeights& weights, const TapMeans& data) {
  const Shape& shape = weights.exact.type.shape;
  const auto outputs = static_cast<size_t>(shape[0]);
  const auto group_in = static_cast<size_t>(shape.back());
  const auto row = static_cast<size_t>(shape.product(1, shape.rank()));
  const size_t taps = row / group_in, channels = data.elements.size() / taps;
  const size_t group_out = outputs / (channels / group_in);
  std::vector<double> shifts(outputs, 0);
  RoundingErrors errors(weights);
  for (size_t output = 0; output < outputs; ++output) {
    std::span<const float> of_row = errors.at(output * row, row, output, false);
    const size_t group = output / group_out * group_in;
    for (size_t tap = 0; tap < taps; ++tap) {
      const double* means = data.elements.data() + tap * channels + group;
      for (size_t i = 0; i < group_in; ++i)
        shifts[output] += static_cast<double>(of_row[tap * group_in + i]) * means[i];
    }
  }
  return shifts;
}

/// Weights [1, height, width, outputs]; the outputs of one channel stand side by side.
std::vector<double> shifts_by_taps(const RoundedWeights& weights, const TapMeans& data) {
  const Shape& shape = weights.exact.type.shape;
  const auto outputs = static_cast<size_t>(shape.back());
  const auto taps = static_cast<size_t>(shape.product(0, shape.rank() - 1));
  const size_t channels = data.elements.size() / taps, multiplier = outputs / channels;
  std::vector<double> shifts(outputs, 0);
  RoundingErrors errors(weights);
  for (size_t tap = 0; tap < taps; ++tap) {
    std::span<const float> of_tap = errors.at(tap * outputs, outputs, 0, true);
    for (size_t output = 0; output < outputs; ++output)
      shifts[output] +=
          static_cast<double>(of_tap[output]) * data.elements[tap * channels + output / multiplier];
  }
  return shifts;
}

}  // namespace

bool has_own_bias(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers,
                  const Node& node) {
  const QuantizationFacts& facts = node.op->quantization;
  if (facts.weights < 0 || facts.bias < 0) return false;
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i) {
    ValueId id = node.inputs[static_cast<size_t>(i)];
    if (id == no_value || i == facts.data) continue;
    const Value& value = graph.value(id);
    if (!value.constant) return false;
    bool own = consumers[static_cast<size_t>(id)].size() == 1 && value.type.dtype == DType::f32;
    if (i == facts.weights && (!own || value.sparsity)) return false;
  }
  auto bias = static_cast<size_t>(facts.bias);
  return bias < node.inputs.size() && node.inputs[bias] != no_value;
}

std::vector<const Node*> corrected_nodes(const Graph& graph) {
  std::vector<std::vector<NodeId>> consumers = graph.consumers();
  std::vector<const Node*> result;
  for (const Node& node : graph.nodes) {
    if (has_own_bias(graph, consumers, node)) result.push_back(&node);
  }
  return result;
}

Value corrected_bias(const Value& bias, const RoundedWeights& weights, const TapMeans& data) {
  std::vector<double> shifts = &weights.op == &op::depthwise_conv_2d
                                   ? shifts_by_taps(weights, data)
                                   : shifts_by_rows(weights, data);
  std::vector<float> corrected = floats_of(bias);
  for (size_t c = 0; c < corrected.size(); ++c) corrected[c] -= static_cast<float>(shifts[c]);
  Value result = bias;
  result.constant = Constant::of(std::move(corrected));
  return result;
}

}  // namespace wherry::quantize
