// CONV_2D as a matrix product whose left rows are found by a window: no copy of the image. Of one
// pixel with the weights where they are.
#include "ops/convolution/conv_2d.h"
#include "ops/convolution/window_fast.h"
#include "ops/gemm_fast.h"
#include "ops/gemv_fast.h"

namespace wherry::op {
namespace {

GemmProblem problem_of(const PlanContext& context) {
  const auto& attributes = context.attributes<Conv2D>();
  const Conv2DGeometry g = conv_2d_geometry(attributes, context.shape(0), context.shape(1)).value();
  GemmProblem problem;
  problem.window = window_of(g.y, g.x, g.channels_in);
  problem.window.channels = static_cast<size_t>(g.group_in());
  problem.images = static_cast<size_t>(g.batches);
  problem.groups = static_cast<size_t>(g.groups);
  problem.columns = static_cast<size_t>(g.group_out());
  problem.column_stride = problem.window.depth();
  problem.group_stride = problem.columns * problem.column_stride;
  problem.roles = conv_2d_roles;
  problem.activation = attributes.fused_activation_function;
  problem.rule.product = context.dtype(0) == DType::u8 ? Requantization::ScaleProduct::in_float
                                                       : Requantization::ScaleProduct::in_double;
  problem.rows_per_scale = problem.window.out_height * problem.window.out_width;
  problem.asymmetric = conv_2d_quantizes_asymmetrically(context.input(1), g);
  return problem;
}

/// On one pixel a pointwise convolution is a dense layer.
PlanResult plan_vector(PlanContext& context) {
  const GemmProblem problem = problem_of(context);
  const Shape& weights = context.shape(1);
  if (problem.rows() != 1 || problem.groups != 1 || weights[1] != 1 || weights[2] != 1)
    return declined("needs one pixel, one group and a window of one pixel");
  return plan_gemv_f32(context, {.units = problem.columns,
                                 .depth = problem.window.depth(),
                                 .activation = problem.activation});
}
PlanResult plan_f32(PlanContext& context) { return plan_gemm_f32(context, problem_of(context)); }
PlanResult plan_f32_unpacked(PlanContext& context) {
  return plan_gemm_f32_unpacked(context, problem_of(context));
}
PlanResult plan_i8(PlanContext& context) { return plan_gemm_i8(context, problem_of(context)); }
PlanResult plan_hybrid_unpacked(PlanContext& context) {
  return plan_gemm_hybrid_unpacked(context, problem_of(context));
}
PlanResult plan_hybrid(PlanContext& context) {
  return plan_gemm_hybrid(context, problem_of(context));
}

constexpr Implementation implementations[] = {{"vector_f32", plan_vector},
                                              {"gemm_f32_unpacked", plan_f32_unpacked},
                                              {"gemm_f32", plan_f32},
                                              {"gemm_i8", plan_i8},
                                              {"gemm_hybrid_unpacked", plan_hybrid_unpacked},
                                              {"gemm_hybrid", plan_hybrid}};

}  // namespace

FastOp conv_2d_implementations() { return {{&conv_2d}, implementations}; }

}  // namespace wherry::op
