// FULLY_CONNECTED as a matrix product; of a single float vector with the weights where they are.
#include "ops/gemm_fast.h"
#include "ops/gemv_fast.h"
#include "ops/linear/fully_connected.h"

namespace wherry::op {
namespace {

GemmProblem problem_of(const PlanContext& context) {
  const auto& attributes = context.attributes<FullyConnected>();
  const FullyConnectedGeometry g =
      fully_connected_geometry(context.shape(0), context.shape(1)).value();
  GemmProblem problem;
  problem.window.in_width = problem.window.out_width = static_cast<size_t>(g.rows);
  problem.window.channels = problem.window.pixel_stride = static_cast<size_t>(g.depth);
  problem.columns = static_cast<size_t>(g.units);
  problem.column_stride = problem.window.depth();
  problem.roles = fully_connected_roles;
  problem.activation = attributes.fused_activation_function;
  problem.asymmetric = attributes.asymmetric_quantize_inputs;
  return problem;
}

template <PlanResult (*plan)(PlanContext&, const GemmProblem&)>
PlanResult plan_normal(PlanContext& context) {
  if (context.attributes<FullyConnected>().weights_format != WeightsFormat::normal)
    return declined("needs weights in the normal format");
  return plan(context, problem_of(context));
}

PlanResult plan_vector(PlanContext& context) {
  const auto& attributes = context.attributes<FullyConnected>();
  const FullyConnectedGeometry g =
      fully_connected_geometry(context.shape(0), context.shape(1)).value();
  if (attributes.weights_format != WeightsFormat::normal)
    return declined("needs weights in the normal format");
  if (g.rows != 1) return declined("needs a single row, got ", g.rows);
  return plan_gemv_f32(context, {.units = static_cast<size_t>(g.units),
                                 .depth = static_cast<size_t>(g.depth),
                                 .activation = attributes.fused_activation_function});
}

constexpr Implementation implementations[] = {
    {"vector_f32", plan_vector},
    {"gemm_f32_unpacked", plan_normal<plan_gemm_f32_unpacked>},
    {"gemm_f32", plan_normal<plan_gemm_f32>},
    {"gemm_i8", plan_normal<plan_gemm_i8>},
    {"gemm_hybrid_unpacked", plan_normal<plan_gemm_hybrid_unpacked>},
    {"gemm_hybrid", plan_normal<plan_gemm_hybrid>}};

}  // namespace

FastOp fully_connected_implementations() { return {{&fully_connected}, implementations}; }

}  // namespace wherry::op
