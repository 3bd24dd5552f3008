// Rounds the tensors of an LSTM cell, and follows its cell state to learn how large it becomes.
#include "quantize/lstm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "ops/arithmetic/sub.h"
#include "ops/quantization/cast.h"
#include "ops/recurrent/lstm_cell.h"
#include "ops/recurrent/unidirectional_sequence_lstm.h"
#include "ops/shape/strided_slice.h"
#include "ops/shape/tile.h"
#include "ops/shape/zeros_like.h"
#include "passes/linear.h"
#include "quantize/constants.h"

namespace wherry::quantize {
namespace {

using passes::floats_of;
using recurrent::cell_gate;
using recurrent::forget_gate;
using recurrent::input_gate;
using recurrent::output_gate;

const recurrent::LstmInputs places;
constexpr int gate_count = 4;

ValueId input_of(const Node& node, int i) {
  auto index = static_cast<size_t>(i);
  return index < node.inputs.size() ? node.inputs[index] : no_value;
}

bool is_float_constant(const Graph& graph, ValueId id) {
  if (id == no_value) return false;
  const Value& value = graph.value(id);
  return value.constant && !value.sparsity && value.type.dtype == DType::f32;
}

bool has_float_parameters(const Graph& graph, const Node& node) {
  for (int gate = 0; gate < gate_count; ++gate) {
    for (int first : {places.data_weights, places.recurrent_weights, places.biases}) {
      ValueId id = input_of(node, first + gate);
      const bool is_bias = first == places.biases;
      if (!is_float_constant(graph, id) || graph.value(id).type.shape.rank() != (is_bias ? 1 : 2))
        return false;
    }
  }
  return true;
}

bool is_plain(const Node& node) {
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    const int input = static_cast<int>(i);
    const bool extra = (input >= places.peepholes && input < places.biases) ||
                       (input >= places.projection && input < places.output_state) ||
                       input >= places.norms;
    if (extra && node.inputs[i] != no_value) return false;
  }
  const auto& options = node.attributes.as<op::UnidirectionalSequenceLstm>();
  return options.fused_activation_function == Activation::tanh &&
         !options.diagonal_recurrent_tensors;
}

/// The node that sets a state, or null.
const Node* setter_of(const Graph& graph, ValueId state) {
  for (const Node& node : graph.nodes) {
    if (std::find(node.outputs.begin(), node.outputs.end(), state) != node.outputs.end())
      return &node;
  }
  return nullptr;
}

/// The part of the data that zeros are like, or null.
const Node* column_of(const Graph& graph, ValueId zeros) {
  const Node* like = setter_of(graph, zeros);
  if (!like || like->op != &op::zeros_like) return nullptr;
  const Node* column = setter_of(graph, like->inputs[0]);
  return column && column->op == &op::strided_slice ? column : nullptr;
}

bool has_elements(const Graph& graph, ValueId id, std::array<int32_t, 3> wanted) {
  const Value& value = graph.value(id);
  std::span<const std::byte> bytes = value.constant.bytes();
  return value.type.dtype == DType::i32 && bytes.size() == sizeof wanted &&
         std::memcmp(bytes.data(), wanted.data(), sizeof wanted) == 0;
}

/// True for the first step's first feature, of as many sequences as the node reads.
bool takes_first_column(const Graph& graph, const Node& slice, const Node& node) {
  const bool time_major = node.attributes.as<op::UnidirectionalSequenceLstm>().time_major;
  const int batch = time_major ? 1 : 0;
  const auto& options = slice.attributes.as<op::StridedSlice>();
  const Shape& source = graph.value(slice.inputs[0]).type.shape;
  const Shape& data = graph.value(node.inputs[static_cast<size_t>(places.data)]).type.shape;
  return source.rank() == 3 && source[batch] == data[batch] && options.begin_mask == 1 << batch &&
         options.end_mask == 1 << batch && options.shrink_axis_mask == 2 >> batch &&
         has_elements(graph, slice.inputs[1], {0, 0, 0}) &&
         has_elements(graph, slice.inputs[2], {batch, 1 - batch, 1});
}

/// Zeros that follow from constants, or from data of the batch that the node reads.
bool is_zero(const Graph& graph, const Node& node, ValueId id) {
  if (const Node* column = column_of(graph, id)) return takes_first_column(graph, *column, node);
  if (!is_float_constant(graph, id)) return false;
  std::vector<float> elements = floats_of(graph.value(id));
  return std::all_of(elements.begin(), elements.end(), [](float x) { return x == 0; });
}

bool is_own_state(const Graph& graph, const Node& node, ValueId state) {
  if (state == no_value) return false;
  const TensorType& type = graph.value(state).type;
  if (!graph.value(state).is_variable || type.dtype != DType::f32 || !type.fixed()) return false;
  for (const Node& other : graph.nodes) {
    const auto& inputs = other.inputs;
    if (&other != &node && std::find(inputs.begin(), inputs.end(), state) != inputs.end())
      return false;
  }
  const Node* setter = setter_of(graph, state);
  return !setter || (setter->op == &op::tile && is_zero(graph, node, setter->inputs[0]) &&
                     graph.value(setter->inputs[1]).constant);
}

float logistic(float x) { return 1 / (1 + std::exp(-x)); }

/// One float cell; the states start at zero.
class Cell {
 public:
  Cell(const Graph& graph, const Node& node) {
    for (int gate = 0; gate < gate_count; ++gate) {
      data_[gate] = floats_of(graph.value(input_of(node, places.data_weights + gate)));
      recurrent_[gate] = floats_of(graph.value(input_of(node, places.recurrent_weights + gate)));
      bias_[gate] = floats_of(graph.value(input_of(node, places.biases + gate)));
    }
    clip_ = node.attributes.as<op::UnidirectionalSequenceLstm>().cell_clip;
    reset();
  }

  void reset() {
    state_.assign(bias_[0].size(), 0.0f);
    output_ = state_;
  }

  const std::vector<float>& step(std::span<const float> x) {
    const std::vector<float> before = output_;
    for (size_t c = 0; c < state_.size(); ++c) {
      const float kept = logistic(gate(forget_gate, c, x, before)) * state_[c];
      const float added =
          logistic(gate(input_gate, c, x, before)) * std::tanh(gate(cell_gate, c, x, before));
      state_[c] = kept + added;
      if (clip_ > 0) state_[c] = std::clamp(state_[c], -clip_, clip_);
      output_[c] = logistic(gate(output_gate, c, x, before)) * std::tanh(state_[c]);
    }
    return state_;
  }

 private:
  float gate(int which, size_t cell, std::span<const float> x,
             const std::vector<float>& before) const {
    float sum = bias_[which][cell];
    for (size_t i = 0; i < x.size(); ++i) sum += data_[which][cell * x.size() + i] * x[i];
    for (size_t i = 0; i < before.size(); ++i)
      sum += recurrent_[which][cell * before.size() + i] * before[i];
    return sum;
  }

  std::vector<float> data_[gate_count], recurrent_[gate_count], bias_[gate_count];
  std::vector<float> state_, output_;
  float clip_ = 0;
};

Quantization power_of_two(int exponent) { return Quantization(std::ldexp(1.0f, exponent), 0); }

class StateMaker {
 public:
  StateMaker(Graph& graph, const StateSetters& setters, ValueId data)
      : graph_(graph), setters_(setters), data_(data) {}

  /// A state of this type in place of `old`, set by nodes if that one is.
  ValueId make(ValueId old, TensorType type) {
    type.shape = graph_.value(old).type.shape;
    std::string name = graph_.value(old).name;
    graph_.value(old).name += "_float32";
    ValueId state = graph_.add({.name = name, .type = type, .is_variable = true});
    auto setter = setters_.by_state.find(old);
    if (setter == setters_.by_state.end()) return state;
    Node tile = setter->second.tile;
    type.shape = graph_.value(tile.inputs[0]).type.shape;
    tile.inputs[0] = setter->second.column ? zeros_like(*setter->second.column, type)
                                           : zeros(graph_.value(tile.inputs[0]), type);
    tile.outputs[0] = state;
    nodes_.push_back(std::move(tile));
    return state;
  }
  std::vector<Node> take_nodes() { return std::move(nodes_); }

 private:
  ValueId zeros(Value value, const TensorType& type) {
    const auto count = static_cast<size_t>(type.shape.elements());
    const auto zero = static_cast<int8_t>(type.zero_point());
    value.constant = type.dtype == DType::i16 ? Constant::of(std::vector<int16_t>(count, 0))
                                              : Constant::of(std::vector<int8_t>(count, zero));
    value.type = type;
    return graph_.add(std::move(value));
  }

  /// Of the data, so that they are made in each run: its first column less itself.
  ValueId zeros_like(const Node& slice, const TensorType& type) {
    if (column_ == no_value) {
      TensorType part = graph_.value(data_).type;
      part.shape = type.shape, part.signature = {};
      column_ = add(slice, {data_, slice.inputs[1], slice.inputs[2], slice.inputs[3]}, part);
    }
    Node minus{.op = &op::sub,
               .attributes = Attributes::defaults(op::sub_attributes),
               .origin = slice.origin};
    if (type.dtype == DType::i8) return add(minus, {column_, column_}, type);
    TensorType narrow = type;
    narrow.dtype = DType::i8;
    Node cast{
        .op = &op::cast,
        .attributes = Attributes::of(
            op::cast_attributes, op::Cast{.in_data_type = DType::i8, .out_data_type = DType::i16}),
        .origin = slice.origin};
    return add(cast, {add(minus, {column_, column_}, narrow)}, type);
  }

  ValueId add(Node node, std::vector<ValueId> inputs, const TensorType& type) {
    node.inputs = std::move(inputs);
    node.outputs = {graph_.add({.name = "zeros", .type = type})};
    nodes_.push_back(node);
    return node.outputs[0];
  }

  Graph& graph_;
  const StateSetters& setters_;
  ValueId data_;
  ValueId column_ = no_value;
  std::vector<Node> nodes_;
};

/// The kernel asks for the scales of the gates, which are fixed, and of its output.
void add_intermediates(Graph& graph, Node& node, const Quantization& output) {
  for (int i = 0; i <= gate_count; ++i) {
    TensorType type{i < gate_count ? DType::i16 : DType::i8,
                    {},
                    {},
                    i < gate_count ? power_of_two(-12) : output};
    node.intermediates.push_back(
        graph.add({.name = i < gate_count ? "gate" : "hidden", .type = std::move(type)}));
  }
}

}  // namespace

bool has_int8_lstm_form(const Graph& graph, const Node& node) {
  if (node.op != &op::unidirectional_sequence_lstm || !node.intermediates.empty()) return false;
  const ValueId data = input_of(node, places.data);
  return data != no_value && !graph.value(data).constant &&
         graph.value(data).type.dtype == DType::f32 && has_float_parameters(graph, node) &&
         is_plain(node) && is_own_state(graph, node, output_state_of(node)) &&
         is_own_state(graph, node, cell_state_of(node));
}

ValueId output_state_of(const Node& node) { return input_of(node, places.output_state); }
ValueId cell_state_of(const Node& node) { return input_of(node, places.cell_state); }

std::vector<float> cell_states(const Graph& graph, const Node& node, const TensorView& data) {
  const bool time_major = node.attributes.as<op::UnidirectionalSequenceLstm>().time_major;
  const Shape& shape = data.shape();
  const int64_t batch = shape[time_major ? 1 : 0], steps = shape[time_major ? 0 : 1];
  const auto depth = static_cast<size_t>(shape[2]);
  Cell cell(graph, node);
  std::vector<float> states;
  for (int64_t b = 0; b < batch; ++b, cell.reset()) {
    for (int64_t t = 0; t < steps; ++t) {
      const int64_t row = time_major ? t * batch + b : b * steps + t;
      const auto x = data.span<const float>().subspan(static_cast<size_t>(row) * depth, depth);
      const std::vector<float>& now = cell.step(x);
      states.insert(states.end(), now.begin(), now.end());
    }
  }
  return states;
}

std::optional<int> cell_exponent(Range range) {
  constexpr int least = -15, largest = -9;  // 0 to 6 integer bits
  const float outermost = std::max(-range.min, range.max);
  int exponent = least;
  while (exponent <= largest && std::ldexp(32767.0f, exponent) < outermost) ++exponent;
  if (exponent > largest) return std::nullopt;
  return exponent;
}

std::vector<Node> int8_lstm(Graph& graph, const Node& node, const Int8Lstm& form,
                            const StateSetters& setters) {
  StateMaker states(graph, setters, form.data);
  Node lstm = node;
  lstm.inputs[static_cast<size_t>(places.data)] = form.data;
  const float data_scale = graph.value(form.data).type.scale();
  const auto replace = [&](int input, Value value) {
    ValueId id = graph.add(std::move(value));
    lstm.inputs[static_cast<size_t>(input)] = id;
    return graph.value(id).type.scale();
  };
  for (int gate = 0; gate < gate_count; ++gate) {
    const Value bias = graph.value(input_of(node, places.biases + gate));
    const float scale =
        replace(places.data_weights + gate,
                quantize_weights(graph.value(input_of(node, places.data_weights + gate)), -1,
                                 {.least_scales = least_weight_scales(bias, data_scale, 1)}));
    replace(places.recurrent_weights + gate,
            quantize_weights(graph.value(input_of(node, places.recurrent_weights + gate)), -1));
    replace(places.biases + gate, quantize_bias(bias, {scale * data_scale}));
  }
  TensorType output{DType::i8, {}, {}, form.output};
  TensorType cell{DType::i16, {}, {}, power_of_two(form.cell_exponent)};
  lstm.inputs[static_cast<size_t>(places.output_state)] =
      states.make(output_state_of(node), output);
  lstm.inputs[static_cast<size_t>(places.cell_state)] = states.make(cell_state_of(node), cell);
  add_intermediates(graph, lstm, form.output);
  std::vector<Node> nodes = states.take_nodes();
  nodes.push_back(std::move(lstm));
  return nodes;
}

StateSetters state_setters(const Graph& graph, const std::vector<bool>& chosen) {
  StateSetters setters;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    if (!chosen[n] || node.op != &op::unidirectional_sequence_lstm) continue;
    for (ValueId state : {output_state_of(node), cell_state_of(node)}) {
      const Node* tile = setter_of(graph, state);
      if (!tile) continue;
      const Node* column = column_of(graph, tile->inputs[0]);
      setters.by_state[state] = {*tile, column ? std::optional(*column) : std::nullopt};
      setters.dropped.insert(state);
    }
  }
  // Backwards, what only dropped nodes read.
  std::vector<std::vector<NodeId>> readers = graph.consumers();
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    if (node->op != &op::zeros_like && node->op != &op::strided_slice) continue;
    const ValueId id = node->outputs[0];
    const auto& of_it = readers[static_cast<size_t>(id)];
    const bool is_output =
        std::find(graph.outputs.begin(), graph.outputs.end(), id) != graph.outputs.end();
    const bool unread = std::all_of(of_it.begin(), of_it.end(), [&](NodeId reader) {
      return setters.drops(graph.nodes[static_cast<size_t>(reader)]);
    });
    if (!of_it.empty() && unread && !is_output) setters.dropped.insert(id);
  }
  return setters;
}

}  // namespace wherry::quantize
