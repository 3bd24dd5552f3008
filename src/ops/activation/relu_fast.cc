// The activations: floats by vector functions, bytes by tables.
#include "ops/activation/relu.h"

#include "ops/activation/elu.h"
#include "ops/activation/gelu.h"
#include "ops/activation/hard_swish.h"
#include "ops/activation/leaky_relu.h"
#include "ops/activation/logistic.h"
#include "ops/activation/tanh.h"
#include "ops/elementwise_fast.h"

namespace wherry::op {
namespace {

using kernels::UnaryOp;

struct Function {
  const OpDef* op;
  UnaryOp function;
  FloatRange parameters = {};
};

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr Function functions[] = {{&relu_family[0], UnaryOp::clamp, {0, infinity}},
                                  {&relu_family[1], UnaryOp::clamp, {0, 6}},
                                  {&relu_family[2], UnaryOp::clamp, {-1, 1}},
                                  {&relu_family[3], UnaryOp::clamp, {0, 1}},
                                  {&hard_swish, UnaryOp::hard_swish},
                                  {&logistic, UnaryOp::logistic},
                                  {&tanh, UnaryOp::tanh},
                                  {&elu, UnaryOp::elu}};

Function function_of(const PlanContext& context) {
  const OpDef* op = context.node().op;
  if (op == &leaky_relu)
    return {op, UnaryOp::leaky_relu, {context.attributes<LeakyRelu>().alpha, 0}};
  if (op == &gelu)
    return {op, context.attributes<Gelu>().approximate ? UnaryOp::gelu_tanh : UnaryOp::gelu};
  for (const Function& function : functions)
    if (function.op == op) return function;
  CHECK(false);
}

PlanResult plan_f32(PlanContext& context) {
  const Function function = function_of(context);
  return plan_unary_f32(context, function.function, function.parameters);
}

constexpr Implementation implementations[] = {{"vector_f32", plan_f32}, {"table", plan_byte_table}};

}  // namespace

FastOp relu_implementations() {
  return {{&relu_family[0], &relu_family[1], &relu_family[2], &relu_family[3], &hard_swish,
           &logistic, &tanh, &elu, &leaky_relu, &gelu},
          implementations};
}

}  // namespace wherry::op
