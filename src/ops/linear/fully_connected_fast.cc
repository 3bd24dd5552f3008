// FULLY_CONNECTED as a matrix product.
#include "ops/gemm_fast.h"
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

constexpr Implementation implementations[] = {{"gemm_f32", plan_normal<plan_gemm_f32>},
                                              {"gemm_i8", plan_normal<plan_gemm_i8>},
                                              {"gemm_hybrid", plan_normal<plan_gemm_hybrid>}};

}  // namespace

FastOp fully_connected_implementations() { return {{&fully_connected}, implementations}; }

}  // namespace wherry::op
