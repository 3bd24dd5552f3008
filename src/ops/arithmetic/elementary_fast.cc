// Elementary functions and signs: floats by vector functions, bytes by tables.
#include "ops/arithmetic/elementary.h"

#include "ops/arithmetic/abs.h"
#include "ops/arithmetic/neg.h"
#include "ops/arithmetic/rsqrt.h"
#include "ops/arithmetic/sqrt.h"
#include "ops/arithmetic/square.h"
#include "ops/elementwise_fast.h"

namespace wherry::op {
namespace {

using kernels::UnaryOp;

struct Function {
  const OpDef* op;
  UnaryOp function;
};
constexpr Function functions[] = {{&exp, UnaryOp::exp},     {&sqrt, UnaryOp::sqrt},
                                  {&rsqrt, UnaryOp::rsqrt}, {&square, UnaryOp::square},
                                  {&neg, UnaryOp::negate},  {&abs, UnaryOp::abs}};

PlanResult plan_f32(PlanContext& context) {
  for (const Function& function : functions)
    if (function.op == context.node().op) return plan_unary_f32(context, function.function);
  return declined("is not a vector function");
}

constexpr Implementation implementations[] = {{"vector_f32", plan_f32}, {"table", plan_byte_table}};

}  // namespace

FastOp elementary_implementations() {
  return {{&exp, &log, &sqrt, &rsqrt, &square, &neg, &abs}, implementations};
}

}  // namespace wherry::op
