// QUANTIZE and DEQUANTIZE: floats by vectors, bytes to bytes by a table.
#include "kernels/quantize/quantize.h"

#include "ops/elementwise_fast.h"
#include "ops/quantization/dequantize.h"
#include "ops/quantization/quantize.h"
#include "ops/work_split.h"

namespace wherry::op {
namespace {

/// How elements are spread over threads, and the kernels that convert them.
struct Plan {
  size_t count, tasks;
  const kernels::QuantizeKernel* kernel;
};

Plan plan_of(PlanContext& context) {
  const auto count = static_cast<size_t>(context.output().shape.elements());
  return {count, tasks_for(context.threads(), count / 2),
          kernels::choose(kernels::quantize_variants, context.cpu()).kernel};
}

bool has_one_scale(const TensorType& type) {
  return type.quantized() && type.quantization->scales.size() == 1 &&
         !type.quantization->blockwise && std::abs(type.zero_point()) < (1 << 20);
}

PlanResult plan_from_f32(PlanContext& context) {
  const TensorType& y = context.output();
  if (context.dtype(0) != DType::f32 || !quantized_types.contains(y.dtype))
    return declined("needs f32 to i8, u8 or i16");
  if (!has_one_scale(y)) return declined("needs one scale");
  const IntegerRange range = full_range(y.dtype);
  const kernels::QuantizeF32 call{
      .scale = y.scale(), .zero_point = y.zero_point(), .low = range.min, .high = range.max};
  const bool words = y.dtype == DType::i16;
  return Step([plan = plan_of(context), call, words](const StepRun& run) {
    split_work(run.pool(), plan.tasks, plan.count, 64, [&](size_t begin, size_t end, size_t) {
      kernels::QuantizeF32 part = call;
      part.x = run.input<float>(0) + begin;
      part.y = run.output<std::byte>() + begin * (words ? 2 : 1);
      part.count = end - begin;
      (words ? plan.kernel->to_words : plan.kernel->to_bytes)(part);
    });
  });
}

PlanResult plan_to_f32(PlanContext& context) {
  const TensorType& x = context.input(0);
  if (!quantized_types.contains(x.dtype) || context.output().dtype != DType::f32)
    return declined("needs i8, u8 or i16 to f32");
  if (!has_one_scale(x)) return declined("needs one scale");
  const kernels::DequantizeF32 call{
      .is_signed = x.dtype != DType::u8, .scale = x.scale(), .zero_point = x.zero_point()};
  const bool words = x.dtype == DType::i16;
  return Step([plan = plan_of(context), call, words](const StepRun& run) {
    split_work(run.pool(), plan.tasks, plan.count, 64, [&](size_t begin, size_t end, size_t) {
      kernels::DequantizeF32 part = call;
      part.x = run.input<std::byte>(0) + begin * (words ? 2 : 1);
      part.y = run.output<float>() + begin;
      part.count = end - begin;
      (words ? plan.kernel->from_words : plan.kernel->from_bytes)(part);
    });
  });
}

PlanResult plan_halves(PlanContext& context) {
  if (context.dtype(0) != DType::f16) return declined("needs f16, got ", context.dtype(0));
  return Step([plan = plan_of(context)](const StepRun& run) {
    split_work(run.pool(), plan.tasks, plan.count, 64, [&](size_t begin, size_t end, size_t) {
      plan.kernel->from_halves(run.input<uint16_t>(0) + begin, run.output<float>() + begin,
                               end - begin);
    });
  });
}

constexpr Implementation implementations[] = {{"from_f32", plan_from_f32},
                                              {"to_f32", plan_to_f32},
                                              {"from_f16", plan_halves},
                                              {"table", plan_byte_table}};

}  // namespace

FastOp quantize_implementations() { return {{&quantize, &dequantize}, implementations}; }

}  // namespace wherry::op
