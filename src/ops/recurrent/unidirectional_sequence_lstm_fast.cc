// Finds out whether UNIDIRECTIONAL_SEQUENCE_LSTM is the plain cell that has fast steps.
#include "ops/recurrent/unidirectional_sequence_lstm.h"

#include "ops/recurrent/lstm_fast.h"
#include "ops/work_split.h"

namespace wherry::op {
namespace {

using namespace recurrent;

/// Integer weights and biases are looked at when planning; floats only while running.
bool is_at_hand(PlanContext& context, int i) {
  if (!context.is_constant(i)) return false;
  return context.dtype(i) == DType::f32 || context.constant_value(context.input_id(i)).data;
}

/// Error: what the cell has that the fast steps do not do.
Expected<LstmPlan> plain_cell(PlanContext& context) {
  const auto& options = context.attributes<UnidirectionalSequenceLstm>();
  LstmPlan plan;
  plan.rules = {options.fused_activation_function, options.cell_clip, options.proj_clip,
                options.asymmetric_quantize_inputs};
  ENSURE(plan.rules.activation == Activation::tanh, "needs the activation tanh");
  for (int i = plan.inputs.data_weights; i < plan.inputs.output_state; ++i) {
    const bool peephole = i >= plan.inputs.peepholes && i < plan.inputs.biases;
    const bool projection = i >= plan.inputs.projection;
    ENSURE(!(peephole || projection) || !context.has_input(i), "needs a cell without ",
           peephole ? "peepholes" : "projection");
    ENSURE(peephole || projection || is_at_hand(context, i), "needs four gates of constants");
  }
  for (int i = plan.inputs.norms; i < context.input_count(); ++i)
    ENSURE(!context.has_input(i), "needs a cell without normalisation");
  ENSURE(context.shape(plan.recurrent_weights(output_gate)).rank() == 2,
         "needs recurrent weights that are matrices");
  plan.layout = SequenceLayout::of(context.shape(0), options.time_major);
  plan.depth = static_cast<size_t>(plan.layout.depth);
  plan.cells = static_cast<size_t>(context.shape(plan.recurrent_weights(output_gate))[0]);
  ENSURE(context.output().shape.elements() > 0, "has nothing to compute");
  const auto vectors = static_cast<size_t>(plan.layout.batch * plan.layout.time);
  const size_t products = vectors * 4 * plan.cells * (plan.depth + plan.cells);
  plan.tasks =
      std::min(tasks_for(context.threads(), products / 16), static_cast<size_t>(plan.layout.batch));
  return plan;
}

template <PlanResult (*plan)(PlanContext&, const LstmPlan&)>
PlanResult plan_plain(PlanContext& context) {
  const auto cell = plain_cell(context);
  if (!cell) return Declined{cell.error().message};
  return plan(context, *cell);
}

constexpr Implementation implementations[] = {{"plain_float", plan_plain<plan_float_lstm>},
                                              {"plain_i8", plan_plain<plan_integer_lstm>}};

}  // namespace

FastOp unidirectional_sequence_lstm_implementations() {
  return {{&unidirectional_sequence_lstm}, implementations};
}

}  // namespace wherry::op
