// Gives every thread some of the rows.
#include "ops/gemv_fast.h"

#include "kernels/gemv/gemv.h"
#include "ops/fixed_point.h"
#include "ops/gemm_fast.h"
#include "ops/work_split.h"

namespace wherry {

PlanResult plan_gemv_f32(PlanContext& context, const GemvProblem& problem) {
  if (context.dtype(0) != DType::f32 || context.dtype(1) != DType::f32)
    return declined("needs f32 times f32");
  if (context.runs_once() && stored_weights(context, 1).constant != no_value)
    return declined("the weights would first have to be made");
  const FloatRange range = activation_range(problem.activation);
  const size_t units = problem.units, depth = problem.depth;
  const size_t tasks = tasks_for(context.threads(), units * depth / 16);
  const auto* kernel = kernels::choose(kernels::gemv_variants, context.cpu()).kernel;
  const bool has_bias = context.has_input(2);
  return Step([=](const StepRun& run) {
    split_work(run.pool(), tasks, units, 4, [&](size_t begin, size_t end, size_t) {
      kernel->f32({.matrix = run.input<float>(1) + begin * depth,
                   .rows = end - begin,
                   .columns = depth,
                   .x = run.input<float>(0),
                   .start = has_bias ? run.input<float>(2) + begin : nullptr,
                   .y = run.output<float>() + begin,
                   .low = range.min,
                   .high = range.max});
    });
  });
}

}  // namespace wherry
