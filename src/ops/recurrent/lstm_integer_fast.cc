// The plain LSTM cell in integers: int8 data and weights, int16 gates and cell state; exactly what
// the reference computes.
#include "kernels/gates/gates.h"
#include "kernels/gemv/gemv.h"
#include "ops/recurrent/fixed_gates.h"
#include "ops/recurrent/lstm_fast.h"
#include "ops/recurrent/lstm_integer_scales.h"
#include "ops/work_split.h"

namespace wherry::recurrent {
namespace {

/// What the sums of a gate begin with: the bias, and what takes the zero points of the vectors off.
struct GateStarts {
  std::vector<int32_t> data, state;
};

/// Memory of one thread, in this order; each part on a 64-byte boundary.
struct Scratch {
  int32_t *from_data, *from_state;
  int16_t* gates[4];
  int16_t* hidden;
};

class IntegerLstm {
 public:
  IntegerLstm(PlanContext& context, const LstmPlan& plan, const IntegerLstmScales& scales)
      : plan_(plan),
        scales_(scales),
        gemv_(kernels::choose(kernels::gemv_variants, context.cpu()).kernel),
        gates_(kernels::choose(kernels::gates_variants, context.cpu()).kernel) {
    line_ = (plan.cells * sizeof(int32_t) + 63) / 64 * 64;
    stride_ = 7 * line_;
    scratch_ = context.add_scratch(stride_ * context.threads());
    for (int gate = 0; gate < 4; ++gate) {
      const auto* bias = context.constant<int32_t>(plan.bias(gate));
      const auto of_data = row_sums(context, plan.data_weights(gate));
      const auto of_state = row_sums(context, plan.recurrent_weights(gate));
      for (size_t c = 0; c < plan.cells; ++c) {
        starts_[gate].data.push_back(bias[c] - scales.data_zero * (*of_data)[c]);
        starts_[gate].state.push_back(-scales.output_zero * (*of_state)[c]);
      }
    }
  }

  void operator()(const StepRun& run) const {
    const auto batch = static_cast<size_t>(plan_.layout.batch);
    split_work(run.pool(), plan_.tasks, batch, 1, [&](size_t begin, size_t end, size_t thread) {
      for (size_t b = begin; b < end; ++b) run_sequence(run, b, scratch_of(run, thread));
    });
  }

 private:
  Scratch scratch_of(const StepRun& run, size_t thread) const {
    auto* next = run.scratch<std::byte>(scratch_) + thread * stride_;
    const auto take = [&] { return std::exchange(next, next + line_); };
    Scratch scratch;
    scratch.from_data = reinterpret_cast<int32_t*>(take());
    scratch.from_state = reinterpret_cast<int32_t*>(take());
    for (int16_t*& gate : scratch.gates) gate = reinterpret_cast<int16_t*>(take());
    scratch.hidden = reinterpret_cast<int16_t*>(take());
    return scratch;
  }

  void run_sequence(const StepRun& run, size_t b, const Scratch& scratch) const {
    auto* state = run.state<int8_t>(plan_.inputs.output_state) + b * plan_.cells;
    auto* cell = run.state<int16_t>(plan_.inputs.cell_state) + b * plan_.cells;
    for (int64_t t = 0; t < plan_.layout.time; ++t) {
      const auto at = static_cast<size_t>(plan_.layout.vector(static_cast<int64_t>(b), t));
      const auto* data = run.input<int8_t>(plan_.inputs.data) + at * plan_.depth;
      for (int gate = 0; gate < 4; ++gate) compute_gate(run, gate, data, state, scratch);
      update_cell(scratch, cell);
      update_state(scratch, cell, state);
      std::copy_n(state, plan_.cells, run.output<int8_t>() + at * plan_.cells);
    }
  }

  void compute_gate(const StepRun& run, int gate, const int8_t* data, const int8_t* state,
                    const Scratch& scratch) const {
    gemv_->i8({run.input<int8_t>(plan_.data_weights(gate)), plan_.cells, plan_.depth, data,
               starts_[gate].data.data(), scratch.from_data});
    gemv_->i8({run.input<int8_t>(plan_.recurrent_weights(gate)), plan_.cells, plan_.cells, state,
               starts_[gate].state.data(), scratch.from_state});
    const GateScales& scales = scales_.gates[gate];
    int16_t* y = scratch.gates[gate];
    for (size_t c = 0; c < plan_.cells; ++c) {
      const int32_t from_data = saturated16(multiply(scratch.from_data[c], scales.data));
      const int64_t sum = int64_t{from_data} + multiply(scratch.from_state[c], scales.recurrent);
      y[c] = static_cast<int16_t>(std::clamp<int64_t>(sum, INT16_MIN, INT16_MAX));
    }
    (gate == cell_gate ? gates_->tanh : gates_->logistic)({y, y, plan_.cells, 3});
  }

  void update_cell(const Scratch& scratch, int16_t* cell) const {
    const int product_shift = 30 + scales_.cell_exponent;
    const int32_t clip = scales_.cell_clip;
    for (size_t c = 0; c < plan_.cells; ++c) {
      const auto kept = static_cast<int16_t>(
          rounding_divide_by_power(scratch.gates[forget_gate][c] * cell[c], 15));
      const auto added = static_cast<int16_t>(rounding_divide_by_power(
          scratch.gates[input_gate][c] * scratch.gates[cell_gate][c], product_shift));
      const int32_t sum = saturated16(kept + added);
      cell[c] = static_cast<int16_t>(clip > 0 ? std::clamp(sum, -clip, clip) : sum);
    }
  }

  void update_state(const Scratch& scratch, const int16_t* cell, int8_t* state) const {
    gates_->tanh({cell, scratch.hidden, plan_.cells, 15 + scales_.cell_exponent});
    for (size_t c = 0; c < plan_.cells; ++c) {
      const int32_t product = scratch.gates[output_gate][c] * scratch.hidden[c];
      const int64_t value = int64_t{multiply(product, scales_.hidden)} + scales_.hidden_zero;
      state[c] = static_cast<int8_t>(std::clamp<int64_t>(value, -128, 127));
    }
  }

  LstmPlan plan_;
  IntegerLstmScales scales_;
  const kernels::GemvKernel* gemv_;
  const kernels::GatesKernel* gates_;
  GateStarts starts_[4];
  size_t line_ = 0, stride_ = 0;  ///< bytes of a line of cells, and of a thread's memory
  int scratch_ = 0;
};

/// The node beside the types that its scales are made of, as IntegerLstmScales wants them.
Expected<IntegerLstmScales> scales_of(const PlanContext& context, const LstmPlan& plan) {
  Graph graph;
  Node node = context.node();
  std::vector<const TensorType*> types;
  for (int i = 0; i < context.input_count(); ++i)
    types.push_back(context.has_input(i) ? &context.input(i) : nullptr);
  for (ValueId& id : node.intermediates)
    if (id != no_value) id = graph.add({.name = "intermediate", .type = context.type(id)});
  node.outputs[0] = graph.add({.name = "y", .type = context.output()});
  return IntegerLstmScales::of(graph, node, types, plan.inputs, plan.rules);
}

}  // namespace

PlanResult plan_integer_lstm(PlanContext& context, const LstmPlan& plan) {
  if (context.dtype(0) != DType::i8) return declined("needs i8, got ", context.dtype(0));
  for (int i = plan.inputs.data_weights; i < plan.inputs.peepholes; ++i)
    if (context.dtype(i) != DType::i8) return declined("needs i8 weights");
  const auto scales = scales_of(context, plan);
  if (!scales) return Declined{scales.error().message};
  const int exponent = scales->cell_exponent;
  if (exponent < -15 || exponent > -9) return declined("has a cell state of an unusual scale");
  return Step(IntegerLstm(context, plan, *scales));
}

}  // namespace wherry::recurrent
