// Infers every node under two trials of the unknown extents and keeps what both agree on.
#include "ops/graph_builder.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/evaluate.h"

namespace wherry {
namespace {

/// Shape arithmetic is short; larger results are never needed to know a shape.
constexpr int64_t max_known_elements = 4096;

/// Joint type of two trials: extents that differ are unknown.
TensorType merged(const TensorType& a, const TensorType& b) {
  TensorType type = a;
  type.signature = {};
  if (a.shape == b.shape) return type;
  type.signature = a.shape;
  for (int axis = 0; axis < a.shape.rank(); ++axis) {
    if (a.shape[axis] == b.shape[axis]) continue;
    type.signature[axis] = -1;
    type.shape[axis] = 1;
  }
  return type;
}

/// A declared type with its unknown extents replaced for one trial.
TensorType substituted(TensorType type, const UnknownExtents& unknown, int trial) {
  const Shape declared = type.declared_shape();
  type.shape = declared;
  type.signature = {};
  for (int axis = 0; axis < declared.rank(); ++axis) {
    if (declared[axis] >= 0) continue;
    type.shape[axis] = (axis == 0 ? unknown.batch : unknown.other)[static_cast<size_t>(trial)];
  }
  return type;
}

}  // namespace

ValueId GraphBuilder::input(std::string name, DType dtype, const Shape& shape) {
  TensorType type{dtype, shape, {}, {}};
  Trials trials;
  for (int t = 0; t < 2; ++t) trials.trial[t].type = substituted(type, unknown_, t);
  bool open = std::any_of(shape.begin(), shape.end(), [](int64_t extent) { return extent < 0; });
  if (open) type.signature = shape;
  for (int64_t& extent : type.shape) extent = extent < 0 ? 1 : extent;
  ValueId id = graph_.add({.name = std::move(name), .type = std::move(type)});
  graph_.inputs.push_back(id);
  trials_.resize(graph_.values.size());
  trials_.back() = std::move(trials);
  return id;
}

ValueId GraphBuilder::constant(std::string name, TensorType type, Constant data) {
  ValueId id =
      graph_.add({.name = std::move(name), .type = std::move(type), .constant = std::move(data)});
  note_constant(id);
  return id;
}

ValueId GraphBuilder::variable(std::string name, DType dtype, const Shape& shape) {
  ValueId id =
      graph_.add({.name = std::move(name), .type = {dtype, shape, {}, {}}, .is_variable = true});
  note_constant(id);
  return id;
}

void GraphBuilder::note_constant(ValueId id) {
  trials_.resize(graph_.values.size());
  for (Trial& trial : trials_[static_cast<size_t>(id)].trial) trial.type = graph_.value(id).type;
}

TensorView GraphBuilder::view_of(ValueId id, int trial) const {
  if (id == no_value) return {};
  const Trial& known = trials_[static_cast<size_t>(id)].trial[trial];
  const Value& value = graph_.value(id);
  if (value.constant && !value.constant.is_deferred()) {
    return {&known.type, const_cast<std::byte*>(value.constant.bytes().data()),
            value.constant.size()};
  }
  if (known.data) return known.data->view();
  return {&known.type, nullptr, 0};
}

std::optional<std::array<std::vector<int64_t>, 2>> GraphBuilder::known_integers(ValueId id) const {
  std::array<std::vector<int64_t>, 2> result;
  for (int t = 0; t < 2; ++t) {
    TensorView view = view_of(id, t);
    if (!view.data) return std::nullopt;
    for (int64_t i = 0; i < view.elements(); ++i)
      result[static_cast<size_t>(t)].push_back(integer_at(view, i));
  }
  return result;
}

TensorType GraphBuilder::type_left_open(const Emission& emission, size_t output, int trial) const {
  if (output < emission.outputs_like.size())
    return view_of(emission.outputs_like[output], trial).type[0];
  return substituted(emission.outputs[output], unknown_, trial);
}

Expected<std::vector<GraphBuilder::Trial>> GraphBuilder::infer_trial(const Node& node,
                                                                     const Emission& emission,
                                                                     int trial) const {
  std::vector<TensorView> inputs;
  bool all_known = node.op->effects == Effects::pure && !node.inputs.empty();
  for (ValueId id : node.inputs) {
    inputs.push_back(view_of(id, trial));
    all_known = all_known && (id == no_value || inputs.back().data);
  }
  // SHAPE and RANK look at types only.
  bool shape_only = node.op->reads_types_only;
  InferContext context(nullptr, &graph_, node, inputs, emission.outputs);
  TRY(node.op->infer(context));
  std::vector<Trial> result;
  bool small = true;
  for (int i = 0; i < context.output_count(); ++i) {
    ENSURE(context.state(i) != InferContext::State::unset, node.op->name, " has no output ", i);
    TensorType type = context.outputs()[static_cast<size_t>(i)];
    if (context.state(i) == InferContext::State::unknown)
      type = type_left_open(emission, static_cast<size_t>(i), trial);
    small = small && context.state(i) == InferContext::State::known &&
            type.shape.elements() <= max_known_elements;
    result.push_back({std::move(type), std::nullopt});
  }
  if (!small || !(all_known || shape_only) || !node.op->reference) return result;
  std::vector<Tensor> values = TRY(evaluate_node(graph_, node, inputs, context.outputs()));
  for (size_t i = 0; i < values.size(); ++i) result[i].data = std::move(values[i]);
  return result;
}

Status GraphBuilder::add_outputs(Node& node, std::vector<Trial> (&trials)[2],
                                 const Emission& emission) {
  for (size_t i = 0; i < trials[0].size(); ++i) {
    const TensorType &a = trials[0][i].type, &b = trials[1][i].type;
    ENSURE(a.shape.rank() == b.shape.rank(), node.op->name,
           " gives a tensor whose rank depends on unknown sizes");
    TensorType type = merged(a, b);
    if (i < emission.outputs.size()) type.quantization = emission.outputs[i].quantization;
    std::string name = i == 0 ? emission.name : cat(emission.name, ":", i);
    node.outputs[i] = graph_.add({.name = std::move(name), .type = std::move(type)});
    trials_.resize(graph_.values.size());
    for (int t = 0; t < 2; ++t) trials_.back().trial[t] = std::move(trials[t][i]);
  }
  return {};
}

Expected<std::vector<ValueId>> GraphBuilder::emit(Emission emission) {
  Node node{.op = &emission.op,
            .attributes = emission.attributes,
            .inputs = emission.inputs,
            .origin = origin_};
  trials_.resize(graph_.values.size());
  for (ValueId id : node.inputs) {
    bool foreign = id != no_value && graph_.value(id).constant &&
                   trials_[static_cast<size_t>(id)].trial[0].type.shape.rank() == 0;
    if (foreign) note_constant(id);
  }
  if (emission.outputs.empty()) emission.outputs.resize(static_cast<size_t>(emission.output_count));
  node.outputs.assign(emission.outputs.size(), no_value);
  std::vector<Trial> trials[2];
  for (int t = 0; t < 2; ++t) trials[t] = TRY(infer_trial(node, emission, t));
  TRY(add_outputs(node, trials, emission));
  graph_.nodes.push_back(std::move(node));
  return graph_.nodes.back().outputs;
}

Expected<ValueId> GraphBuilder::emit_one(Emission emission) {
  std::vector<ValueId> outputs = TRY(emit(std::move(emission)));
  return outputs[0];
}

}  // namespace wherry
