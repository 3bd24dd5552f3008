// Packs the weights of matrix products when planning, and spreads the products over threads.
#include "ops/gemm_fast.h"

#include "kernels/gemm/gemm_f32.h"
#include "kernels/gemm/gemm_i8.h"
#include "kernels/quantize/quantize.h"
#include "ops/gemm_schedule.h"
#include "ops/hybrid_fast.h"

namespace wherry {
namespace {

using kernels::GemmF32;
using kernels::GemmI8;

/// One product for each group of channels.
template <class Gemm>
using Packed = std::vector<Gemm>;
template <class Gemm>
using SharedGemms = std::shared_ptr<const Packed<Gemm>>;

/// Null when memory is short.
template <class Gemm, class Make>
SharedGemms<Gemm> pack(PlanContext& context, const GemmProblem& problem, std::string_view layout,
                       Make make) {
  const std::string name =
      cat(layout, ' ', text_of(problem.window), " bias ", context.input_id(problem.roles.bias),
          " activation ", static_cast<int>(problem.activation));
  return context.share<Packed<Gemm>>(context.input_id(problem.roles.weights), name,
                                     [&]() -> SharedGemms<Gemm> {
                                       auto gemms = std::make_shared<Packed<Gemm>>();
                                       gemms->reserve(problem.groups);
                                       for (size_t group = 0; group < problem.groups; ++group) {
                                         gemms->push_back(make(group));
                                         if (!gemms->back()) return nullptr;
                                       }
                                       return gemms;
                                     });
}

/// Also refuses what cannot be packed before running.
std::string unusable(PlanContext& context, const GemmProblem& problem) {
  const WeightedRoles& roles = problem.roles;
  if (!context.is_constant(roles.weights)) return "needs constant weights";
  if (context.has_input(roles.bias) && !context.is_constant(roles.bias))
    return "needs a constant bias";
  return refusal_of(context, problem);
}

void drop_weights(PlanContext& context, const GemmProblem& problem) {
  context.drop_input(problem.roles.weights);
  if (context.has_input(problem.roles.bias)) context.drop_input(problem.roles.bias);
}

struct Int8Values {
  const void* values = nullptr;
  bool is_signed = true;
  std::unique_ptr<Int8Weights> unpacked = {};  ///< of i4
};

Int8Values int8_weights(PlanContext& context, const GemmProblem& problem) {
  const TensorView view = context.constant_value(context.input_id(problem.roles.weights));
  if (!view.data) return {};
  if (bits_of(view.dtype()) == 8) return {view.data, view.dtype() == DType::i8};
  auto unpacked = std::make_unique<Int8Weights>(view);
  const void* values = unpacked->data();
  return {values, true, std::move(unpacked)};
}

/// One scale for each of `count` columns from `first` on.
std::vector<float> scales_for(const std::vector<float>& all, size_t first, size_t count) {
  std::vector<float> scales(count);
  for (size_t i = 0; i < count; ++i) scales[i] = all[all.size() > 1 ? first + i : 0];
  return scales;
}

}  // namespace

std::vector<float> product_scales(const TensorType& x, const TensorType& weights,
                                  const TensorType& y) {
  std::vector<float> scales;
  for (float scale : weights.quantization->scales) scales.push_back(x.scale() * scale / y.scale());
  return scales;
}

std::string refusal_of(PlanContext& context, const GemmProblem& problem) {
  if (problem.rows() == 0 || problem.out_stride() == 0 || problem.window.depth() == 0)
    return "has nothing to compute";
  if (context.output().dtype != context.dtype(problem.roles.data))
    return "needs an output of the input's type";
  return {};
}

std::string refusal_of_hybrid(PlanContext& context, const GemmProblem& problem) {
  const TensorType& w = context.input(problem.roles.weights);
  if (context.dtype(problem.roles.data) != DType::f32) return "needs f32 times i8 or i4";
  if (problem.window.depth() > GemmI8::max_depth) return "sums could leave 32 bits";
  if (!w.quantized() || w.quantization->blockwise) return "needs scales for channels";
  if (w.zero_point() != 0) return "needs weights with zero point 0";
  return {};
}

std::string text_of(const kernels::Window& w) {
  return cat(w.in_height, 'x', w.in_width, 'x', w.channels, '/', w.pixel_stride, " kernel ",
             w.kernel_height, 'x', w.kernel_width, " stride ", w.stride_height, 'x', w.stride_width,
             " dilation ", w.dilation_height, 'x', w.dilation_width, " pad ", w.pad_top, ',',
             w.pad_left, " to ", w.out_height, 'x', w.out_width);
}

PlanResult plan_gemm_f32(PlanContext& context, const GemmProblem& problem) {
  const WeightedRoles& roles = problem.roles;
  if (context.dtype(roles.data) != DType::f32 || context.dtype(roles.weights) != DType::f32)
    return declined("needs f32 times f32");
  if (std::string reason = unusable(context, problem); !reason.empty()) return Declined{reason};
  const FloatRange range = activation_range(problem.activation);
  const auto& variant = kernels::choose(kernels::gemm_f32_variants, context.cpu());
  auto gemms = pack<GemmF32>(context, problem, cat("gemm_f32_", variant.name), [&](size_t group) {
    const float* bias = context.constant<float>(roles.bias);
    return GemmF32(
        {.weights = context.constant<float>(roles.weights) + group * problem.group_stride,
         .columns = problem.columns,
         .column_stride = problem.column_stride,
         .depth_stride = problem.depth_stride,
         .bias = bias ? bias + group * problem.columns : nullptr},
        {.window = problem.window, .low = range.min, .high = range.max, .variant = variant});
  });
  if (!gemms) return declined("not enough memory for packed weights");
  const GemmF32& first = gemms->front();
  const Schedule schedule = schedule_of(context, problem, first, {16, first.scratch_bytes()});
  drop_weights(context, problem);
  return Step([gemms, schedule, problem](const StepRun& run) {
    for (size_t group = 0; group < gemms->size(); ++group)
      run_tasks((*gemms)[group], schedule, run,
                {.input = run.input<float>(problem.roles.data) + group * problem.window.channels,
                 .out = run.output<float>() + group * problem.columns,
                 .out_stride = problem.out_stride()});
  });
}

PlanResult plan_gemm_i8(PlanContext& context, const GemmProblem& problem) {
  const WeightedRoles& roles = problem.roles;
  const TensorType &x = context.input(roles.data), &w = context.input(roles.weights);
  const bool is_signed = x.dtype == DType::i8;
  if (is_signed ? w.dtype != DType::i8 && w.dtype != DType::i4
                : x.dtype != DType::u8 || w.dtype != DType::u8)
    return declined("needs i8 times i8 or i4, or u8 times u8");
  if (std::string reason = unusable(context, problem); !reason.empty()) return Declined{reason};
  if (problem.window.depth() > GemmI8::max_depth) return declined("sums could leave 32 bits");
  if (!w.quantized() || w.quantization->blockwise) return declined("needs scales for channels");
  const auto scaling = Requantization::of(x, w, context.output(), problem.activation, problem.rule);
  if (!scaling) return declined("cannot requantise");
  const auto& variant = kernels::choose(kernels::gemm_i8_variants, context.cpu());
  const float zero = static_cast<float>(scaling->zero_point());
  auto gemms = pack<GemmI8>(context, problem, cat("gemm_i8_", variant.name), [&](size_t group) {
    const Int8Values weights = int8_weights(context, problem);
    const auto* bias = context.constant<int32_t>(roles.bias);
    const size_t first = group * problem.columns;
    const auto scales = scales_for(product_scales(x, w, context.output()), first, problem.columns);
    return GemmI8(
        {.values = static_cast<const uint8_t*>(weights.values) + group * problem.group_stride,
         .is_signed = weights.is_signed,
         .zero_point = w.zero_point(),
         .columns = problem.columns,
         .column_stride = problem.column_stride,
         .depth_stride = problem.depth_stride,
         .bias = bias ? bias + first : nullptr,
         .scales = scales.data()},
        {.window = problem.window,
         .input_signed = is_signed,
         .input_zero_point = x.zero_point(),
         .output_zero_point = scaling->zero_point(),
         .low = static_cast<float>(scaling->range().min) - zero,
         .high = static_cast<float>(scaling->range().max) - zero,
         .variant = variant});
  });
  if (!gemms) return declined("not enough memory for packed weights");
  const GemmI8& first = gemms->front();
  const Schedule schedule = schedule_of(context, problem, first, {64, first.scratch_bytes()});
  drop_weights(context, problem);
  return Step([gemms, schedule, problem](const StepRun& run) {
    for (size_t group = 0; group < gemms->size(); ++group)
      run_tasks((*gemms)[group], schedule, run,
                {.input = run.input<uint8_t>(problem.roles.data) + group * problem.window.channels,
                 .out = run.output<uint8_t>() + group * problem.columns,
                 .out_stride = problem.out_stride()});
  });
}

PlanResult plan_gemm_hybrid(PlanContext& context, const GemmProblem& problem) {
  const WeightedRoles& roles = problem.roles;
  const TensorType& w = context.input(roles.weights);
  if (context.dtype(roles.data) != DType::f32 || (w.dtype != DType::i8 && w.dtype != DType::i4))
    return declined("needs f32 times i8 or i4");
  if (std::string reason = unusable(context, problem); !reason.empty()) return Declined{reason};
  if (std::string reason = refusal_of_hybrid(context, problem); !reason.empty())
    return Declined{reason};
  const FloatRange range = activation_range(problem.activation);
  const auto& variant = kernels::choose(kernels::gemm_i8_variants, context.cpu());
  const std::vector<float>& factors = w.quantization->scales;
  const std::string layout = cat("gemm_hybrid_", variant.name, ' ', problem.rows_per_scale);
  auto gemms = pack<GemmI8>(context, problem, layout, [&](size_t group) {
    const Int8Values weights = int8_weights(context, problem);
    const auto* bias = context.constant<float>(roles.bias);
    const size_t first = group * problem.columns;
    const auto scales = scales_for(factors, first, problem.columns);
    return GemmI8(
        {.values = static_cast<const uint8_t*>(weights.values) + group * problem.group_stride,
         .columns = problem.columns,
         .column_stride = problem.column_stride,
         .depth_stride = problem.depth_stride,
         .float_bias = bias ? bias + first : nullptr,
         .scales = scales.data()},
        {.window = problem.window,
         .to_floats = true,
         .low = range.min,
         .high = range.max,
         .rows_per_scale = problem.rows_per_scale,
         .variant = variant});
  });
  if (!gemms) return declined("not enough memory for packed weights");
  const GemmI8& first = gemms->front();
  const Schedule schedule = schedule_of(context, problem, first, {64, first.scratch_bytes()});
  const QuantizedRows rows(context, context.shape(roles.data).elements(),
                           problem.rows() / problem.rows_per_scale, problem.asymmetric);
  drop_weights(context, problem);
  return Step([gemms, schedule, problem, rows](const StepRun& run) {
    rows.quantize(run, run.input<float>(problem.roles.data));
    for (size_t group = 0; group < gemms->size(); ++group)
      run_tasks((*gemms)[group], schedule, run,
                {.input = rows.stored(run) + group * problem.window.channels,
                 .out = run.output<float>() + group * problem.columns,
                 .out_stride = problem.out_stride(),
                 .row_scales = rows.scales(run),
                 .row_zero_points = rows.zero_points(run)});
  });
}

}  // namespace wherry
