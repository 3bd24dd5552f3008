// States of stateful layers as resource variables.
#include "keras/recurrent/resident_state.h"

#include "ops/control_flow/call_once.h"
#include "ops/resource/variable.h"

namespace wherry::keras {
namespace {

Expected<ValueId> handle_of(Emitter& emitter, const std::string& name) {
  TensorType handle{DType::resource, {}, {}, {}};
  return emitter.node(op::var_handle, op::VarHandle{.container = {}, .shared_name = name}, {},
                      {handle});
}

Status assign_value(Emitter& emitter, ValueId handle, ValueId value) {
  TRY(emitter.emit({.op = op::assign_variable,
                    .attributes = Attributes::defaults(op::assign_variable_attributes),
                    .inputs = {handle, value},
                    .output_count = 0}));
  return {};
}

/// The shape of the projection of one step, narrowed to the cell's width.
Expected<Shape> state_shape(LayerImport& layer, Cell& cell, ValueId x) {
  GraphState scratch;
  LayerImport aside = layer.in_graph(scratch);
  std::unique_ptr<Cell> copy = TRY(cell.in_graph(scratch));
  ValueId input = scratch.builder.input("x", DType::f32, layer.shape(x));
  Values parts = TRY(copy->project(input));
  Shape shape;
  for (int i = 0; i < aside.rank(parts[0]); ++i) {
    if (i != 1) shape.push_back(aside.shape(parts[0])[i]);
  }
  shape[shape.rank() - 1] = cell.width();
  for (int64_t extent : shape)
    ENSURE(extent >= 0, "a stateful layer needs an input of fixed batch and size, but gets ",
           text_of(layer.shape(x)));
  return shape;
}

}  // namespace

Expected<ResidentState> ResidentState::make(LayerImport& layer, Cell& cell,
                                            const Sequence& sequence) {
  ResidentState state;
  state.shape_ = TRY(state_shape(layer, cell, sequence.x));
  int64_t elements = TRY(state.shape_.checked_elements());
  ENSURE(elements <= (int64_t{1} << 26), "the layer's state would have ", elements, " elements");
  std::vector<std::string> names;
  for (int k = 0; k < cell.state_count(); ++k) names.push_back(layer.name_for("state"));
  std::deque<GraphState>& graphs = layer.state().graphs;
  int32_t index = static_cast<int32_t>(graphs.size());
  GraphState& start = graphs.emplace_back();
  start.graph.name = cat(layer.origin().layer, "/start");
  Emitter emitter(start, layer.origin());
  std::vector<float> zeros(static_cast<size_t>(elements), 0.0f);
  ValueId zero = emitter.constant(zeros, state.shape_, "zeros");
  for (const std::string& name : names)
    TRY(assign_value(emitter, TRY(handle_of(emitter, name)), zero));
  TRY(layer.emit({.op = op::call_once,
                  .attributes = Attributes::of(op::call_once_attributes, op::CallOnce{index}),
                  .inputs = {},
                  .output_count = 0}));
  for (const std::string& name : names) state.handles_.push_back(TRY(handle_of(layer, name)));
  return state;
}

Expected<Values> ResidentState::read(LayerImport& layer) const {
  Values values;
  for (ValueId handle : handles_)
    values.push_back(
        TRY(layer.node("READ_VARIABLE", {handle}, {}, {{DType::f32, shape_, {}, {}}})));
  return values;
}

Status ResidentState::assign(LayerImport& layer, const Values& states) const {
  for (size_t k = 0; k < handles_.size(); ++k) TRY(assign_value(layer, handles_[k], states[k]));
  return {};
}

}  // namespace wherry::keras
