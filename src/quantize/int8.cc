// Rewrites a float graph into int8, with QUANTIZE and DEQUANTIZE where formats meet.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ops/quantization/dequantize.h"
#include "ops/quantization/quantize.h"
#include "quantize/bias_correction.h"
#include "quantize/constants.h"
#include "quantize/left_float.h"
#include "quantize/lstm.h"
#include "quantize/masks.h"
#include "quantize/saturation.h"
#include "quantize/scales.h"
#include "quantize/substitutes.h"

namespace wherry::quantize {
namespace {

/// Builds the new node list; every value has a float form, an int8 form, or both.
class Rewriter {
 public:
  struct Rules {
    ScalePlan plan;
    StateSetters setters;  ///< of the LSTMs that become int8
    const std::map<ValueId, TapMeans>& means;
    const Options& options;
  };
  Rewriter(Model& model, Rules rules)
      : model_(model),
        graph_(model.main()),
        plan_(std::move(rules.plan)),
        setters_(std::move(rules.setters)),
        means_(rules.means),
        options_(rules.options),
        consumers_(graph_.consumers()),
        integers_(graph_.values.size(), no_value),
        is_float_(graph_.values.size(), false) {}

  Status run() {
    std::vector<Node> nodes = std::move(graph_.nodes);
    graph_.nodes.clear();
    original_ = graph_.values.size();
    for (size_t id = 0; id < original_; ++id)
      is_float_[id] =
          static_cast<bool>(graph_.values[id].constant) || graph_.values[id].is_variable;
    TRY(make_inputs());
    for (size_t n = 0; n < nodes.size(); ++n) {
      if (setters_.drops(nodes[n])) continue;
      if (plan_.cell_exponents.count(cell_state_of(nodes[n])))
        add_lstm(nodes[n]);
      else if (plan_.quantized_nodes[n])
        TRY(add_quantized(std::move(nodes[n]), plan_.wide_nodes[n]));
      else
        add_float(std::move(nodes[n]));
    }
    return make_outputs();
  }

 private:
  ValueId add_value(std::string name, TensorType type) {
    return graph_.add({.name = std::move(name), .type = std::move(type)});
  }

  TensorType integer_type(ValueId id, const Quantization& scale, DType dtype = DType::i8) const {
    TensorType type = graph_.value(id).type;
    type.dtype = dtype;
    type.quantization = scale;
    return type;
  }

  ValueId convert(const OpDef& op, ValueId from, TensorType type, std::string name,
                  const Origin& origin) {
    ValueId to = add_value(std::move(name), std::move(type));
    graph_.nodes.push_back({.op = &op,
                            .attributes = Attributes::defaults(*op.attributes),
                            .inputs = {from},
                            .outputs = {to},
                            .origin = origin});
    return to;
  }

  /// The integer form of a value with exactly this scale, made when it is not there yet.
  ValueId integer_form(ValueId id, const Quantization& scale, const Origin& origin,
                       DType dtype = DType::i8) {
    if (graph_.value(id).constant) return integer_constant(id, scale, dtype);
    ValueId existing = integers_[static_cast<size_t>(id)];
    if (existing != no_value && graph_.value(existing).type.dtype == dtype &&
        same(*graph_.value(existing).type.quantization, scale))
      return existing;
    auto key = key_of(id, scale, dtype);
    auto place = converted_.find(key);
    if (place != converted_.end()) return place->second;
    ValueId from = existing != no_value ? existing : id;
    std::string_view suffix = dtype == DType::i16 ? "_int16" : "_int8";
    ValueId result = convert(op::quantize, from, integer_type(id, scale, dtype),
                             cat(graph_.value(id).name, suffix), origin);
    if (existing == no_value) integers_[static_cast<size_t>(id)] = result;
    converted_[key] = result;
    return result;
  }

  static bool same(const Quantization& a, const Quantization& b) {
    return a.scales == b.scales && a.zero_points == b.zero_points;
  }

  using Key = std::tuple<ValueId, float, int64_t, DType>;
  static Key key_of(ValueId id, const Quantization& scale, DType dtype) {
    return {id, scale.scales[0], scale.zero_points[0], dtype};
  }

  ValueId integer_constant(ValueId id, const Quantization& scale, DType dtype) {
    auto key = key_of(id, scale, dtype);
    auto place = converted_.find(key);
    if (place != converted_.end()) return place->second;
    return converted_[key] = graph_.add(quantize_constant(graph_.value(id), scale, dtype));
  }

  ValueId float_form(ValueId id, const Origin& origin) {
    if (id == no_value || graph_.value(id).type.dtype != DType::f32 ||
        is_float_[static_cast<size_t>(id)])
      return id;
    is_float_[static_cast<size_t>(id)] = true;
    ValueId from = integers_[static_cast<size_t>(id)];
    graph_.nodes.push_back({.op = &op::dequantize,
                            .attributes = Attributes::defaults(*op::dequantize.attributes),
                            .inputs = {from},
                            .outputs = {id},
                            .origin = origin});
    return id;
  }

  void add_float(Node node) {
    for (ValueId& id : node.inputs) id = float_form(id, node.origin);
    for (ValueId id : node.outputs) {
      if (id != no_value) is_float_[static_cast<size_t>(id)] = true;
    }
    graph_.nodes.push_back(std::move(node));
  }

  /// Scale for a data input: the planned one, or that of a constant's own range.
  Quantization input_scale(const Node& node, ValueId id, bool wide) const {
    if (!graph_.value(id).constant) return plan_.scale(id, wide);
    if (node.op->quantization.rule == QuantizationRule::same_as_input)
      return plan_.scale(node.outputs[0], wide);
    Range range = range_of(graph_.value(id));
    return wide ? wide_activation_scale(range) : activation_scale(range);
  }

  Status add_quantized(Node node, bool wide) {
    const DType dtype = wide ? DType::i16 : DType::i8;
    const QuantizationFacts& facts = node.op->quantization;
    const Node original = node;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      ValueId id = node.inputs[i];
      bool data = id != no_value && graph_.value(id).type.dtype == DType::f32 &&
                  !is_parameter(graph_, node, i);
      if (data) node.inputs[i] = integer_form(id, input_scale(node, id, wide), node.origin, dtype);
    }
    TRY(set_parameters(node, original));
    for (ValueId& id : node.outputs) {
      if (id == no_value || graph_.value(id).type.dtype != DType::f32) continue;
      Quantization scale = plan_.scale(id, wide);
      const FixedScale& fixed = wide ? facts.fixed_i16 : facts.fixed_i8;
      if (facts.rule == QuantizationRule::fixed_output)
        scale = Quantization(fixed.scale, fixed.zero_point);
      id = add_integer_output(id, scale, dtype);
    }
    graph_.nodes.push_back(std::move(node));
    return {};
  }

  ValueId add_integer_output(ValueId old, const Quantization& scale, DType dtype = DType::i8) {
    ValueId id = add_value(graph_.value(old).name, integer_type(old, scale, dtype));
    integers_[static_cast<size_t>(old)] = id;
    graph_.value(old).name += "_float32";
    return id;
  }

  void add_lstm(const Node& node) {
    const ValueId data = node.inputs[0], output = node.outputs[0];
    const Quantization scale = plan_.scales[static_cast<size_t>(output)];
    const Int8Lstm form{integer_form(data, plan_.scales[static_cast<size_t>(data)], node.origin),
                        scale, plan_.cell_exponents.at(cell_state_of(node))};
    for (Node& part : int8_lstm(graph_, node, form, setters_))
      graph_.nodes.push_back(std::move(part));
    graph_.nodes.back().outputs[0] = add_integer_output(output, scale);
  }

  /// Weights first, since the bias takes its scale from them.
  Status set_parameters(Node& node, const Node& original) {
    const QuantizationFacts& facts = node.op->quantization;
    if (facts.weights < 0) return {};
    ValueId weights = node.inputs[static_cast<size_t>(facts.weights)];
    if (graph_.value(weights).type.dtype != DType::f32) return {};
    const TensorType data = graph_.value(node.inputs[static_cast<size_t>(facts.data)]).type;
    const float data_scale = data.scale();
    const bool wide = data.dtype == DType::i16;
    bool has_bias = facts.bias >= 0 && static_cast<size_t>(facts.bias) < node.inputs.size() &&
                    node.inputs[static_cast<size_t>(facts.bias)] != no_value;
    ValueId bias = has_bias ? node.inputs[static_cast<size_t>(facts.bias)] : no_value;
    int axis =
        node.op->name == "FULLY_CONNECTED" && !options_.per_channel_dense ? -1 : facts.channel_axis;
    size_t channels = axis < 0 ? 1 : static_cast<size_t>(graph_.value(weights).type.shape[axis]);
    std::vector<float> least = bias == no_value || wide
                                   ? std::vector<float>()
                                   : least_weight_scales(graph_.value(bias), data_scale, channels);
    ValueId stored = weights_form(weights, axis, least);
    node.inputs[static_cast<size_t>(facts.weights)] = stored;
    if (bias == no_value) return {};
    std::vector<float> scales = graph_.value(stored).type.quantization->scales;
    for (float& scale : scales) scale *= data_scale;
    Value exact = bias_for(original, stored);
    node.inputs[static_cast<size_t>(facts.bias)] =
        graph_.add(wide ? quantize_wide_bias(exact, scales) : quantize_bias(exact, scales));
    return {};
  }

  /// The float bias that goes with the stored weights.
  Value bias_for(const Node& node, ValueId stored) const {
    const QuantizationFacts& facts = node.op->quantization;
    const Value& bias = graph_.value(node.inputs[static_cast<size_t>(facts.bias)]);
    ValueId weights = node.inputs[static_cast<size_t>(facts.weights)];
    auto mean = means_.find(weights);
    if (mean == means_.end() || !has_own_bias(graph_, consumers_, node)) return bias;
    return corrected_bias(bias, {*node.op, graph_.value(weights), graph_.value(stored)},
                          mean->second);
  }

  /// Weights shared by several nodes are stored once when their scales agree.
  ValueId weights_form(ValueId id, int axis, const std::vector<float>& least) {
    Value value = quantize_weights(graph_.value(id), axis,
                                   {.least_scales = least, .workshop = &options_.workshop});
    for (ValueId candidate : weights_[id]) {
      if (graph_.value(candidate).type == value.type) return candidate;
    }
    weights_[id].push_back(graph_.add(std::move(value)));
    return weights_[id].back();
  }

  Status make_inputs() {
    for (ValueId& id : graph_.inputs) {
      ValueId old = id;
      is_float_[static_cast<size_t>(old)] = true;
      if (graph_.value(old).type.dtype != DType::f32 || options_.input_type == DType::f32) continue;
      ENSURE(plan_.quantized(old), "the input ", quoted(graph_.value(old).name), " cannot be ",
             options_.input_type, " because the operator that reads it stays float32");
      id = edge_input(old);
      is_float_[static_cast<size_t>(old)] = false;
      for (Signature& signature : model_.signatures)
        rename(signature.inputs, signature.graph, old, id);
    }
    return {};
  }

  static void rename(std::vector<Signature::Entry>& entries, int graph, ValueId old, ValueId id) {
    for (Signature::Entry& entry : entries) {
      if (graph == 0 && entry.value == old) entry.value = id;
    }
  }

  TensorType edge_type(ValueId id, DType dtype) const {
    TensorType type = integer_type(id, plan_.scales[static_cast<size_t>(id)]);
    if (dtype == DType::u8) {
      type.dtype = DType::u8;
      type.quantization->zero_points[0] += 128;
    }
    return type;
  }

  ValueId edge_input(ValueId old) {
    std::string name = graph_.value(old).name;
    graph_.value(old).name += "_float32";
    ValueId edge = add_value(name, edge_type(old, options_.input_type));
    integers_[static_cast<size_t>(old)] = edge;
    if (options_.input_type == DType::u8) {
      integers_[static_cast<size_t>(old)] =
          convert(op::quantize, edge, edge_type(old, DType::i8), cat(name, "_int8"), {});
    }
    return edge;
  }

  Status make_outputs() {
    for (ValueId& id : graph_.outputs) {
      ValueId old = id;
      if (static_cast<size_t>(old) >= original_ || graph_.value(old).type.dtype != DType::f32)
        continue;
      ValueId stored = integers_[static_cast<size_t>(old)];
      if (options_.output_type == DType::f32) {
        if (stored == no_value || is_float_[static_cast<size_t>(old)]) continue;
        std::swap(graph_.value(old).name, graph_.value(stored).name);
        float_form(old, {});
        continue;
      }
      ENSURE(stored != no_value, "the output ", quoted(graph_.value(old).name), " cannot be ",
             options_.output_type, " because the operator that makes it stays float32");
      id = options_.output_type == DType::i8 ? stored : uint8_output(stored);
      for (Signature& signature : model_.signatures)
        rename(signature.outputs, signature.graph, old, id);
    }
    return {};
  }

  ValueId uint8_output(ValueId stored) {
    TensorType type = graph_.value(stored).type;
    type.dtype = DType::u8;
    type.quantization->zero_points[0] += 128;
    std::string name = graph_.value(stored).name;
    graph_.value(stored).name = cat(name, "_int8");
    return convert(op::quantize, stored, std::move(type), name, {});
  }

  Model& model_;
  Graph& graph_;
  ScalePlan plan_;
  StateSetters setters_;
  const std::map<ValueId, TapMeans>& means_;
  const Options& options_;
  std::vector<std::vector<NodeId>> consumers_;  ///< before the rewriting
  size_t original_ = 0;
  std::vector<ValueId> integers_;
  std::vector<bool> is_float_;
  std::map<Key, ValueId> converted_;
  std::map<ValueId, std::vector<ValueId>> weights_;
};

}  // namespace

Status to_int8(Model& model, const Calibration& calibration, const Options& options,
               Warnings& warnings) {
  Ranges ranges = calibration.ranges;
  substitute_for_int8(model.main(), options);
  soften_masks(model.main(), ranges, options);
  narrow_to_bounds(model.main(), ranges);
  narrow_to_saturation(model.main(), ranges);
  ScalePlan plan = plan_scales(model.main(), ranges, options);
  StateSetters setters = state_setters(model.main(), plan.quantized_nodes);
  std::vector<const Node*> left;
  int done = 0;
  for (size_t n = 0; n < plan.quantized_nodes.size(); ++n) {
    const Node& node = model.main().nodes[n];
    bool floats = std::any_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
      return id != no_value && model.main().value(id).type.dtype == DType::f32;
    });
    if (plan.quantized_nodes[n])
      ++done;
    else if (floats && !setters.drops(node))
      left.push_back(&node);
  }
  ENSURE(done > 0, "no operator of this model has an int8 form");
  for (std::string& warning : left_float(left, options)) warnings.push_back(std::move(warning));
  TRY(Rewriter(model, {std::move(plan), std::move(setters), calibration.means, options}).run());
  shrink_float_operators(model, options);
  return {};
}

}  // namespace wherry::quantize
