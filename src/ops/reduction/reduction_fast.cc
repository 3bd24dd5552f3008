// MEAN, SUM, REDUCE_MAX and REDUCE_MIN of floats and MEAN of bytes, over axes that follow each
// other.
#include "ops/reduction/reduction.h"

#include <cmath>

#include "kernels/reduce/reduce.h"
#include "ops/fixed_point.h"
#include "ops/reduction/mean.h"
#include "ops/reduction/reduce.h"
#include "ops/reduction/sum.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

/// x as outer blocks of `reduced` rows of `inner` elements.
struct Blocks {
  size_t outer = 1, reduced = 1, inner = 1;
};

/// Error: the axes are not known, or other axes lie between them.
Expected<Blocks> blocks_of(PlanContext& context) {
  ENSURE(context.is_constant(1), "needs constant axes");
  const TensorView axes = context.constant_value(context.input_id(1));
  ENSURE(axes.data, "needs constant axes");
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < axes.elements(); ++i) numbers.push_back(integer_at(axes, i));
  const Shape& x = context.shape(0);
  const Reduction reduction = TRY(reduction_of(x, numbers));
  ENSURE(x.elements() > 0, "has nothing to compute");
  Blocks blocks;
  bool inside = false, after = false;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (x[axis] == 1) continue;
    const auto extent = static_cast<size_t>(x[axis]);
    const bool reduced = reduction.kept[axis] == 1;
    ENSURE(!reduced || !after, "needs axes that follow each other");
    after = after || (inside && !reduced);
    inside = inside || reduced;
    (reduced ? blocks.reduced : inside ? blocks.inner : blocks.outer) *= extent;
  }
  return blocks;
}

/// How blocks are spread over threads. Over a last axis they are rows that are reduced to one
/// element each, so that several blocks make one call.
struct Plan {
  Blocks blocks;
  size_t tasks;
  const kernels::ReduceKernel* kernel;
};

Plan plan_of(PlanContext& context, const Blocks& blocks, size_t elements_in_instruction) {
  const size_t elements = blocks.outer * blocks.reduced * blocks.inner;
  return {blocks, tasks_for(context.threads(), elements / elements_in_instruction),
          kernels::choose(kernels::reduce_variants, context.cpu()).kernel};
}

kernels::Reduction function_of(const OpDef* op) {
  if (op == &reduce_max) return kernels::Reduction::maximum;
  if (op == &reduce_min) return kernels::Reduction::minimum;
  return kernels::Reduction::sum;
}

void reduce_f32(const Plan& plan, kernels::ReduceF32 call, size_t begin, size_t end) {
  const Blocks& b = plan.blocks;
  if (b.inner == 1) {
    call.x += begin * b.reduced;
    call.y += begin;
    call.rows = end - begin;
    call.columns = b.reduced;
    return plan.kernel->over_columns_f32(call);
  }
  const kernels::ReduceF32 whole = call;
  call.rows = b.reduced;
  call.columns = b.inner;
  for (size_t block = begin; block < end; ++block) {
    call.x = whole.x + block * b.reduced * b.inner;
    call.y = whole.y + block * b.inner;
    plan.kernel->over_rows_f32(call);
  }
}

PlanResult plan_f32(PlanContext& context) {
  if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
  const auto blocks = blocks_of(context);
  if (!blocks) return Declined{blocks.error().message};
  const OpDef* op = context.node().op;
  const float scale = op == &mean ? 1.0f / static_cast<float>(blocks->reduced) : 1.0f;
  const kernels::Reduction reduction = function_of(op);
  return Step([plan = plan_of(context, *blocks, 8), reduction, scale](const StepRun& run) {
    split_work(run.pool(), plan.tasks, plan.blocks.outer, 1, [&](size_t begin, size_t end, size_t) {
      reduce_f32(plan,
                 {.x = run.input<float>(0),
                  .y = run.output<float>(),
                  .rows = 0,
                  .columns = 0,
                  .reduction = reduction,
                  .scale = scale},
                 begin, end);
    });
  });
}

/// From sums of stored elements to stored means: one product of floats, rounded to nearest, ties to
/// even, as XNNPACK rounds.
struct ByteMean {
  int32_t zero_points;  ///< of all summed elements
  float factor;
  int32_t zero_point;
  IntegerRange range;

  uint8_t operator()(int32_t sum) const {
    const float scaled = static_cast<float>(sum - zero_points) * factor;
    const float low = static_cast<float>(range.min - zero_point),
                high = static_cast<float>(range.max - zero_point);
    const float mean = std::nearbyint(std::clamp(scaled, low, high));
    return static_cast<uint8_t>(static_cast<int32_t>(mean) + zero_point);
  }
};

PlanResult plan_i8(PlanContext& context) {
  const TensorType &x = context.input(0), &y = context.output();
  if (x.dtype != DType::i8 && x.dtype != DType::u8)
    return declined("needs i8 or u8, got ", x.dtype);
  if (context.node().op != &mean) return declined("is no MEAN");
  const auto blocks = blocks_of(context);
  if (!blocks) return Declined{blocks.error().message};
  if (blocks->reduced > (1 << 22)) return declined("sums could leave 32 bits");
  const auto count = static_cast<int64_t>(blocks->reduced);
  const ByteMean to_mean{.zero_points = static_cast<int32_t>(x.zero_point() * count),
                         .factor = x.scale() / y.scale() / static_cast<float>(count),
                         .zero_point = y.zero_point(),
                         .range = full_range(y.dtype)};
  const size_t length = blocks->outer * blocks->inner;
  const int sums = context.add_scratch(length * sizeof(int32_t));
  const bool is_signed = x.dtype == DType::i8;
  return Step([=, plan = plan_of(context, *blocks, 8)](const StepRun& run) {
    const Blocks& b = plan.blocks;
    const auto* from = run.input<uint8_t>(0);
    auto* to = run.scratch<int32_t>(sums);
    split_work(run.pool(), plan.tasks, b.outer, 1, [&](size_t begin, size_t end, size_t) {
      if (b.inner == 1)
        plan.kernel->over_columns_i8(
            {from + begin * b.reduced, to + begin, end - begin, b.reduced, is_signed});
      else
        for (size_t block = begin; block < end; ++block)
          plan.kernel->over_rows_i8({from + block * b.reduced * b.inner, to + block * b.inner,
                                     b.reduced, b.inner, is_signed});
      for (size_t i = begin * b.inner; i < end * b.inner; ++i)
        run.output<uint8_t>()[i] = to_mean(to[i]);
    });
  });
}

constexpr Implementation implementations[] = {{"blocks_f32", plan_f32}, {"blocks_i8", plan_i8}};

}  // namespace

FastOp reduction_implementations() {
  return {{&mean, &sum, &reduce_max, &reduce_min}, implementations};
}

}  // namespace wherry::op
