// Operators on two tensors: floats, and sums and products of bytes, rounded as XNNPACK rounds them.
#include "ops/arithmetic/binary.h"

#include <cmath>

#include "kernels/elementwise/binary_f32.h"
#include "kernels/elementwise/binary_i8.h"
#include "ops/activation/prelu.h"
#include "ops/arithmetic/add.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/extremum.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/squared_difference.h"
#include "ops/arithmetic/sub.h"
#include "ops/broadcast_rows.h"
#include "ops/work_split.h"
#include "runtime/plan.h"

namespace wherry::op {
namespace {

using kernels::BinaryOp;
using kernels::IntegerOp;

Activation activation_of(const PlanContext& context) {
  const OpDef* op = context.node().op;
  if (op == &add) return context.attributes<Add>().fused_activation_function;
  if (op == &sub) return context.attributes<Sub>().fused_activation_function;
  if (op == &mul) return context.attributes<Mul>().fused_activation_function;
  if (op == &div) return context.attributes<Div>().fused_activation_function;
  return Activation::none;
}

BinaryOp function_of(const OpDef* op) {
  if (op == &add) return BinaryOp::add;
  if (op == &sub) return BinaryOp::subtract;
  if (op == &mul) return BinaryOp::multiply;
  if (op == &div) return BinaryOp::divide;
  if (op == &squared_difference) return BinaryOp::squared_difference;
  if (op == &prelu) return BinaryOp::prelu;
  return op == &extremum_family[0] ? BinaryOp::maximum : BinaryOp::minimum;
}

/// The output may stand where an operand of its size stands.
void offer_overwriting(PlanContext& context) {
  for (int i = 0; i < 2; ++i)
    if (context.shape(i) == context.output().shape) context.may_overwrite(i);
}

/// A step that runs `kernel` on the rows of each task; `call` says everything but places.
template <class Call>
Step rows_step(PlanContext& context, void (*kernel)(const Call&), const Call& call) {
  using Element = std::remove_pointer_t<decltype(Call::y)>;
  const Shape& shape = context.output().shape;
  const BroadcastRows rows(shape, context.shape(0), context.shape(1));
  const size_t count = static_cast<size_t>(shape.elements());
  const size_t total = count / std::max<size_t>(rows.columns, 1);
  const size_t tasks = tasks_for(context.threads(), sizeof(Element) == 1 ? count / 2 : count / 8);
  const bool one_row = total == 1;  // then columns are split, not rows
  offer_overwriting(context);
  return Step([=](const StepRun& run) {
    const auto use = [&](size_t first, BroadcastRows::Offsets at, size_t height, size_t width) {
      Call part = call;
      part.a = run.input<Element>(0) + at.of[0];
      part.b = run.input<Element>(1) + at.of[1];
      part.y = run.output<Element>() + first;
      part.rows = height;
      part.columns = width;
      part.a_row = rows.row_steps[0];
      part.b_row = rows.row_steps[1];
      part.a_column = rows.column_steps[0];
      part.b_column = rows.column_steps[1];
      kernel(part);
    };
    split_work(run.pool(), tasks, one_row ? count : total, one_row ? 64 : 1,
               [&](size_t begin, size_t end, size_t) {
                 if (one_row)
                   return use(begin, {{begin * rows.column_steps[0], begin * rows.column_steps[1]}},
                              1, end - begin);
                 rows.for_rows(begin, end,
                               [&](size_t first, BroadcastRows::Offsets at, size_t height) {
                                 use(first, at, height, rows.columns);
                               });
               });
  });
}

PlanResult plan_f32(PlanContext& context) {
  if (context.dtype(0) != DType::f32) return declined("needs f32, got ", context.dtype(0));
  const FloatRange range = activation_range(activation_of(context));
  const auto* kernel = kernels::choose(kernels::binary_f32_variants, context.cpu()).kernel;
  const auto function = static_cast<size_t>(function_of(context.node().op));
  return rows_step<kernels::BinaryF32>(context, kernel->run[function],
                                       {.low = range.min, .high = range.max});
}

/// Factors of 21 bits for the quotients of scales; false where they would leave 32 bits, or lose
/// too much.
bool set_sum(const TensorType& a, const TensorType& b, const TensorType& y, bool subtract,
             kernels::BinaryI8& call) {
  const float of_a = a.scale() / y.scale(), of_b = b.scale() / y.scale();
  const float larger = std::max(of_a, of_b);
  if (!(larger >= 1.0f / 1024 && larger < 256.0f)) return false;
  call.shift = 20 - std::ilogb(larger);
  call.a_factor = static_cast<int32_t>(std::lrint(std::ldexp(of_a, call.shift)));
  call.b_factor = static_cast<int32_t>(std::lrint(std::ldexp(of_b, call.shift)));
  if (subtract) call.b_factor = -call.b_factor;
  call.bias =
      (1 << (call.shift - 1)) - call.a_factor * a.zero_point() - call.b_factor * b.zero_point();
  return true;
}

PlanResult plan_i8(PlanContext& context) {
  const TensorType &a = context.input(0), &b = context.input(1), &y = context.output();
  if (a.dtype != DType::i8 && a.dtype != DType::u8)
    return declined("needs i8 or u8, got ", a.dtype);
  const OpDef* op = context.node().op;
  if (op != &add && op != &sub && op != &mul) return declined("is no sum or product");
  const IntegerRange range = quantized_activation_range(activation_of(context), y);
  kernels::BinaryI8 call{.is_signed = a.dtype == DType::i8,
                         .a_zero = a.zero_point(),
                         .b_zero = b.zero_point(),
                         .scale = a.scale() * b.scale() / y.scale(),
                         .y_zero = y.zero_point(),
                         .low = range.min,
                         .high = range.max};
  if (op == &mul && !(call.scale < 256.0f)) return declined("has scales too far apart");
  if (op != &mul && !set_sum(a, b, y, op == &sub, call))
    return declined("has scales too far apart");
  const auto* kernel = kernels::choose(kernels::binary_i8_variants, context.cpu()).kernel;
  const auto function = static_cast<size_t>(op == &mul ? IntegerOp::multiply : IntegerOp::sum);
  return rows_step<kernels::BinaryI8>(context, kernel->run[function], call);
}

constexpr Implementation implementations[] = {{"rows_f32", plan_f32}, {"rows_i8", plan_i8}};

}  // namespace

FastOp binary_implementations() {
  return {{&add, &sub, &mul, &div, &extremum_family[0], &extremum_family[1], &squared_difference,
           &prelu},
          implementations};
}

}  // namespace wherry::op
