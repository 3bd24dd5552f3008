// Dynamic range: int8 weights beside float activations.
#include <algorithm>

#include "ops/quantization/dequantize.h"
#include "ops/recurrent/unidirectional_sequence_lstm.h"
#include "ops/recurrent/unidirectional_sequence_rnn.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

/// Smaller weights stay float: spec/quantization.md.
constexpr int64_t least_elements = 1024;

/// Sets the boolean option `name` when the operator has it.
void set_option(Node& node, std::string_view name) {
  const AttributesType& type = *node.attributes.type();
  for (const Field& field : type.fields) {
    if (field.name != name) continue;
    std::shared_ptr<void> data = type.copy(node.attributes.data());
    field.in<bool>(data.get()) = true;
    node.attributes = Attributes(type, std::move(data));
    return;
  }
}

/// Operators whose weights are all int8 or all float: the numbers of those inputs.
struct JointWeights {
  const OpDef* op;
  FixedList<size_t, 9> inputs;
};
const JointWeights joint_weights[] = {
    {&op::unidirectional_sequence_lstm, {1, 2, 3, 4, 5, 6, 7, 8, 16}},
    {&op::unidirectional_sequence_rnn, {1, 2}},
};

const JointWeights* joint_weights_of(const Node& node) {
  for (const JointWeights& row : joint_weights) {
    if (row.op == node.op) return &row;
  }
  return nullptr;
}

/// The weights of a node that has to have all of them in one format.
std::vector<ValueId> weights_of(const Node& node, const JointWeights& joint) {
  std::vector<ValueId> weights;
  for (size_t input : joint.inputs) {
    bool there = input < node.inputs.size() && node.inputs[input] != no_value;
    if (there) weights.push_back(node.inputs[input]);
  }
  return weights;
}

class DynamicRange {
 public:
  enum class Weights : uint8_t { all, of_hybrid_operators };
  DynamicRange(Graph& graph, const Options& options, Weights which)
      : graph_(graph), options_(options), which_(which) {}

  /// The factors by which weights are to be multiplied on the way.
  int run(Equalisation factors = {}) {
    factors_ = std::move(factors);
    int count = 0;
    std::vector<std::vector<NodeId>> consumers = graph_.consumers();
    size_t values = graph_.values.size();
    for (Node& node : graph_.nodes) count += try_joint_weights(node, consumers);
    for (size_t id = 0; id < values; ++id)
      count += try_weights(static_cast<ValueId>(id), consumers[id]);
    graph_.nodes.insert(graph_.nodes.begin(), dequantizes_.begin(), dequantizes_.end());
    multiply_dense(graph_, factors_, options_.workshop);
    return count;
  }

 private:
  bool eligible(const Value& value) const {
    return value.constant && value.type.dtype == DType::f32 && !value.sparsity &&
           value.type.shape.elements() >= least_elements;
  }

  /// How all readers take the value as weights: the channel axis (-1 per tensor), or nothing.
  struct Use {
    int axis = -1;
    bool hybrid = false;
  };
  std::optional<Use> use_of(ValueId id, const std::vector<NodeId>& readers) const {
    std::optional<Use> joint;
    for (NodeId reader : readers) {
      const Node& node = graph_.nodes[static_cast<size_t>(reader)];
      const QuantizationFacts& facts = node.op->quantization;
      if (options_.keep_float && options_.keep_float(node)) return std::nullopt;
      bool is_weights = facts.weights >= 0 &&
                        static_cast<size_t>(facts.weights) < node.inputs.size() &&
                        node.inputs[static_cast<size_t>(facts.weights)] == id;
      if (!is_weights || std::count(node.inputs.begin(), node.inputs.end(), id) != 1)
        return std::nullopt;
      bool dense = node.op->name == "FULLY_CONNECTED";
      Use use{dense && !options_.per_channel_dense ? -1 : facts.channel_axis, facts.hybrid};
      if (joint && (joint->axis != use.axis || joint->hybrid != use.hybrid)) return std::nullopt;
      joint = use;
    }
    return joint;
  }

  /// True when the constant is a weight of such nodes only, and of all in the same company.
  bool is_joint(ValueId id, const std::vector<ValueId>& weights,
                const std::vector<NodeId>& readers) const {
    const Value& value = graph_.value(id);
    bool float_constant = value.constant && value.type.dtype == DType::f32 && !value.sparsity;
    return float_constant && std::all_of(readers.begin(), readers.end(), [&](NodeId reader) {
             const Node& node = graph_.nodes[static_cast<size_t>(reader)];
             const JointWeights* joint = joint_weights_of(node);
             return joint && weights_of(node, *joint) == weights;
           });
  }

  int try_joint_weights(Node& node, const std::vector<std::vector<NodeId>>& consumers) {
    const JointWeights* joint = joint_weights_of(node);
    if (!joint || (options_.keep_float && options_.keep_float(node))) return 0;
    std::vector<ValueId> weights = weights_of(node, *joint);
    int64_t elements = 0;
    for (ValueId id : weights) {
      if (!is_joint(id, weights, consumers[static_cast<size_t>(id)])) return 0;
      elements += graph_.value(id).type.shape.elements();
    }
    if (elements < least_elements) return 0;
    for (ValueId id : weights) {
      graph_.value(id) = quantize_weights(graph_.value(id), -1, {.workshop = &options_.workshop});
      for (NodeId reader : consumers[static_cast<size_t>(id)])
        set_option(graph_.nodes[static_cast<size_t>(reader)], "asymmetric_quantize_inputs");
    }
    return static_cast<int>(weights.size());
  }

  bool try_weights(ValueId id, const std::vector<NodeId>& readers) {
    if (!eligible(graph_.value(id)) || readers.empty()) return false;
    std::optional<Use> use = use_of(id, readers);
    if (!use) return false;
    bool may_dequantize = which_ == Weights::all && !has_growing_variable(graph_);
    if (!use->hybrid && !may_dequantize) return false;
    auto factors = factors_.find(id);
    Value quantized =
        quantize_weights(graph_.value(id), use->axis,
                         {.factors = factors == factors_.end() ? nullptr : &factors->second,
                          .workshop = &options_.workshop});
    factors_.erase(id);
    if (use->hybrid) {
      graph_.value(id) = std::move(quantized);
      for (NodeId reader : readers)
        set_option(graph_.nodes[static_cast<size_t>(reader)], "asymmetric_quantize_inputs");
      return true;
    }
    Value widened = graph_.value(id);
    widened.constant = {};
    widened.name += "_dequantized";
    graph_.value(id) = std::move(quantized);
    ValueId result = graph_.add(std::move(widened));
    for (NodeId reader : readers)
      std::replace(graph_.nodes[static_cast<size_t>(reader)].inputs.begin(),
                   graph_.nodes[static_cast<size_t>(reader)].inputs.end(), id, result);
    dequantizes_.push_back({.op = &op::dequantize,
                            .attributes = Attributes::defaults(*op::dequantize.attributes),
                            .inputs = {id},
                            .outputs = {result},
                            .origin = graph_.nodes[static_cast<size_t>(readers[0])].origin});
    return true;
  }

  Graph& graph_;
  const Options& options_;
  Weights which_;
  Equalisation factors_;  ///< of weights that are still float
  std::vector<Node> dequantizes_;
};

}  // namespace

Status to_dynamic_range(Model& model, const Options& options, Warnings& warnings) {
  int count = 0;
  for (Graph& graph : model.graphs) {
    bool is_main = &graph == &model.main();
    count += DynamicRange(graph, options, DynamicRange::Weights::all)
                 .run(is_main ? equalise_dense(graph, options) : Equalisation());
  }
  if (count == 0)
    warnings.push_back(
        cat("no weights of ", least_elements, " or more elements: nothing was quantised"));
  return {};
}

void shrink_float_operators(Model& model, const Options& options) {
  for (Graph& graph : model.graphs)
    DynamicRange(graph, options, DynamicRange::Weights::of_hybrid_operators).run();
}

}  // namespace wherry::quantize
