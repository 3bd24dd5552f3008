// ARG_MAX and ARG_MIN along the last axis: the extreme by vectors, then where it stands first.
#include "ops/reduction/arg_extremum.h"

#include <cmath>

#include "kernels/arg/arg.h"
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

struct Rows {
  size_t count, depth, tasks;
  bool larger, wide;

  /// Calls find(first row, rows, positions) for blocks of rows, and stores the positions.
  template <class Find>
  void run(const StepRun& run, Find find) const {
    split_work(run.pool(), tasks, count, 1, [&](size_t begin, size_t end, size_t) {
      constexpr size_t block = 256;
      int32_t positions[block];
      for (size_t row = begin; row < end; row += block) {
        const size_t rows = std::min(block, end - row);
        find(row, rows, positions);
        if (wide)
          std::copy_n(positions, rows, run.output<int64_t>() + row);
        else
          std::copy_n(positions, rows, run.output<int32_t>() + row);
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
    auto* kernel = kernels::choose(kernels::first_largest_variants, context.cpu()).kernel;
    return Step([rows = *rows, flip, kernel](const StepRun& run) {
      rows.run(run, [&](size_t row, size_t count, int32_t* positions) {
        kernel({run.input<uint8_t>(0) + row * rows.depth, positions, count, rows.depth, flip});
      });
    });
  }
  const auto* kernel = kernels::choose(kernels::reduce_variants, context.cpu()).kernel;
  return Step([rows = *rows, kernel](const StepRun& run) {
    rows.run(run, [&](size_t row, size_t count, int32_t* positions) {
      for (size_t i = 0; i < count; ++i)
        positions[i] = static_cast<int32_t>(position_of(
            *kernel, run.input<float>(0) + (row + i) * rows.depth, rows.depth, rows.larger));
    });
  });
}

constexpr Implementation implementations[] = {{"rows", plan_rows}};

}  // namespace

FastOp arg_extremum_implementations() {
  return {{&arg_extremum_family[0], &arg_extremum_family[1]}, implementations};
}

}  // namespace wherry::op
