// BATCH_MATMUL of floats: a constant right side is packed once, another one in each run.
#include "ops/linear/batch_matmul.h"

#include "kernels/gemm/gemm_f32.h"
#include "ops/broadcast.h"
#include "ops/gemm_fast.h"
#include "ops/work_split.h"

namespace wherry::op {
namespace {

using kernels::GemmF32;
using kernels::GemmF32Weights;

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Error: what the product has that no implementation of this file takes.
Expected<BatchMatMulGeometry> float_geometry(PlanContext& context) {
  const auto& attributes = context.attributes<BatchMatMul>();
  ENSURE(context.dtype(0) == DType::f32 && context.dtype(1) == DType::f32, "needs f32 times f32");
  ENSURE(!attributes.adj_x, "needs a left side that is not transposed");
  ENSURE(context.output().shape.elements() > 0 && context.shape(0).elements() > 0,
         "has nothing to compute");
  return batch_matmul_geometry(attributes, context.shape(0), context.shape(1));
}

/// Where weight (column, depth) of a right side stands.
GemmF32Weights weights_at(const float* y, const BatchMatMulGeometry& g, bool transposed) {
  const auto columns = static_cast<size_t>(g.columns), depth = static_cast<size_t>(g.depth);
  return {.weights = y,
          .columns = columns,
          .column_stride = transposed ? depth : 1,
          .depth_stride = transposed ? 1 : columns};
}

kernels::Window rows_window(size_t rows, size_t depth) {
  return {.in_width = rows, .channels = depth, .pixel_stride = depth, .out_width = rows};
}

/// One right side for all products: they are the rows of a single one.
PlanResult plan_constant(PlanContext& context) {
  const auto g = float_geometry(context);
  if (!g) return Declined{g.error().message};
  if (!context.is_constant(1) || g->y_batches.elements() != 1)
    return declined("needs a single constant right side");
  const bool transposed = context.attributes<BatchMatMul>().adj_y;
  const GemmF32Weights weights = weights_at(nullptr, *g, transposed);
  GemmProblem problem;
  problem.window = rows_window(static_cast<size_t>(g->batches.elements() * g->rows),
                               static_cast<size_t>(g->depth));
  problem.columns = weights.columns;
  problem.column_stride = weights.column_stride;
  problem.depth_stride = weights.depth_stride;
  return plan_gemm_f32(context, problem);
}

/// Packs and multiplies in scratch memory; each thread has its own.
struct PackedProduct {
  std::shared_ptr<const GemmF32> gemm;
  BatchMatMulGeometry geometry;
  BroadcastWalk<2> matrices;  ///< which of x and of y each product takes
  bool transposed;
  size_t count, rows, columns, depth;
  size_t tasks = 1, packed_stride = 0, scratch_stride = 0;
  int packed = 0, scratch = 0;

  float* packed_of(const StepRun& run, size_t thread) const {
    return reinterpret_cast<float*>(run.scratch<std::byte>(packed) + thread * packed_stride);
  }
  size_t matrix_of(size_t product, size_t operand) const {
    return static_cast<size_t>(matrices.offsets_of(static_cast<int64_t>(product))[operand]);
  }
  void pack(const StepRun& run, size_t i, float* to) const {
    const float* y = run.input<float>(1) + matrix_of(i, 1) * columns * depth;
    gemm->pack(weights_at(y, geometry, transposed), to);
  }
  void multiply(const StepRun& run, size_t i, const float* from, size_t begin, size_t end,
                size_t thread) const {
    gemm->run({.input = run.input<float>(0) + matrix_of(i, 0) * rows * depth,
               .out = run.output<float>() + i * rows * columns,
               .out_stride = columns,
               .row_begin = begin,
               .row_end = end,
               .panel_begin = 0,
               .panel_end = gemm->panels().count,
               .scratch = run.scratch<std::byte>(scratch) + thread * scratch_stride,
               .packed = from});
  }

  void operator()(const StepRun& run) const {
    if (count >= tasks) {
      split_work(run.pool(), tasks, count, 1, [&](size_t begin, size_t end, size_t thread) {
        for (size_t i = begin; i < end; ++i) {
          float* mine = packed_of(run, thread);
          pack(run, i, mine);
          multiply(run, i, mine, 0, rows, thread);
        }
      });
      return;
    }
    for (size_t i = 0; i < count; ++i) {
      float* shared = packed_of(run, 0);
      pack(run, i, shared);
      split_work(run.pool(), tasks, rows, gemm->tile_rows(),
                 [&](size_t begin, size_t end, size_t thread) {
                   multiply(run, i, shared, begin, end, thread);
                 });
    }
  }
};

PlanResult plan_packed(PlanContext& context) {
  const auto g = float_geometry(context);
  if (!g) return Declined{g.error().message};
  const bool transposed = context.attributes<BatchMatMul>().adj_y;
  const auto rows = static_cast<size_t>(g->rows), depth = static_cast<size_t>(g->depth);
  auto gemm = std::make_shared<const GemmF32>(
      weights_at(nullptr, *g, transposed),
      GemmF32::Options{.window = rows_window(rows, depth),
                       .low = -infinity,
                       .high = infinity,
                       .variant = kernels::choose(kernels::gemm_f32_variants, context.cpu())});
  if (!*gemm) return declined("not enough memory");
  PackedProduct product{.gemm = gemm,
                        .geometry = *g,
                        .matrices = {g->batches, {&g->x_batches, &g->y_batches}},
                        .transposed = transposed,
                        .count = static_cast<size_t>(g->batches.elements()),
                        .rows = rows,
                        .columns = static_cast<size_t>(g->columns),
                        .depth = depth};
  const size_t work = product.count * rows * product.columns * depth;
  product.tasks = tasks_for(context.threads(), work / 16);
  product.packed_stride = (gemm->packed_bytes() + 63) / 64 * 64;
  product.scratch_stride = (gemm->scratch_bytes() + 63) / 64 * 64;
  product.packed = context.add_scratch(product.packed_stride * context.threads());
  product.scratch = context.add_scratch(product.scratch_stride * context.threads());
  return Step(std::move(product));
}

constexpr Implementation implementations[] = {{"gemm_f32", plan_constant},
                                              {"packed_f32", plan_packed}};

}  // namespace

FastOp batch_matmul_implementations() { return {{&batch_matmul}, implementations}; }

}  // namespace wherry::op
