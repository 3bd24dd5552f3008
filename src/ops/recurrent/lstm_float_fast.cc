// The plain LSTM cell with float activations, with float or int8 weights.
#include "kernels/elementwise/binary_f32.h"
#include "kernels/elementwise/unary_f32.h"
#include "kernels/gemv/gemv.h"
#include "kernels/quantize/quantize.h"
#include "ops/hybrid_fast.h"
#include "ops/recurrent/lstm_fast.h"
#include "ops/work_split.h"

namespace wherry::recurrent {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// An int8 matrix that meets float vectors.
struct ByteMatrix {
  float scale = 0;
  std::shared_ptr<const std::vector<int32_t>> sums = {};  ///< of its rows
};

/// A float vector as int8, in scratch memory.
struct StoredVector {
  int8_t* bytes;
  RowScale scale = {};
};

/// Memory of one thread, in this order; each part on a 64-byte boundary.
struct Scratch {
  float* gates[4];
  float* hidden;
  int32_t* sums;
  StoredVector data, state;
};

class FloatLstm {
 public:
  FloatLstm(PlanContext& context, const LstmPlan& plan, bool bytes)
      : plan_(plan),
        bytes_(bytes),
        gemv_(kernels::choose(kernels::gemv_variants, context.cpu()).kernel),
        unary_(kernels::choose(kernels::unary_f32_variants, context.cpu()).kernel),
        binary_(kernels::choose(kernels::binary_f32_variants, context.cpu()).kernel),
        quantize_(kernels::choose(kernels::quantize_variants, context.cpu()).kernel) {
    line_ = (plan.cells * sizeof(float) + 63) / 64 * 64;
    stride_ = 7 * line_ + (plan.depth + 63) / 64 * 64;
    scratch_ = context.add_scratch(stride_ * context.threads());
    if (!bytes) return;
    for (int gate = 0; gate < 4; ++gate) {
      data_[gate] = byte_matrix(context, plan.data_weights(gate));
      state_[gate] = byte_matrix(context, plan.recurrent_weights(gate));
    }
  }

  void operator()(const StepRun& run) const {
    const auto batch = static_cast<size_t>(plan_.layout.batch);
    split_work(run.pool(), plan_.tasks, batch, 1, [&](size_t begin, size_t end, size_t thread) {
      for (size_t b = begin; b < end; ++b) run_sequence(run, b, scratch_of(run, thread));
    });
  }

 private:
  static ByteMatrix byte_matrix(PlanContext& context, int input) {
    return {context.input(input).scale(), row_sums(context, input)};
  }

  Scratch scratch_of(const StepRun& run, size_t thread) const {
    auto* next = run.scratch<std::byte>(scratch_) + thread * stride_;
    const auto take = [&](size_t bytes) {
      std::byte* taken = next;
      next += bytes;
      return taken;
    };
    Scratch scratch;
    for (float*& gate : scratch.gates) gate = reinterpret_cast<float*>(take(line_));
    scratch.hidden = reinterpret_cast<float*>(take(line_));
    scratch.sums = reinterpret_cast<int32_t*>(take(line_));
    scratch.state.bytes = reinterpret_cast<int8_t*>(take(line_));
    scratch.data.bytes = reinterpret_cast<int8_t*>(take(0));
    return scratch;
  }

  void run_sequence(const StepRun& run, size_t b, Scratch scratch) const {
    float* state = run.state<float>(plan_.inputs.output_state) + b * plan_.cells;
    float* cell = run.state<float>(plan_.inputs.cell_state) + b * plan_.cells;
    for (int64_t t = 0; t < plan_.layout.time; ++t) {
      const auto at = static_cast<size_t>(plan_.layout.vector(static_cast<int64_t>(b), t));
      const float* data = run.input<float>(plan_.inputs.data) + at * plan_.depth;
      if (bytes_) {
        store(data, plan_.depth, scratch.data);
        store(state, plan_.cells, scratch.state);
      }
      for (int gate = 0; gate < 4; ++gate) sum_gate(run, gate, data, state, scratch);
      update(scratch, state, cell);
      std::copy_n(state, plan_.cells, run.output<float>() + at * plan_.cells);
    }
  }

  void store(const float* x, size_t count, StoredVector& vector) const {
    const RowQuantization q = row_quantization(quantize_->range(x, count), plan_.rules.asymmetric);
    vector.scale = q.row;
    quantize_->to_bytes({.x = x,
                         .y = vector.bytes,
                         .count = count,
                         .scale = q.inverse,
                         .multiply = true,
                         .zero_point = q.row.zero_point,
                         .low = q.lowest,
                         .high = 127});
  }

  void sum_gate(const StepRun& run, int gate, const float* data, const float* state,
                Scratch& scratch) const {
    float* y = scratch.gates[gate];
    const auto* bias = run.input<float>(plan_.bias(gate));
    const int weights = plan_.data_weights(gate), recurrent = plan_.recurrent_weights(gate);
    if (bytes_) {
      std::copy_n(bias, plan_.cells, y);
      const auto* of_data = run.input<int8_t>(weights);
      add_product(of_data, data_[gate], plan_.depth, scratch.data, scratch.sums, y);
      const auto* of_state = run.input<int8_t>(recurrent);
      add_product(of_state, state_[gate], plan_.cells, scratch.state, scratch.sums, y);
      return;
    }
    gemv_->f32(
        {run.input<float>(weights), plan_.cells, plan_.depth, data, bias, y, -infinity, infinity});
    gemv_->f32(
        {run.input<float>(recurrent), plan_.cells, plan_.cells, state, y, y, -infinity, infinity});
  }

  void add_product(const int8_t* weights, const ByteMatrix& matrix, size_t columns,
                   const StoredVector& x, int32_t* sums, float* y) const {
    for (size_t c = 0; c < plan_.cells; ++c) sums[c] = -x.scale.zero_point * (*matrix.sums)[c];
    gemv_->i8({weights, plan_.cells, columns, x.bytes, sums, sums});
    const float scale = matrix.scale * x.scale.scale;
    for (size_t c = 0; c < plan_.cells; ++c) y[c] += static_cast<float>(sums[c]) * scale;
  }

  void apply(kernels::UnaryOp op, const float* x, float* y, float p = 0, float q = 0) const {
    unary_->run[static_cast<size_t>(op)]({x, y, plan_.cells, p, q});
  }
  void apply(kernels::BinaryOp op, const float* a, const float* b, float* y) const {
    binary_->run[static_cast<size_t>(op)](
        {.a = a, .b = b, .y = y, .columns = plan_.cells, .low = -infinity, .high = infinity});
  }

  void update(const Scratch& scratch, float* state, float* cell) const {
    using kernels::BinaryOp;
    using kernels::UnaryOp;
    float* const* gates = scratch.gates;
    for (int gate : {input_gate, forget_gate, output_gate})
      apply(UnaryOp::logistic, gates[gate], gates[gate]);
    apply(UnaryOp::tanh, gates[cell_gate], gates[cell_gate]);
    apply(BinaryOp::multiply, gates[input_gate], gates[cell_gate], gates[cell_gate]);
    apply(BinaryOp::multiply, gates[forget_gate], cell, cell);
    apply(BinaryOp::add, cell, gates[cell_gate], cell);
    const float clip = plan_.rules.cell_clip;
    if (clip > 0) apply(UnaryOp::clamp, cell, cell, -clip, clip);
    apply(UnaryOp::tanh, cell, scratch.hidden);
    apply(BinaryOp::multiply, gates[output_gate], scratch.hidden, state);
  }

  LstmPlan plan_;
  bool bytes_;
  const kernels::GemvKernel* gemv_;
  const kernels::UnaryF32Kernel* unary_;
  const kernels::BinaryF32Kernel* binary_;
  const kernels::QuantizeKernel* quantize_;
  ByteMatrix data_[4], state_[4];  ///< by gate
  size_t line_ = 0, stride_ = 0;   ///< bytes of a line of cells, and of a thread's memory
  int scratch_ = 0;
};

}  // namespace

std::shared_ptr<const std::vector<int32_t>> row_sums(PlanContext& context, int input) {
  return context.share<std::vector<int32_t>>(context.input_id(input), "row_sums", [&] {
    const Shape& shape = context.shape(input);
    const auto* weights = context.constant<int8_t>(input);
    auto sums = std::make_shared<std::vector<int32_t>>(static_cast<size_t>(shape[0]));
    for (int32_t& sum : *sums)
      for (int64_t c = 0; c < shape[1]; ++c) sum += *weights++;
    return std::shared_ptr<const std::vector<int32_t>>(std::move(sums));
  });
}

PlanResult plan_float_lstm(PlanContext& context, const LstmPlan& plan) {
  if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
  const DType weights = context.dtype(plan.data_weights(output_gate));
  for (int i = plan.inputs.data_weights; i < plan.inputs.peepholes; ++i)
    if (context.dtype(i) != weights) return declined("needs weights of one type");
  if (weights != DType::f32 && weights != DType::i8) return declined("needs f32 or i8 weights");
  for (int gate = 0; gate < 4; ++gate)
    if (context.dtype(plan.bias(gate)) != DType::f32) return declined("needs f32 biases");
  return Step(FloatLstm(context, plan, weights == DType::i8));
}

}  // namespace wherry::recurrent
