// AVERAGE_POOL_2D and MAX_POOL_2D on f32, i8 and u8.
#include "kernels/pool/pool.h"

#include "ops/convolution/window_fast.h"
#include "ops/fixed_point.h"
#include "ops/pooling/pool.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

struct Plan {
  kernels::Window window;
  const kernels::PoolKernel* kernel;
  bool average;
  size_t lines, tasks, scratch_stride;
  int scratch;
  Activation activation;
};

Plan plan_lines(PlanContext& context) {
  const auto& attributes = context.attributes<Pool2D>();
  const Shape& shape = context.shape(0);
  const Pool2DGeometry g = pool_2d_geometry(attributes, shape).value();
  Plan plan;
  plan.window = window_of(g.y, g.x, shape[3]);
  plan.kernel = kernels::choose(kernels::pool_variants, context.cpu()).kernel;
  plan.average = context.node().op == &average_pool_2d;
  plan.lines = static_cast<size_t>(shape[0]) * plan.window.out_height;
  plan.tasks =
      tasks_for(context.threads(), plan.lines * plan.window.out_width * plan.window.depth() / 8);
  plan.scratch_stride = (plan.window.taps() * sizeof(void*) + 63) / 64 * 64;
  plan.scratch = context.add_scratch(plan.scratch_stride * context.threads());
  plan.activation = attributes.fused_activation_function;
  return plan;
}

/// Calls use(part) for each task's part of the pool.
template <class T, class Use>
void run_tasks(const Plan& plan, const StepRun& run, Use use) {
  split_work(run.pool(), plan.tasks, plan.lines, 1, [&](size_t begin, size_t end, size_t thread) {
    auto* scratch = run.scratch<std::byte>(plan.scratch) + thread * plan.scratch_stride;
    use(kernels::Pool<T>{.window = plan.window,
                         .average = plan.average,
                         .input = run.input<T>(0),
                         .out = run.output<T>(),
                         .line_begin = begin,
                         .line_end = end,
                         .scratch = reinterpret_cast<const T**>(scratch)});
  });
}

PlanResult plan_f32(PlanContext& context) {
  if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
  if (context.output().shape.elements() == 0) return declined("has nothing to compute");
  const Plan plan = plan_lines(context);
  const FloatRange range = activation_range(plan.activation);
  return Step([plan, range](const StepRun& run) {
    run_tasks<float>(plan, run, [&](const kernels::Pool<float>& part) {
      kernels::pool_f32(*plan.kernel, part, range.min, range.max);
    });
  });
}

PlanResult plan_i8(PlanContext& context) {
  if (context.dtype(0) != DType::i8 && context.dtype(0) != DType::u8)
    return declined("needs i8 or u8, got ", context.dtype(0));
  if (context.output().shape.elements() == 0) return declined("has nothing to compute");
  const Plan plan = plan_lines(context);
  if (plan.window.taps() > kernels::max_pool_i8_taps) return declined("has too large a window");
  const IntegerRange range = quantized_activation_range(plan.activation, context.output());
  const kernels::PoolI8Range limits{context.dtype(0) == DType::i8, range.min, range.max};
  return Step([plan, limits](const StepRun& run) {
    run_tasks<uint8_t>(plan, run, [&](const kernels::Pool<uint8_t>& part) {
      kernels::pool_i8(*plan.kernel, part, limits);
    });
  });
}

constexpr Implementation implementations[] = {{"windows_f32", plan_f32}, {"windows_i8", plan_i8}};

}  // namespace

FastOp pool_implementations() { return {{&average_pool_2d, &max_pool_2d}, implementations}; }

}  // namespace wherry::op
