// Functions of two tensors, element by element.
#include <cmath>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/nonlinearity.h"

namespace wherry::keras {
namespace {

/// One operator over two tensors of one element type.
Expected<Results> import_binary(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|x", "x2|y"));
  if (call.dtype(both.a) == DType::boolean) {  // sums and products of truth values
    if (call.def().op == "ADD" || call.def().op == "MAXIMUM")
      return TRY(call.node("LOGICAL_OR", {both.a, both.b}));
    if (call.def().op == "MUL" || call.def().op == "MINIMUM")
      return TRY(call.node("LOGICAL_AND", {both.a, both.b}));
  }
  return TRY(call.node(call.def().op, {both.a, both.b}));
}

Expected<Results> import_power(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|x", "x2|y|a"));
  const PyValue& exponent = call.argument("x2|y|a", 1);
  bool is_float = call.dtype(both.a) == DType::f32;
  if (exponent.is_number() && exponent.real() == 2) return TRY(square(call, both.a));
  if (exponent.is_number() && exponent.real() == 1) return both.a;
  if (exponent.is_number() && is_float && exponent.real() == 0.5)
    return TRY(call.node("SQRT", {both.a}));
  if (exponent.is_number() && is_float && exponent.real() == -0.5)
    return TRY(call.node("RSQRT", {both.a}));
  if (exponent.is_number() && is_float && exponent.real() == -1)
    return TRY(reciprocal(call, both.a));
  return TRY(call.node("POW", {both.a, both.b}));
}

/// Division of integers gives fractions.
Expected<Results> import_division(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1|x", "x2|y"));
  const PyValue& divisor = call.argument("x2|y", 1);
  bool is_power_of_two =
      divisor.is_number() && std::abs(divisor.real()) > 0 &&
      std::exp2(std::round(std::log2(std::abs(divisor.real())))) == std::abs(divisor.real());
  if (is_power_of_two) return TRY(call.times(both.a, 1 / divisor.real()));
  return TRY(call.divide(both.a, both.b));
}

/// compat.v1.div divides integers without fractions, downwards.
Expected<Results> import_older_division(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x", "y"));
  bool is_float = call.dtype(both.a) == DType::f32;
  return TRY(call.node(is_float ? "DIV" : "FLOOR_DIV", {both.a, both.b}));
}

Expected<Results> import_division_no_nan(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1|x", "x2|y"));
  return TRY(quotient_or_zero(call, both.a, both.b));
}

Expected<Results> import_reciprocal_no_nan(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(quotient_or_zero(call, TRY(call.number(1, x)), x));
}

/// The remainder with the sign of the first operand.
Expected<Results> import_remainder(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|x", "x2|y"));
  ValueId a = TRY(call.node("ABS", {both.a})), b = TRY(call.node("ABS", {both.b}));
  ValueId remainder = TRY(call.node("FLOOR_MOD", {a, b}));
  ValueId sign =
      TRY(call.cast(TRY(call.node("SIGN", {TRY(call.to_float(both.a))})), call.dtype(both.a)));
  return TRY(call.multiply(remainder, sign));
}

Expected<Results> import_truncated_division(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x", "y"));
  ValueId quotient = TRY(call.divide(both.a, both.b));
  return call.dtype(both.a) == DType::f32 ? TRY(truncated(call, quotient)) : quotient;
}

/// 0 where the chosen factor is 0, the product of x and f(y) elsewhere; `number` says of what f is
/// made: 0: y itself, with y as the chosen factor; 1: log y; 2: log(y + 1); 3: 1 / y, with x.
Expected<Results> import_guarded_product(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x", "y"));
  int kind = static_cast<int>(call.def().number);
  ValueId chosen = kind == 0 ? both.b : both.a;
  ValueId none = TRY(compare(call, "EQUAL", chosen, 0));
  ValueId factor = both.b;
  if (kind == 2) factor = TRY(call.plus(factor, 1));
  if (kind == 1 || kind == 2) factor = TRY(call.node("LOG", {factor}));
  ValueId product =
      kind == 3 ? TRY(call.divide(both.a, factor)) : TRY(call.multiply(both.a, factor));
  return TRY(call.select(none, TRY(call.number(0, product)), product));
}

/// max - log(sigmoid(|a - b|)), in the base whose logarithm of e is `number`.
Expected<Results> import_log_of_sum(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  double scale = call.def().number;
  ValueId highest = TRY(call.maximum(both.a, both.b));
  ValueId distance = TRY(call.times(TRY(call.subtract(both.a, both.b)), 1 / scale));
  ValueId rest = TRY(log_sigmoid_of_size(call, distance));
  return TRY(call.subtract(highest, TRY(call.times(rest, scale))));
}

Expected<Results> import_hypotenuse(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  ValueId sum = TRY(call.add(TRY(square(call, both.a)), TRY(square(call, both.b))));
  return TRY(call.node("SQRT", {sum}));
}

/// 0 below 0, the second operand at 0, 1 above.
Expected<Results> import_heaviside(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  ValueId above = TRY(call.to_float(TRY(compare(call, "GREATER", both.a, 0))));
  return TRY(call.select(TRY(compare(call, "EQUAL", both.a, 0)), both.b, above));
}

/// x1 * 2^x2.
Expected<Results> import_ldexp(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  ValueId factor = TRY(call.node("POW", {TRY(call.number(2, both.b)), both.b}));
  return TRY(call.multiply(both.a, factor));
}

/// The larger or smaller one, and the other where one is no number.
Expected<Results> import_extremum_of_numbers(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1", "x2"));
  ValueId y = TRY(call.node(call.def().op, {both.a, both.b}));
  if (call.dtype(y) != DType::f32) return y;
  ValueId no_a = TRY(call.node("NOT_EQUAL", {both.a, both.a}));
  ValueId no_b = TRY(call.node("NOT_EQUAL", {both.b, both.b}));
  y = TRY(call.select(no_b, both.a, y));
  return TRY(call.select(no_a, both.b, y));
}

Expected<Results> import_sum_of_list(FunctionCall& call) {
  call.ignore("shape|tensor_dtype");
  std::vector<ValueId> parts = TRY(call.tensors("inputs"));
  if (parts.size() == 1) return parts[0];
  return TRY(call.node("ADD_N", parts));
}

/// Horner's rule; the coefficient of the highest power comes first.
Expected<Results> import_polynomial(FunctionCall& call) {
  std::vector<ValueId> coefficients = TRY(call.tensors("coeffs", 0));
  ValueId x = TRY(call.tensor_like("x", 1, call.dtype(coefficients[0])));
  ValueId y = coefficients[0];
  for (size_t i = 1; i < coefficients.size(); ++i)
    y = TRY(call.add(TRY(call.multiply(y, x)), coefficients[i]));
  return y;
}

Expected<Results> import_scalar_multiple(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("scalar", "x"));
  return TRY(call.multiply(both.a, both.b));
}

constexpr FunctionDef functions[] = {

    {{"math.add", "__operators__.add"}, {"Add"}, import_binary, "ADD"},
    {{"math.subtract", "math.sub"}, {"Subtract"}, import_binary, "SUB"},
    {{"math.multiply", "math.mul"}, {"Multiply"}, import_binary, "MUL"},
    {{"math.truediv", "math.divide", "realdiv"},
     {"Divide", "TrueDivide"},
     import_division,
     {},
     0,
     "DIV, or MUL by powers of two"},
    {{"div"}, {}, import_older_division, {}, 0, "DIV or FLOOR_DIV"},
    {{"math.floordiv", "floor_div"}, {"FloorDivide"}, import_binary, "FLOOR_DIV"},
    {{"math.floormod", "math.mod"}, {"Mod"}, import_binary, "FLOOR_MOD"},
    {{"truncatemod"}, {"Fmod"}, import_remainder, {}, 0, "FLOOR_MOD of the magnitudes"},
    {{"truncatediv"}, {}, import_truncated_division, {}, 0, "DIV, rounded towards 0"},
    {{"math.divide_no_nan"}, {"DivideNoNan"}, import_division_no_nan, {}, 0, "DIV and SELECT_V2"},
    {{"math.reciprocal_no_nan"}, {}, import_reciprocal_no_nan, {}, 0, "DIV and SELECT_V2"},
    {{"math.multiply_no_nan"}, {}, import_guarded_product, {}, 0, "MUL and SELECT_V2"},
    {{"math.xlogy"}, {}, import_guarded_product, {}, 1, "LOG, MUL and SELECT_V2"},
    {{"math.xlog1py"}, {}, import_guarded_product, {}, 2, "LOG, MUL and SELECT_V2"},
    {{"math.xdivy"}, {}, import_guarded_product, {}, 3, "DIV and SELECT_V2"},
    {{"math.pow", "keras.backend.pow"},
     {"Power"},
     import_power,
     {},
     0,
     "POW, SQUARE, SQRT, RSQRT or DIV"},
    {{"math.maximum"}, {"Maximum"}, import_binary, "MAXIMUM"},
    {{"math.minimum"}, {"Minimum"}, import_binary, "MINIMUM"},
    {{}, {"Fmax"}, import_extremum_of_numbers, "MAXIMUM", 0, "MAXIMUM and SELECT_V2"},
    {{}, {"Fmin"}, import_extremum_of_numbers, "MINIMUM", 0, "MINIMUM and SELECT_V2"},
    {{"math.squared_difference"}, {}, import_binary, "SQUARED_DIFFERENCE"},
    {{"math.scalar_mul"}, {}, import_scalar_multiple, {}, 0, "MUL"},
    {{"math.polyval"}, {}, import_polynomial, {}, 0, "MUL and ADD"},
    {{"math.add_n", "math.accumulate_n"}, {}, import_sum_of_list, {}, 0, "ADD_N"},
    {{}, {"Logaddexp"}, import_log_of_sum, {}, 1, "LOGISTIC and LOG"},
    {{}, {"Logaddexp2"}, import_log_of_sum, {}, M_LOG2E, "LOGISTIC and LOG"},
    {{}, {"Hypot"}, import_hypotenuse, {}, 0, "SQUARE and SQRT"},
    {{}, {"Heaviside"}, import_heaviside, {}, 0, "comparisons and SELECT_V2"},
    {{}, {"Ldexp"}, import_ldexp, {}, 0, "POW and MUL"},
};

}  // namespace

FunctionTable arithmetic_functions() { return function_table(functions); }

}  // namespace wherry::keras
