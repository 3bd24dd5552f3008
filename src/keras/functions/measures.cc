// Functions that measure tensors: areas below curves, likeness of pictures, norms of several
// tensors together.
#include <cmath>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"

namespace wherry::keras {
namespace {

/// Means of neighbours, times their distance.
Expected<Results> import_area(FunctionCall& call) {
  ValueId y = TRY(call.float_tensor("y", 0));
  if (call.has("x"))
    return call.unsupported("only equal distances are supported", call.argument("x").shown(),
                            "multiply the means of neighbours with their distances");
  double distance = TRY(call.real("dx", -1, 1));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, -1)), y));
  ValueId later = TRY(call.slice_axis(y, axis, {.begin = 1}));
  ValueId earlier = TRY(call.slice_axis(y, axis, {.end = -1}));
  ValueId sum = TRY(call.reduce("SUM", TRY(call.add(later, earlier)), {axis}, false));
  return TRY(call.times(sum, distance / 2));
}

/// 20 log10(largest) - 10 log10(mean squared difference): of each picture, in Keras 3 of all.
Expected<Results> import_signal_to_noise(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("a|x1", "b|x2"));
  double largest = TRY(call.real("max_val"));
  ENSURE(largest > 0, "the largest value of a picture should be above 0, got ", largest);
  ValueId difference = TRY(square(call, TRY(call.subtract(both.a, both.b))));
  ValueId error = call.newer()
                      ? TRY(call.reduce("MEAN", TRY(flattened(call, difference)), {0}, false))
                      : TRY(call.reduce("MEAN", difference, {-3, -2, -1}, false));
  ValueId decibels = TRY(call.times(TRY(call.node("LOG", {error})), -10 / M_LN10));
  return TRY(call.plus(decibels, 20 * std::log10(largest)));
}

/// The norm of all elements of all tensors.
Expected<ValueId> joint_norm(FunctionCall& call, const std::vector<ValueId>& tensors) {
  ValueId sum = no_value;
  for (ValueId x : tensors) {
    ValueId flat = TRY(flattened(call, TRY(square(call, TRY(call.to_float(x))))));
    ValueId own = TRY(call.reduce("SUM", flat, {0}, false));
    sum = sum == no_value ? own : TRY(call.add(sum, own));
  }
  ENSURE(sum != no_value, "the function is called without tensors");
  return call.node("SQRT", {sum});
}

Expected<Results> import_joint_norm(FunctionCall& call) {
  return TRY(joint_norm(call, TRY(call.tensors("t_list"))));
}

/// All tensors made shorter by the same factor, and their norm before.
Expected<Results> import_clip_by_joint_norm(FunctionCall& call) {
  std::vector<ValueId> tensors = TRY(call.tensors("t_list"));
  double most = TRY(call.real("clip_norm"));
  TRY(call.only("use_norm", PyValue{}));
  ValueId norm = TRY(joint_norm(call, tensors));
  ValueId bound = TRY(call.number(most, norm));
  ValueId factor = TRY(call.divide(bound, TRY(call.maximum(norm, bound))));
  std::vector<ValueId> results;
  for (ValueId x : tensors) results.push_back(TRY(call.multiply(x, factor)));
  results.push_back(norm);
  return results;
}

constexpr FunctionDef functions[] = {
    {{}, {"Trapezoid"}, import_area, {}, 0, "STRIDED_SLICE, ADD and SUM"},
    {{"image.psnr"}, {"PSNR"}, import_signal_to_noise, {}, 0, "SUB, SQUARE, MEAN and LOG"},
    {{"linalg.global_norm"}, {}, import_joint_norm, {}, 0, "SQUARE, SUM and SQRT"},
    {{"clip_by_global_norm"}, {}, import_clip_by_joint_norm, {}, 0, "SQUARE, SUM, SQRT and DIV"},
};

}  // namespace

FunctionTable measures_functions() { return function_table(functions); }

}  // namespace wherry::keras
