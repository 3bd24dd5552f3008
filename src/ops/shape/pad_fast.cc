// PAD, PADV2, SLICE and TRANSPOSE as copies of one box.
#include "ops/copy_fast.h"
#include "ops/element_copy.h"
#include "ops/shape/pad.h"
#include "ops/shape/slice.h"
#include "ops/shape/transpose.h"

namespace wherry::op {
namespace {

/// The elements of a constant integer input, or nothing.
std::vector<int64_t> integers(PlanContext& context, int input) {
  const TensorView view = context.constant_value(context.input_id(input));
  if (!view.data) return {};
  std::vector<int64_t> values(static_cast<size_t>(view.elements()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = integer_at(view, static_cast<int64_t>(i));
  return values;
}

PlanResult plan_pad(PlanContext& context) {
  if (!context.is_constant(1)) return declined("needs constant paddings");
  const TensorType& y = context.output();
  const std::vector<int64_t> amounts = integers(context, 1);
  MovedBox box{.extents = context.shape(0).dims(),
               .from_steps = dense_steps(context.shape(0)),
               .to_steps = dense_steps(y.shape)};
  for (size_t axis = 0; axis < box.extents.size(); ++axis)
    box.to += amounts[2 * axis] * box.to_steps[axis];
  Border border{.elements = y.shape.elements(), .value_input = context.has_input(2) ? 2 : -1};
  if (bits_of(y.dtype) <= 16 && y.quantized()) border.value = y.zero_point();
  return plan_copies(context, {std::move(box)}, border);
}

PlanResult plan_slice(PlanContext& context) {
  if (!context.is_constant(1)) return declined("needs a constant begin");
  const std::vector<int64_t> begin = integers(context, 1);
  MovedBox box{.extents = context.output().shape.dims(),
               .from_steps = dense_steps(context.shape(0)),
               .to_steps = dense_steps(context.output().shape)};
  for (size_t axis = 0; axis < box.extents.size(); ++axis)
    box.from += begin[axis] * box.from_steps[axis];
  return plan_copies(context, {std::move(box)});
}

PlanResult plan_transpose(PlanContext& context) {
  if (!context.is_constant(1)) return declined("needs a constant permutation");
  const std::vector<int64_t> order = integers(context, 1), steps = dense_steps(context.shape(0));
  MovedBox box{.extents = context.output().shape.dims(),
               .to_steps = dense_steps(context.output().shape)};
  for (int64_t axis : order) box.from_steps.push_back(steps[static_cast<size_t>(axis)]);
  return plan_copies(context, {std::move(box)});
}

PlanResult plan_box(PlanContext& context) {
  if (context.output().shape.elements() == 0) return declined("has nothing to copy");
  const OpDef* op = context.node().op;
  if (op == &slice) return plan_slice(context);
  if (op == &transpose) return plan_transpose(context);
  return plan_pad(context);
}

constexpr Implementation implementations[] = {{"box", plan_box}};

}  // namespace

FastOp pad_implementations() { return {{&pad, &padv2, &slice, &transpose}, implementations}; }

}  // namespace wherry::op
