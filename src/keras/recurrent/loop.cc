// The loop form: a WHILE operator with a graph for the condition and one for a step.
#include "keras/recurrent/sequence.h"
#include "ops/control_flow/while_loop.h"
#include "ops/indexing/gather.h"

namespace wherry::keras {
namespace {

/// What goes from step to step, in the order of the operator's inputs.
class LoopState {
 public:
  /// Adds a value and returns its place.
  size_t add(ValueId value, std::string_view name) {
    values_.push_back(value);
    names_.push_back(cat(name, "_", names_.size()));
    return values_.size() - 1;
  }
  const Values& values() const { return values_; }
  /// The inputs of a graph that gets this state.
  Values as_inputs(GraphState& graph, const Emitter& outside) const {
    Values inputs;
    for (size_t i = 0; i < values_.size(); ++i)
      inputs.push_back(
          graph.builder.input(names_[i], outside.dtype(values_[i]), outside.shape(values_[i])));
    return inputs;
  }

 private:
  Values values_;
  std::vector<std::string> names_;
};

class Loop {
 public:
  Loop(LayerImport& layer, Cell& cell, const Sequence& sequence)
      : layer_(layer), cell_(cell), sequence_(sequence) {}

  Expected<SequenceResult> run() {
    Values parts = TRY(cell_.project(sequence_.x));
    known_steps_ = layer_.shape(parts[0])[1];
    TRY(enter(parts));
    int32_t condition = TRY(add_condition());
    int32_t body = TRY(add_body());
    op::WhileLoop options{.cond_subgraph_index = condition, .body_subgraph_index = body};
    Values after =
        TRY(layer_.emit({.op = op::while_loop,
                         .attributes = Attributes::of(op::while_loop_attributes, options),
                         .inputs = state_.values(),
                         .outputs = declared(),
                         .outputs_like = state_.values()}));
    SequenceResult result{.last = after[output_]};
    for (size_t place : states_) result.states.push_back(after[place]);
    if (sequence_.wants_sequence) result.sequence = after[outputs_];
    return result;
  }

 private:
  Status enter(const Values& parts) {
    step_ = state_.add(TRY(layer_.number(0, DType::i32)), "step");
    if (known_steps_ < 0) {
      ValueId shape = TRY(layer_.shape_tensor({layer_.extent(parts[0], 1)}));
      steps_ = state_.add(TRY(layer_.reshape(shape, {})), "steps");
    }
    ValueId first = TRY(layer_.node(op::gather, op::Gather{.axis = 1},
                                    {parts[0], TRY(layer_.number(0, DType::i32))}));
    ValueId like = TRY(narrowed(layer_, first, cell_.width()));
    for (int k = 0; k < cell_.state_count(); ++k) {
      bool given = !sequence_.initial.empty();
      ValueId start = given ? sequence_.initial[static_cast<size_t>(k)]
                            : TRY(layer_.node("ZEROS_LIKE", {like}));
      states_.push_back(state_.add(start, "state"));
    }
    // Where masked steps come first, the output is zero and not the initial state.
    output_ = states_[0];
    if (sequence_.mask != no_value && !sequence_.initial.empty())
      output_ = state_.add(TRY(layer_.node("ZEROS_LIKE", {like})), "output");
    if (sequence_.wants_sequence)  // every element is written before anybody reads it
      outputs_ = state_.add(TRY(narrowed(layer_, parts.back(), cell_.width())), "outputs");
    for (ValueId part : parts) parts_.push_back(state_.add(part, "input"));
    if (sequence_.mask != no_value) {
      int rank = layer_.rank(parts[0]);
      mask_ = state_.add(TRY(mask_of_rank(layer_, sequence_.mask, rank)), "mask");
    }
    return {};
  }

  GraphState& add_graph(std::string_view name) {
    GraphState& graph = layer_.state().graphs.emplace_back();
    graph.graph.name = cat(layer_.origin().layer, "/", name);
    return graph;
  }
  int32_t last_graph() const { return static_cast<int32_t>(layer_.state().graphs.size()) - 1; }

  std::vector<TensorType> declared() const {
    std::vector<TensorType> types;
    for (ValueId value : state_.values())
      types.push_back({layer_.dtype(value), layer_.shape(value), {}, {}});
    return types;
  }

  Expected<ValueId> steps(Emitter& emitter, const Values& inputs) const {
    if (known_steps_ < 0) return inputs[steps_];
    return emitter.number(static_cast<double>(known_steps_), DType::i32);
  }

  Expected<int32_t> add_condition() {
    GraphState& graph = add_graph("condition");
    Values inputs = state_.as_inputs(graph, layer_);
    Emitter emitter(graph, layer_.origin());
    ValueId more = TRY(emitter.node("LESS", {inputs[step_], TRY(steps(emitter, inputs))}));
    graph.graph.outputs = {more};
    return last_graph();
  }

  Expected<int32_t> add_body() {
    GraphState& graph = add_graph("step");
    int32_t index = last_graph();
    LayerImport inside = layer_.in_graph(graph);
    std::unique_ptr<Cell> cell = TRY(cell_.in_graph(graph));
    Values inputs = state_.as_inputs(graph, layer_), results = inputs;
    ValueId one = TRY(inside.number(1, DType::i32));
    ValueId next_step = TRY(inside.add(inputs[step_], one));
    ValueId at = inputs[step_];
    if (sequence_.backwards) at = TRY(inside.subtract(TRY(steps(inside, inputs)), next_step));
    auto now = [&](size_t place) {
      return inside.node(op::gather, op::Gather{.axis = 1}, {inputs[place], at});
    };
    Values parts, states;
    for (size_t place : parts_) parts.push_back(TRY(now(place)));
    for (size_t place : states_) states.push_back(inputs[place]);
    Values next = TRY(cell->step(parts, states));
    results[step_] = next_step;
    ValueId mask = sequence_.mask == no_value ? no_value : TRY(now(mask_));
    TRY(leave(inside, mask, next, inputs, results));
    graph.graph.outputs = results;
    return index;
  }

  /// Puts new states and the output where the next step finds them.
  Status leave(LayerImport& inside, ValueId mask, const Values& next, const Values& inputs,
               Values& results) const {
    for (size_t k = 0; k < next.size(); ++k) {
      size_t place = states_[k];
      results[place] =
          mask == no_value ? next[k] : TRY(kept_where_masked(inside, mask, next[k], inputs[place]));
    }
    if (output_ != states_[0])
      results[output_] = TRY(kept_where_masked(inside, mask, next[0], inputs[output_]));
    if (!sequence_.wants_sequence) return {};
    ValueId zero = TRY(inside.number(0, DType::i32));
    Values start(static_cast<size_t>(inside.rank(inputs[outputs_])), zero);
    start[1] = inputs[step_];
    ValueId row = TRY(inside.expand(results[output_], 1));
    results[outputs_] = TRY(
        inside.node("DYNAMIC_UPDATE_SLICE", {inputs[outputs_], row, TRY(inside.stack(start, 0))}));
    return {};
  }

  LayerImport& layer_;
  Cell& cell_;
  const Sequence& sequence_;
  LoopState state_;
  int64_t known_steps_ = -1;
  size_t step_ = 0, steps_ = 0, output_ = 0, outputs_ = 0, mask_ = 0;  ///< places in the state
  std::vector<size_t> states_, parts_;
};

}  // namespace

Expected<SequenceResult> run_loop(LayerImport& layer, Cell& cell, const Sequence& sequence) {
  return Loop(layer, cell, sequence).run();
}

}  // namespace wherry::keras
