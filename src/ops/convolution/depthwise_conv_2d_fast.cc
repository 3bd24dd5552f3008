// DEPTHWISE_CONV_2D: one filter for each channel directly, several as one product for each channel.
#include "kernels/depthwise/depthwise_f32.h"
#include "kernels/depthwise/depthwise_i8.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/convolution/window_fast.h"
#include "ops/gemm_fast.h"
#include "ops/hybrid_fast.h"
#include "ops/work_split.h"

namespace wherry::op {
namespace {

using kernels::DepthwiseF32;
using kernels::DepthwiseI8;

DepthwiseGeometry geometry_of(const PlanContext& context) {
  return depthwise_geometry(context.attributes<DepthwiseConv2D>(), context.shape(0),
                            context.shape(1))
      .value();
}

Requantization::Rule rule_of(const PlanContext& context) {
  return {.product = context.dtype(0) == DType::u8 ? Requantization::ScaleProduct::in_float
                                                   : Requantization::ScaleProduct::in_double};
}

/// Several filters for each channel: a group of the product for each channel.
GemmProblem problem_of(const PlanContext& context) {
  const DepthwiseGeometry g = geometry_of(context);
  GemmProblem problem;
  problem.window = window_of(g.y, g.x, g.channels_in);
  problem.window.channels = 1;
  problem.images = static_cast<size_t>(g.batches);
  problem.groups = static_cast<size_t>(g.channels_in);
  problem.columns = static_cast<size_t>(g.multiplier);
  problem.group_stride = problem.columns;
  problem.depth_stride = problem.out_stride();
  problem.roles = depthwise_conv_2d_roles;
  problem.activation = context.attributes<DepthwiseConv2D>().fused_activation_function;
  problem.rule = rule_of(context);
  problem.rows_per_scale = problem.window.out_height * problem.window.out_width;
  problem.asymmetric = true;
  return problem;
}

template <PlanResult (*plan)(PlanContext&, const GemmProblem&)>
PlanResult plan_several(PlanContext& context) {
  if (geometry_of(context).multiplier == 1) return declined("needs several filters for a channel");
  return plan(context, problem_of(context));
}

/// Refuses what the direct kernels do not take.
std::string unusable(PlanContext& context, const DepthwiseGeometry& g) {
  if (g.multiplier != 1) return "needs one filter for each channel";
  if (!context.is_constant(1)) return "needs constant weights";
  if (context.has_input(2) && !context.is_constant(2)) return "needs a constant bias";
  if (context.output().shape.elements() == 0) return "has nothing to compute";
  return {};
}

/// How lines are spread over threads.
struct Schedule {
  size_t lines, tasks, scratch_stride;
  int scratch;

  Schedule(PlanContext& context, const kernels::Window& window, size_t images, size_t scratch_bytes,
           size_t products_in_instruction)
      : lines(images * window.out_height),
        tasks(tasks_for(context.threads(),
                        lines * window.out_width * window.depth() / products_in_instruction)),
        scratch_stride((scratch_bytes + 63) / 64 * 64),
        scratch(context.add_scratch(scratch_stride * context.threads())) {}

  /// `part` says everything but lines and scratch.
  template <class Depthwise>
  void run(const Depthwise& depthwise, const StepRun& run, typename Depthwise::Part whole) const {
    split_work(run.pool(), tasks, lines, 2, [&](size_t begin, size_t end, size_t thread) {
      typename Depthwise::Part part = whole;
      part.line_begin = begin;
      part.line_end = end;
      part.scratch = run.scratch<std::byte>(scratch) + thread * scratch_stride;
      depthwise.run(part);
    });
  }
};

/// The float kernel for this node; null when memory is short.
std::shared_ptr<const DepthwiseF32> make_f32(PlanContext& context, const kernels::Window& window) {
  const FloatRange range =
      activation_range(context.attributes<DepthwiseConv2D>().fused_activation_function);
  auto kernel = std::make_shared<const DepthwiseF32>(DepthwiseF32::Options{
      .window = window,
      .low = range.min,
      .high = range.max,
      .variant = &kernels::choose_depthwise_f32(window.channels, context.cpu())});
  return *kernel ? kernel : nullptr;
}

PlanResult plan_direct_f32(PlanContext& context) {
  if (context.dtype(0) != DType::f32 || context.dtype(1) != DType::f32)
    return declined("needs f32 times f32");
  const DepthwiseGeometry g = geometry_of(context);
  if (std::string reason = unusable(context, g); !reason.empty()) return Declined{reason};
  const kernels::Window window = window_of(g.y, g.x, g.channels_in);
  auto kernel = make_f32(context, window);
  if (!kernel) return declined("not enough memory");
  const Schedule schedule(context, window, static_cast<size_t>(g.batches), kernel->scratch_bytes(),
                          16);
  return Step([kernel, schedule, has_bias = context.has_input(2)](const StepRun& run) {
    schedule.run(*kernel, run,
                 {.input = run.input<float>(0),
                  .out = run.output<float>(),
                  .weights = run.input<float>(1),
                  .bias = has_bias ? run.input<float>(2) : nullptr});
  });
}

PlanResult plan_direct_i8(PlanContext& context) {
  const TensorType &x = context.input(0), &w = context.input(1);
  const bool is_signed = x.dtype == DType::i8;
  if ((!is_signed && x.dtype != DType::u8) || w.dtype != x.dtype)
    return declined("needs i8 times i8 or u8 times u8");
  const DepthwiseGeometry g = geometry_of(context);
  if (std::string reason = unusable(context, g); !reason.empty()) return Declined{reason};
  const kernels::Window window = window_of(g.y, g.x, g.channels_in);
  if (window.taps() > 4096) return declined("sums could leave 32 bits");
  const Activation activation = context.attributes<DepthwiseConv2D>().fused_activation_function;
  const auto scaling = Requantization::of(x, w, context.output(), activation, rule_of(context));
  if (!scaling) return declined("cannot requantise");
  const auto& variant = kernels::choose(kernels::depthwise_i8_variants, context.cpu());
  const float zero = static_cast<float>(scaling->zero_point());
  const std::string layout = cat("depthwise_i8_", variant.name, ' ', text_of(window), " bias ",
                                 context.input_id(2), " activation ", static_cast<int>(activation));
  auto kernel = context.share<DepthwiseI8>(context.input_id(1), layout, [&] {
    const std::vector<float> factors = product_scales(x, w, context.output());
    std::vector<float> scales(window.channels);
    for (size_t c = 0; c < scales.size(); ++c) scales[c] = factors[factors.size() > 1 ? c : 0];
    auto made = std::make_shared<const DepthwiseI8>(
        kernels::DepthwiseI8Weights{.values = context.constant<uint8_t>(1),
                                    .is_signed = is_signed,
                                    .zero_point = w.zero_point(),
                                    .bias = context.constant<int32_t>(2),
                                    .scales = scales.data()},
        DepthwiseI8::Options{.window = window,
                             .input_signed = is_signed,
                             .input_zero_point = x.zero_point(),
                             .output_zero_point = scaling->zero_point(),
                             .low = static_cast<float>(scaling->range().min) - zero,
                             .high = static_cast<float>(scaling->range().max) - zero,
                             .variant = variant});
    return *made ? made : nullptr;
  });
  if (!kernel) return declined("not enough memory for packed weights");
  const Schedule schedule(context, window, static_cast<size_t>(g.batches), kernel->scratch_bytes(),
                          32);
  context.drop_input(1);
  if (context.has_input(2)) context.drop_input(2);
  return Step([kernel, schedule](const StepRun& run) {
    schedule.run(*kernel, run, {.input = run.input<uint8_t>(0), .out = run.output<uint8_t>()});
  });
}

/// Weights as the floats they stand for.
std::shared_ptr<const std::vector<float>> dequantized_weights(PlanContext& context) {
  return context.share<std::vector<float>>(context.input_id(1), "depthwise_hybrid", [&] {
    const TensorView view = context.constant_value(context.input_id(1));
    const Int8Weights stored(view);
    const std::vector<float>& scales = context.input(1).quantization->scales;
    auto weights =
        std::make_shared<std::vector<float>>(static_cast<size_t>(context.shape(1).elements()));
    for (size_t i = 0; i < weights->size(); ++i)
      (*weights)[i] = static_cast<float>(stored.data()[i]) * scales[i % scales.size()];
    return std::shared_ptr<const std::vector<float>>(std::move(weights));
  });
}

/// Float data with integer weights: data are rounded to what int8 can hold, as the reference does
/// it, but stay floats; sums are then the same but for rounding.
PlanResult plan_direct_hybrid(PlanContext& context) {
  const TensorType& w = context.input(1);
  if (context.dtype(0) != DType::f32 || (w.dtype != DType::i8 && w.dtype != DType::i4))
    return declined("needs f32 times i8 or i4");
  const DepthwiseGeometry g = geometry_of(context);
  if (std::string reason = unusable(context, g); !reason.empty()) return Declined{reason};
  if (!w.quantized() || w.quantization->blockwise) return declined("needs scales for channels");
  const kernels::Window window = window_of(g.y, g.x, g.channels_in);
  auto kernel = make_f32(context, window);
  if (!kernel) return declined("not enough memory, or an activation that cannot be fused");
  auto weights = dequantized_weights(context);
  const QuantizedRows rows(context, context.shape(0).elements(), static_cast<size_t>(g.batches),
                           true);
  const int rounded =
      context.add_scratch(static_cast<size_t>(context.shape(0).elements()) * sizeof(float));
  const Schedule schedule(context, window, static_cast<size_t>(g.batches), kernel->scratch_bytes(),
                          16);
  context.drop_input(1);
  return Step([kernel, schedule, weights, rows, rounded,
               has_bias = context.has_input(2)](const StepRun& run) {
    rows.quantize(run, run.input<float>(0));
    rows.dequantize(run, run.scratch<float>(rounded));
    schedule.run(*kernel, run,
                 {.input = run.scratch<float>(rounded),
                  .out = run.output<float>(),
                  .weights = weights->data(),
                  .bias = has_bias ? run.input<float>(2) : nullptr});
  });
}

constexpr Implementation implementations[] = {
    {"direct_f32", plan_direct_f32},         {"direct_i8", plan_direct_i8},
    {"direct_hybrid", plan_direct_hybrid},   {"gemm_f32", plan_several<plan_gemm_f32>},
    {"gemm_i8", plan_several<plan_gemm_i8>}, {"gemm_hybrid", plan_several<plan_gemm_hybrid>}};

}  // namespace

FastOp depthwise_conv_2d_implementations() { return {{&depthwise_conv_2d}, implementations}; }

}  // namespace wherry::op
