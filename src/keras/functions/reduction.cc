// Functions that reduce axes: sums, means, extremes, truth, norms.
#include "keras/functions/reduction.h"

#include <cmath>
#include <limits>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {

Expected<ValueId> flattened(Emitter& emitter, ValueId x) {
  return emitter.merge_axes(x, 0, emitter.rank(x));
}

Expected<ValueId> variance(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                           bool keep) {
  ValueId mean = TRY(emitter.reduce("MEAN", x, axes, true));
  ValueId squares = TRY(emitter.node("SQUARED_DIFFERENCE", {x, mean}));
  return emitter.reduce("MEAN", squares, axes, keep);
}

Expected<ValueId> log_sum_exp(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                              bool keep) {
  // Infinities would meet each other in the difference.
  constexpr double largest = std::numeric_limits<float>::max();
  ValueId highest = TRY(emitter.reduce("REDUCE_MAX", x, axes, true));
  highest = TRY(emitter.at_most(TRY(emitter.at_least(highest, -largest)), largest));
  ValueId powers = TRY(emitter.node("EXP", {TRY(emitter.subtract(x, highest))}));
  ValueId sum = TRY(emitter.node("LOG", {TRY(emitter.reduce("SUM", powers, axes, true))}));
  ValueId y = TRY(emitter.add(sum, highest));
  for (size_t i = axes.size(); !keep && i-- > 0;)
    y = TRY(emitter.squeeze(y, static_cast<int>(axes[i])));
  return y;
}

namespace {

constexpr std::string_view axis_names = "axis|reduction_indices|dim";
constexpr std::string_view keep_names = "keepdims|keep_dims";

/// What a reduction works on.
struct Reduced {
  ValueId x = no_value;
  std::vector<int64_t> axes;
  bool keep = false;
};

Expected<Reduced> reduced(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::vector<int64_t> axes = TRY(call.axes(axis_names, x));
  bool keep = TRY(call.flag(keep_names, false));
  return Reduced{x, std::move(axes), keep};
}

Expected<Reduced> reduced_floats(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  what.x = TRY(call.to_float(what.x));
  return what;
}

Expected<ValueId> reduce(Emitter& emitter, std::string_view op, const Reduced& what) {
  if (what.axes.empty()) return what.x;
  return emitter.reduce(op, what.x, what.axes, what.keep);
}

/// Sums and products count truth values.
Expected<Results> import_sum(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  bool is_narrow = bits_of(call.dtype(what.x)) < 32;
  DType sum = is_narrow && call.newer() ? DType::i32 : call.dtype(what.x);
  if (call.newer()) sum = TRY(call.dtype_argument("dtype", sum));
  what.x = TRY(call.cast(what.x, sum));
  return TRY(reduce(call, call.def().op, what));
}

Expected<Results> import_mean(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  DType dtype = call.newer() ? DType::f32 : call.dtype(what.x);
  what.x = TRY(call.to_float(what.x));
  return TRY(call.cast(TRY(reduce(call, "MEAN", what)), dtype));
}

Expected<Results> import_extreme(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  bool is_largest = call.def().op == "REDUCE_MAX";
  bool is_truth = call.dtype(what.x) == DType::boolean;
  ValueId y = TRY(reduce(call,
                         !is_truth    ? call.def().op
                         : is_largest ? "REDUCE_ANY"
                                      : "REDUCE_ALL",
                         what));
  const PyValue& initial = call.argument("initial");
  if (initial.is_none()) return y;
  ValueId bound = TRY(call.constant_of(initial, call.dtype(y)));
  return TRY(is_largest ? call.maximum(y, bound) : call.minimum(y, bound));
}

Expected<Results> import_truth(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  if (call.dtype(what.x) != DType::boolean) what.x = TRY(compare(call, "NOT_EQUAL", what.x, 0));
  return TRY(reduce(call, call.def().op, what));
}

/// Variance, or with number 1 its root.
Expected<Results> import_variance(FunctionCall& call) {
  Reduced what = TRY(reduced_floats(call));
  ValueId y = TRY(variance(call, what.x, what.axes, what.keep));
  return call.def().number == 1 ? TRY(call.node("SQRT", {y})) : y;
}

Expected<Results> import_log_sum_exp(FunctionCall& call) {
  Reduced what = TRY(reduced_floats(call));
  return TRY(log_sum_exp(call, what.x, what.axes, what.keep));
}

Expected<Results> import_range(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  ValueId highest = TRY(reduce(call, "REDUCE_MAX", what));
  return TRY(call.subtract(highest, TRY(reduce(call, "REDUCE_MIN", what))));
}

Expected<Results> import_count(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  DType counter = TRY(call.dtype_argument("dtype", call.newer() ? DType::i32 : DType::i64));
  if (call.dtype(what.x) != DType::boolean) what.x = TRY(compare(call, "NOT_EQUAL", what.x, 0));
  what.x = TRY(call.cast(what.x, DType::i32));
  return TRY(call.cast(TRY(reduce(call, "SUM", what)), counter));
}

Expected<Results> import_zero_fraction(FunctionCall& call) {
  ValueId x = TRY(flattened(call, TRY(call.first())));
  ValueId zeros = TRY(call.to_float(TRY(compare(call, "EQUAL", x, 0))));
  return TRY(call.reduce("MEAN", zeros, {0}, false));
}

Expected<Results> import_l2_loss(FunctionCall& call) {
  ValueId x = TRY(flattened(call, TRY(call.float_first())));
  ValueId sum = TRY(call.reduce("SUM", TRY(square(call, x)), {0}, false));
  return TRY(call.times(sum, 0.5));
}

/// Mean and variance.
Expected<Results> import_moments(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  std::vector<int64_t> axes = TRY(call.axes("axes", x));
  bool keep = TRY(call.flag(keep_names, false));
  TRY(call.only("synchronized", PyValue::of(false)));
  call.ignore("shift");
  ValueId mean = TRY(call.reduce("MEAN", x, axes, true));
  ValueId squares = TRY(call.node("SQUARED_DIFFERENCE", {x, mean}));
  ValueId spread = TRY(call.reduce("MEAN", squares, axes, keep));
  for (size_t i = axes.size(); !keep && i-- > 0;)
    mean = TRY(call.squeeze(mean, static_cast<int>(axes[i])));
  return std::vector<ValueId>{mean, spread};
}

Expected<Results> import_average(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  std::vector<int64_t> axes = TRY(call.axes("axis", x));
  if (!call.has("weights", 1)) return TRY(call.reduce("MEAN", x, axes, false));
  ValueId weights = TRY(call.tensor_like("weights", 1, DType::f32));
  if (call.rank(weights) != call.rank(x)) {
    ENSURE(call.rank(weights) == 1 && axes.size() == 1,
           "the weights should have the shape of the tensor, or be a list for one axis");
    Extents to(static_cast<size_t>(call.rank(x)), Extent(1));
    to[static_cast<size_t>(axes[0])] = call.extent(weights, 0);
    weights = TRY(call.reshape(weights, to));
  }
  ValueId sum = TRY(call.reduce("SUM", TRY(call.multiply(x, weights)), axes, false));
  return TRY(call.divide(sum, TRY(call.reduce("SUM", weights, axes, false))));
}

/// What numbers are left, and 1 for each of them.
struct Numbers {
  Reduced what;
  ValueId is_nan = no_value, zeros = no_value, count = no_value;
};

Expected<Numbers> numbers_only(FunctionCall& call) {
  Numbers numbers{.what = TRY(reduced_floats(call))};
  Reduced& what = numbers.what;
  numbers.is_nan = TRY(call.node("NOT_EQUAL", {what.x, what.x}));
  numbers.zeros = TRY(call.select(numbers.is_nan, TRY(call.number(0, what.x)), what.x));
  ValueId counted = TRY(call.to_float(TRY(call.node("EQUAL", {what.x, what.x}))));
  numbers.count = TRY(reduce(call, "SUM", {counted, what.axes, what.keep}));
  return numbers;
}

/// `op` over what is no NaN; `number` stands in for NaNs.
Expected<Results> import_without_nans(FunctionCall& call) {
  Reduced what = TRY(reduced(call));
  if (call.dtype(what.x) == DType::f32) {
    ValueId is_nan = TRY(call.node("NOT_EQUAL", {what.x, what.x}));
    what.x = TRY(call.select(is_nan, TRY(call.number(call.def().number, what.x)), what.x));
  }
  return TRY(reduce(call, call.def().op, what));
}

Expected<Results> import_mean_of_numbers(FunctionCall& call) {
  Numbers numbers = TRY(numbers_only(call));
  const Reduced& what = numbers.what;
  ValueId sum = TRY(reduce(call, "SUM", {numbers.zeros, what.axes, what.keep}));
  return TRY(call.divide(sum, numbers.count));
}

Expected<Results> import_variance_of_numbers(FunctionCall& call) {
  Numbers numbers = TRY(numbers_only(call));
  const Reduced& what = numbers.what;
  ValueId counted = TRY(call.to_float(TRY(call.node("EQUAL", {what.x, what.x}))));
  ValueId count = TRY(call.reduce("SUM", counted, what.axes, true));
  ValueId sum = TRY(call.reduce("SUM", numbers.zeros, what.axes, true));
  ValueId mean = TRY(call.divide(sum, count));
  ValueId squares = TRY(call.node("SQUARED_DIFFERENCE", {numbers.zeros, mean}));
  ValueId zero = TRY(call.number(0, squares));
  squares = TRY(call.select(numbers.is_nan, zero, squares));
  ValueId y =
      TRY(call.divide(TRY(reduce(call, "SUM", {squares, what.axes, what.keep})), numbers.count));
  return call.def().number == 1 ? TRY(call.node("SQRT", {y})) : y;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr FunctionDef functions[] = {
    {{"math.reduce_sum", "keras.backend.sum"}, {"Sum"}, import_sum, "SUM"},
    {{"math.reduce_prod", "keras.backend.prod"}, {"Prod"}, import_sum, "REDUCE_PROD"},
    {{"math.reduce_mean", "keras.backend.mean"}, {"Mean"}, import_mean, {}, 0, "MEAN"},
    {{"math.reduce_max", "keras.backend.max"}, {"Max", "Amax"}, import_extreme, "REDUCE_MAX"},
    {{"math.reduce_min", "keras.backend.min"}, {"Min", "Amin"}, import_extreme, "REDUCE_MIN"},
    {{"math.reduce_any", "keras.backend.any"}, {"Any"}, import_truth, "REDUCE_ANY"},
    {{"math.reduce_all", "keras.backend.all"}, {"All"}, import_truth, "REDUCE_ALL"},
    {{"math.reduce_variance", "keras.backend.var"},
     {"Var"},
     import_variance,
     {},
     0,
     "MEAN and SQUARED_DIFFERENCE"},
    {{"math.reduce_std", "keras.backend.std"},
     {"Std"},
     import_variance,
     {},
     1,
     "MEAN, SQUARED_DIFFERENCE and SQRT"},
    {{"math.reduce_logsumexp", "keras.backend.logsumexp"},
     {"Logsumexp"},
     import_log_sum_exp,
     {},
     0,
     "REDUCE_MAX, EXP, SUM and LOG"},
    {{}, {"Ptp"}, import_range, {}, 0, "REDUCE_MAX, REDUCE_MIN and SUB"},
    {{"math.count_nonzero"}, {"CountNonzero"}, import_count, {}, 0, "NOT_EQUAL and SUM"},
    {{"math.zero_fraction"}, {}, import_zero_fraction, {}, 0, "EQUAL and MEAN"},
    {{"nn.l2_loss"}, {}, import_l2_loss, {}, 0, "SQUARE and SUM"},
    {{"nn.moments"}, {"Moments"}, import_moments, {}, 0, "MEAN and SQUARED_DIFFERENCE"},
    {{}, {"Average"}, import_average, {}, 0, "MEAN, or MUL and SUM with weights"},
    {{}, {"Nansum"}, import_without_nans, "SUM", 0, "SELECT_V2 and SUM"},
    {{}, {"Nanprod"}, import_without_nans, "REDUCE_PROD", 1, "SELECT_V2 and REDUCE_PROD"},
    {{}, {"Nanmax"}, import_without_nans, "REDUCE_MAX", -infinity, "SELECT_V2 and REDUCE_MAX"},
    {{}, {"Nanmin"}, import_without_nans, "REDUCE_MIN", infinity, "SELECT_V2 and REDUCE_MIN"},
    {{}, {"Nanmean"}, import_mean_of_numbers, {}, 0, "SELECT_V2 and SUM"},
    {{}, {"Nanvar"}, import_variance_of_numbers, {}, 0, "SELECT_V2 and SUM"},
    {{}, {"Nanstd"}, import_variance_of_numbers, {}, 1, "SELECT_V2, SUM and SQRT"},
};

}  // namespace

FunctionTable reduction_functions() { return function_table(functions); }

}  // namespace wherry::keras
