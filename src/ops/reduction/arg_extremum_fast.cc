// ARG_MAX and ARG_MIN along the last axis: the extreme by vectors, then where it stands first.
#include "ops/reduction/arg_extremum.h"

#include <cmath>

#include "kernels/reduce/reduce.h"
#include "ops/context.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

/// The first position that beats all before it, as the reference looks for it: for rows of which
/// some element is not a number.
size_t first_best(const float* x, size_t count, bool larger) {
  size_t best = 0;
  for (size_t k = 1; k < count; ++k)
    if (larger ? x[k] > x[best] : x[k] < x[best]) best = k;
  return best;
}

size_t position_of(const kernels::ReduceKernel& kernel, const float* x, size_t count, bool larger) {
  if (std::isnan(x[0])) return 0;  // nothing beats it
  float extreme;
  kernel.over_columns_f32(
      {.x = x,
       .y = &extreme,
       .rows = 1,
       .columns = count,
       .reduction = larger ? kernels::Reduction::maximum : kernels::Reduction::minimum});
  const float* place = std::find(x, x + count, extreme);
  return place == x + count ? first_best(x, count, larger) : static_cast<size_t>(place - x);
}

/// Bytes in order of size as unsigned ones: `flip` turns signs and direction.
size_t position_of(const uint8_t* x, size_t count, uint8_t flip) {
  uint8_t largest = 0;
  for (size_t k = 0; k < count; ++k) largest = std::max(largest, static_cast<uint8_t>(x[k] ^ flip));
  const auto wanted = static_cast<uint8_t>(largest ^ flip);
  return static_cast<size_t>(std::find(x, x + count, wanted) - x);
}

struct Rows {
  size_t count, depth, tasks;
  bool larger, wide;

  /// Stores position(row) for each row.
  template <class Position>
  void run(const StepRun& run, Position position) const {
    split_work(run.pool(), tasks, count, 1, [&](size_t begin, size_t end, size_t) {
      for (size_t row = begin; row < end; ++row) {
        const size_t found = position(row * depth);
        if (wide)
          run.output<int64_t>()[row] = static_cast<int64_t>(found);
        else
          run.output<int32_t>()[row] = static_cast<int32_t>(found);
      }
    });
  }
};

Expected<Rows> rows_of(PlanContext& context) {
  ENSURE(context.is_constant(1), "needs a constant axis");
  const TensorView axis = context.constant_value(context.input_id(1));
  const Shape& shape = context.shape(0);
  ENSURE(axis.data && TRY(resolve_axis(integer_at(axis, 0), shape.rank())) == shape.rank() - 1,
         "needs the last axis");
  const auto elements = static_cast<size_t>(shape.elements());
  const auto depth = static_cast<size_t>(shape.back());
  return Rows{elements / std::max<size_t>(depth, 1), depth,
              tasks_for(context.threads(), elements / 2),
              context.node().op == &arg_extremum_family[0], context.output().dtype == DType::i64};
}

PlanResult plan_rows(PlanContext& context) {
  const DType x = context.dtype(0);
  const bool bytes = x == DType::i8 || x == DType::u8;
  if (!bytes && x != DType::f32) return declined("needs f32, i8 or u8, got ", x);
  const auto rows = rows_of(context);
  if (!rows) return Declined{rows.error().message};
  if (bytes) {
    const auto flip = static_cast<uint8_t>((x == DType::i8 ? 0x80 : 0) ^ (rows->larger ? 0 : 0xff));
    return Step([rows = *rows, flip](const StepRun& run) {
      rows.run(run, [&](size_t at) {
        return position_of(run.input<uint8_t>(0) + at, rows.depth, flip);
      });
    });
  }
  const auto* kernel = kernels::choose(kernels::reduce_variants, context.cpu()).kernel;
  return Step([rows = *rows, kernel](const StepRun& run) {
    rows.run(run, [&](size_t at) {
      return position_of(*kernel, run.input<float>(0) + at, rows.depth, rows.larger);
    });
  });
}

constexpr Implementation implementations[] = {{"rows", plan_rows}};

}  // namespace

FastOp arg_extremum_implementations() {
  return {{&arg_extremum_family[0], &arg_extremum_family[1]}, implementations};
}

}  // namespace wherry::op
