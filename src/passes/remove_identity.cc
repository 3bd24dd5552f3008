// Drops operators that hand on their input unchanged.
//   before:  a = RESHAPE(x, shape of x)    b = MUL(a, 1)    y = TRANSPOSE(b, [0, 1])
//   after:   y = x
#include <cstring>

#include "ops/arithmetic/add.h"
#include "ops/arithmetic/div.h"
#include "ops/arithmetic/mul.h"
#include "ops/arithmetic/sub.h"
#include "ops/shape/broadcast_to.h"
#include "ops/shape/concatenation.h"
#include "ops/shape/pad.h"
#include "ops/shape/reshape.h"
#include "ops/shape/slice.h"
#include "ops/shape/tile.h"
#include "ops/shape/transpose.h"
#include "passes/linear.h"
#include "passes/pipelines.h"

namespace wherry::passes {
namespace {

/// With equal types and at most one open extent these cannot move anything.
bool keeps_elements_in_place(const OpDef* op) {
  for (const OpDef* candidate :
       {&op::reshape, &op::slice, &op::tile, &op::broadcast_to, &op::pad}) {
    if (op == candidate) return true;
  }
  return false;
}

int open_extents(const TensorType& type) {
  int count = 0;
  for (int64_t extent : type.signature) count += extent < 0;
  return count;
}

bool all_equal(const PassContext& context, ValueId id, float number) {
  if (!context.is_constant(id) || context.type(id).dtype != DType::f32) return false;
  for (float value : floats_of(context.graph().value(id))) {
    if (value != number) return false;
  }
  return true;
}

/// The input that an arithmetic node hands on: x * 1, x / 1, x + 0, x - 0.
ValueId neutral_operand(const PassContext& context, const Node& root) {
  if (activation_of(root.attributes) != Activation::none) return no_value;
  bool product = root.op == &op::mul || root.op == &op::div;
  float neutral = product ? 1.0f : 0.0f;
  if (all_equal(context, root.inputs[1], neutral)) return root.inputs[0];
  bool commutes = root.op == &op::mul || root.op == &op::add;
  return commutes && all_equal(context, root.inputs[0], neutral) ? root.inputs[1] : no_value;
}

bool is_identity_permutation(const PassContext& context, ValueId id) {
  if (!context.is_constant(id) || context.type(id).dtype != DType::i32) return false;
  const Value& value = context.graph().value(id);
  for (int32_t i = 0; i < value.type.shape.elements(); ++i) {
    int32_t axis;
    std::memcpy(&axis, value.constant.bytes().data() + 4 * i, 4);
    if (axis != i) return false;
  }
  return true;
}

ValueId handed_on(const PassContext& context, const Node& root) {
  ValueId x = root.inputs[0];
  if (root.op == &op::add || root.op == &op::sub || root.op == &op::mul || root.op == &op::div)
    return neutral_operand(context, root);
  if (root.op == &op::transpose)
    return is_identity_permutation(context, root.inputs[1]) ? x : no_value;
  if (root.op == &op::concatenation) return root.inputs.size() == 1 ? x : no_value;
  return keeps_elements_in_place(root.op) && open_extents(context.type(x)) <= 1 ? x : no_value;
}

std::optional<Patch> drop(const PassContext& context, const Node& root) {
  ValueId x = handed_on(context, root);
  if (x == no_value || context.type(x) != context.type(root.outputs[0])) return std::nullopt;
  Patch patch = context.patch();
  patch.replace(root.outputs[0], x);
  return patch;
}

}  // namespace

constinit const Pass remove_identity = {
    .name = "remove-identity",
    .roots = {&op::reshape, &op::slice, &op::tile, &op::broadcast_to, &op::pad, &op::transpose,
              &op::concatenation, &op::add, &op::sub, &op::mul, &op::div},
    .rewrite = drop,
    .doc = "drops operators that hand on their input unchanged"};

}  // namespace wherry::passes
