// SOFTMAX and LOG_SOFTMAX of float rows by vectors, SOFTMAX of bytes by a table of exponentials.
#include "ops/normalization/softmax.h"

#include "kernels/softmax/softmax.h"
#include "ops/fixed_point_functions.h"
#include "ops/normalization/log_softmax.h"
#include "ops/normalization/softmax_differences.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

struct Rows {
  size_t count, depth, tasks;
};

Rows rows_of(const PlanContext& context, size_t work_for_element) {
  const Shape& shape = context.shape(0);
  const auto elements = static_cast<size_t>(shape.elements());
  return {static_cast<size_t>(shape.product(0, shape.rank() - 1)),
          static_cast<size_t>(shape.back()),
          tasks_for(context.threads(), elements * work_for_element)};
}

PlanResult plan_f32(PlanContext& context) {
  if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
  const Rows rows = rows_of(context, 3);
  if (rows.depth == 0) return declined("has nothing to compute");
  const bool is_log = context.node().op == &log_softmax;
  const float beta = is_log ? 1.0f : context.attributes<Softmax>().beta;
  const auto* kernel = kernels::choose(kernels::softmax_f32_variants, context.cpu()).kernel;
  context.may_overwrite(0);
  return Step([=](const StepRun& run) {
    split_work(run.pool(), rows.tasks, rows.count, 1, [&](size_t begin, size_t end, size_t) {
      (is_log ? kernel->log_softmax
              : kernel->softmax)({.x = run.input<float>(0) + begin * rows.depth,
                                  .y = run.output<float>() + begin * rows.depth,
                                  .rows = end - begin,
                                  .columns = rows.depth,
                                  .beta = beta});
    });
  });
}

/// By the distance of an element to the largest of its row.
struct Exponentials {
  Fixed<0> value[256];  ///< -1: too small to count
  uint32_t term[256];   ///< with 19 fraction bits: what it adds to the sum of the row

  Exponentials(float beta, float scale) {
    const ScaledDifferences scaled(beta, scale);
    for (int32_t distance = 0; distance < 256; ++distance) {
      const bool counts = -distance >= scaled.lowest;
      value[distance] = counts ? fixed_exp(scaled(-distance)) : Fixed<0>{-1};
      term[distance] = counts ? static_cast<uint32_t>(value[distance].rescaled<12>().raw) : 0;
    }
  }
};

template <class T>
struct ByteRow {
  const Exponentials& exponentials;
  FixedReciprocal reciprocal = {};
  int shift = 0;
  T largest = 0;

  size_t distance(T x) const { return static_cast<size_t>(largest - x); }
  /// Finds the factor that brings the sum of the row to 1.
  void measure(const T* x, size_t depth) {
    largest = *std::max_element(x, x + depth);
    uint64_t sum = 0;
    for (size_t i = 0; i < depth; ++i) sum += exponentials.term[distance(x[i])];
    reciprocal = fixed_reciprocal(sum);
    shift = reciprocal.bits_over_unit + 31 - 8;
  }
  T result(size_t distance) const {
    constexpr int32_t lowest = std::numeric_limits<T>::min(),
                      highest = std::numeric_limits<T>::max();
    const Fixed<0> exponential = exponentials.value[distance];
    int32_t value = lowest;
    if (exponential.raw >= 0 && shift <= 31)
      value += rounding_divide_by_power((reciprocal.scale * exponential).raw, shift);
    return static_cast<T>(std::clamp(value, lowest, highest));
  }
};

template <class T>
void softmax_row(const Exponentials& exponentials, const T* x, T* y, size_t depth) {
  ByteRow<T> row{exponentials};
  row.measure(x, depth);
  if (depth < 256) {
    for (size_t i = 0; i < depth; ++i) y[i] = row.result(row.distance(x[i]));
    return;
  }
  T results[256];
  for (size_t distance = 0; distance < 256; ++distance) results[distance] = row.result(distance);
  for (size_t i = 0; i < depth; ++i) y[i] = results[row.distance(x[i])];
}

template <class T>
Step bytes_step(PlanContext& context) {
  const Exponentials exponentials(context.attributes<Softmax>().beta, context.input(0).scale());
  const Rows rows = rows_of(context, 2);
  context.may_overwrite(0);
  return Step([=](const StepRun& run) {
    split_work(run.pool(), rows.tasks, rows.count, 1, [&](size_t begin, size_t end, size_t) {
      for (size_t row = begin; row < end; ++row)
        softmax_row(exponentials, run.input<T>(0) + row * rows.depth,
                    run.output<T>() + row * rows.depth, rows.depth);
    });
  });
}

PlanResult plan_bytes(PlanContext& context) {
  const DType x = context.dtype(0);
  if (context.node().op != &softmax) return declined("is no SOFTMAX");
  if ((x != DType::i8 && x != DType::u8) || context.output().dtype != x)
    return declined("needs i8 or u8 on both sides");
  if (context.shape(0).elements() == 0) return declined("has nothing to compute");
  return x == DType::i8 ? bytes_step<int8_t>(context) : bytes_step<uint8_t>(context);
}

constexpr Implementation implementations[] = {{"rows_f32", plan_f32}, {"table", plan_bytes}};

}  // namespace

FastOp softmax_implementations() { return {{&softmax, &log_softmax}, implementations}; }

}  // namespace wherry::op
