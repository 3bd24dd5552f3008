// Matrix products whose weights are packed while they are computed, by the task that needs them.
#include "base/halves.h"
#include "kernels/gemm/gemm_f32.h"
#include "kernels/gemm/gemm_i8.h"
#include "ops/gemm_schedule.h"
#include "ops/hybrid_fast.h"

namespace wherry {
namespace {

using kernels::GemmF32;
using kernels::GemmI8;

bool puts_last_axis_first(PlanContext& context, ValueId permutation) {
  if (!context.is_constant_value(permutation)) return false;
  const TensorView order = context.constant_value(permutation);
  if (!order.data) return false;
  for (int64_t i = 0, rank = order.elements(); i < rank; ++i) {
    if (integer_at(order, i) != (i + rank - 1) % rank) return false;
  }
  return true;
}

/// Of the plan there is nothing left to say but how the weights are read.
std::string not_now(PlanContext& context, const GemmProblem& problem) {
  if (context.is_constant(problem.roles.weights) && !context.runs_once())
    return "constant weights are packed once";
  return refusal_of(context, problem);
}

template <class Gemm>
Schedule schedule_of_unpacked(PlanContext& context, const GemmProblem& problem, const Gemm& gemm,
                              Price price) {
  Schedule schedule = schedule_of(context, problem, gemm, price);
  // Each task packs what it takes: panels are packed by one of them, not by all.
  if (schedule.panels >= schedule.tasks) schedule.by_panels = true, schedule.grain = 1;
  return schedule;
}

/// From now on the weights are read as they are stored: true for half floats. Changes the strides.
bool read_as_stored(PlanContext& context, GemmProblem& problem) {
  const bool by_rows = problem.depth_stride == 1 && problem.column_stride == problem.window.depth();
  const StoredWeights stored = stored_weights(context, problem.roles.weights);
  if (!by_rows || stored.constant == no_value) return false;
  if (!stored.halves) {
    if (problem.groups != 1) return false;
    problem.column_stride = 1, problem.depth_stride = problem.columns;
  }
  context.set_input(problem.roles.weights, stored.constant);
  return stored.halves;
}

std::shared_ptr<const GemmI8> unpacked_hybrid(const PlanContext& context,
                                              const GemmProblem& problem) {
  const FloatRange range = activation_range(problem.activation);
  return std::make_shared<const GemmI8>(
      kernels::GemmI8Weights{
          .values = nullptr, .columns = problem.columns, .column_stride = 1, .scales = nullptr},
      GemmI8::Options{.window = problem.window,
                      .to_floats = true,
                      .low = range.min,
                      .high = range.max,
                      .rows_per_scale = problem.rows_per_scale,
                      .variant = kernels::choose(kernels::gemm_i8_variants, context.cpu())});
}

}  // namespace

StoredWeights stored_weights(PlanContext& context, int weights) {
  const Node* maker = context.producer(context.input_id(weights));
  if (!maker || maker->inputs.empty() || !context.is_constant_value(maker->inputs[0])) return {};
  const ValueId source = maker->inputs[0];
  if (maker->op->name == "DEQUANTIZE" && context.type(source).dtype == DType::f16)
    return {source, true};
  if (maker->op->name == "TRANSPOSE" && puts_last_axis_first(context, maker->inputs[1]))
    return {source, false};
  return {};
}

PlanResult plan_gemm_f32_unpacked(PlanContext& context, const GemmProblem& whole) {
  GemmProblem problem = whole;
  const WeightedRoles& roles = problem.roles;
  if (context.dtype(roles.data) != DType::f32 || context.dtype(roles.weights) != DType::f32)
    return declined("needs f32 times f32");
  if (std::string reason = not_now(context, problem); !reason.empty()) return Declined{reason};
  const FloatRange range = activation_range(problem.activation);
  const auto gemm = std::make_shared<const GemmF32>(
      kernels::GemmF32Weights{.weights = nullptr, .columns = problem.columns, .column_stride = 1},
      GemmF32::Options{.window = problem.window,
                       .low = range.min,
                       .high = range.max,
                       .variant = kernels::choose(kernels::gemm_f32_variants, context.cpu())});
  const bool halves = read_as_stored(context, problem), has_bias = context.has_input(roles.bias);
  const Price price{16, gemm->unpacked_scratch_bytes(halves)};
  const Schedule schedule = schedule_of_unpacked(context, problem, *gemm, price);
  return Step([=](const StepRun& run) {
    for (size_t group = 0; group < problem.groups; ++group) {
      const size_t first = group * problem.columns, weight = group * problem.group_stride;
      const kernels::GemmF32Weights weights{
          .weights = halves ? nullptr : run.input<float>(problem.roles.weights) + weight,
          .columns = problem.columns,
          .column_stride = problem.column_stride,
          .depth_stride = problem.depth_stride,
          .bias = has_bias ? run.input<float>(problem.roles.bias) + first : nullptr,
          .halves = halves ? run.input<half>(problem.roles.weights) + weight : nullptr};
      run_parts(schedule, run,
                GemmF32::Part{
                    .input = run.input<float>(problem.roles.data) + group * problem.window.channels,
                    .out = run.output<float>() + first,
                    .out_stride = problem.out_stride()},
                [&](const GemmF32::Part& part) { gemm->run_unpacked(weights, part); });
    }
  });
}

PlanResult plan_gemm_hybrid_unpacked(PlanContext& context, const GemmProblem& problem) {
  const WeightedRoles& roles = problem.roles;
  if (context.dtype(roles.weights) != DType::i8) return declined("needs i8 weights");
  if (std::string reason = not_now(context, problem); !reason.empty()) return Declined{reason};
  if (std::string reason = refusal_of_hybrid(context, problem); !reason.empty())
    return Declined{reason};
  const auto gemm = unpacked_hybrid(context, problem);
  const bool has_bias = context.has_input(roles.bias);
  const Schedule schedule =
      schedule_of_unpacked(context, problem, *gemm, {64, gemm->unpacked_scratch_bytes()});
  const QuantizedRows rows(context, context.shape(roles.data).elements(),
                           problem.rows() / problem.rows_per_scale, problem.asymmetric);
  std::vector<float> scales = context.input(roles.weights).quantization->scales;
  scales.resize(problem.groups * problem.columns, scales[0]);
  return Step([=](const StepRun& run) {
    rows.quantize(run, run.input<float>(problem.roles.data));
    for (size_t group = 0; group < problem.groups; ++group) {
      const size_t first = group * problem.columns;
      const kernels::GemmI8Weights weights{
          .values = run.input<int8_t>(problem.roles.weights) + group * problem.group_stride,
          .columns = problem.columns,
          .column_stride = problem.column_stride,
          .depth_stride = problem.depth_stride,
          .float_bias = has_bias ? run.input<float>(problem.roles.bias) + first : nullptr,
          .scales = scales.data() + first};
      run_parts(schedule, run,
                GemmI8::Part{.input = rows.stored(run) + group * problem.window.channels,
                             .out = run.output<float>() + first,
                             .out_stride = problem.out_stride(),
                             .row_scales = rows.scales(run),
                             .row_zero_points = rows.zero_points(run)},
                [&](const GemmI8::Part& part) { gemm->run_unpacked(weights, part); });
    }
  });
}

}  // namespace wherry
