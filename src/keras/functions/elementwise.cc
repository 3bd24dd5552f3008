// Functions of one tensor, element by element: powers, logarithms, rounding, limits.
#include <cmath>
#include <limits>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {

Expected<ValueId> square(Emitter& emitter, ValueId x) {
  if (emitter.dtype(x) != DType::f32) return emitter.multiply(x, x);
  return emitter.node("SQUARE", {x});
}

Expected<ValueId> reciprocal(Emitter& emitter, ValueId x) {
  return emitter.divide(TRY(emitter.number(1, x)), x);
}

Expected<ValueId> compare(Emitter& emitter, std::string_view op, ValueId x, double number) {
  return emitter.node(op, {x, TRY(emitter.number(number, x))});
}

Expected<ValueId> quotient_or_zero(Emitter& emitter, ValueId a, ValueId b) {
  ValueId none = TRY(compare(emitter, "EQUAL", b, 0));
  ValueId one = TRY(emitter.number(1, b)), zero = TRY(emitter.number(0, b));
  ValueId safe = TRY(emitter.select(none, one, b));
  return emitter.select(none, zero, TRY(emitter.divide(a, safe)));
}

Expected<ValueId> truncated(Emitter& emitter, ValueId x) {
  ValueId magnitude = TRY(emitter.node("FLOOR", {TRY(emitter.node("ABS", {x}))}));
  return emitter.multiply(magnitude, TRY(emitter.node("SIGN", {x})));
}

// GELU is t times the share of the normal distribution below t; a tiny t stands in for 0.
Expected<ValueId> normal_share(Emitter& emitter, ValueId t) {
  ValueId none = TRY(compare(emitter, "EQUAL", t, 0));
  ValueId safe = TRY(emitter.select(none, TRY(emitter.number(1e-20, t)), t));
  ValueId product = TRY(emitter.node("GELU", {safe}));
  return emitter.divide(product, safe);
}

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// One operator over floats.
Expected<Results> import_float(FunctionCall& call) {
  return TRY(call.node(call.def().op, {TRY(call.float_first())}));
}

/// One operator that keeps the element type.
Expected<Results> import_same(FunctionCall& call) {
  return TRY(call.node(call.def().op, {TRY(call.first())}));
}

/// The magnitude, also of complex numbers.
Expected<Results> import_magnitude(FunctionCall& call) {
  ValueId x = TRY(call.first());
  return TRY(call.node(call.dtype(x) == DType::c64 ? "COMPLEX_ABS" : "ABS", {x}));
}

/// One part of a complex number.
Expected<Results> import_part(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.dtype(x) == DType::c64) return TRY(call.node(call.def().op, {x}));
  if (call.def().op == "REAL") return x;
  return TRY(call.node("FILL", {TRY(call.node("SHAPE", {x})), TRY(call.number(0, x))}));
}

Expected<Results> import_sign(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.dtype(x) == DType::boolean || call.dtype(x) == DType::u8)
    return TRY(call.minimum(x, TRY(call.number(1, x))));
  return TRY(call.cast(TRY(call.node("SIGN", {TRY(call.to_float(x))})), call.dtype(x)));
}

Expected<Results> import_square(FunctionCall& call) { return TRY(square(call, TRY(call.first()))); }

/// x * number, over floats.
Expected<Results> import_scaled(FunctionCall& call) {
  return TRY(call.times(TRY(call.float_first()), call.def().number));
}

/// log(x) * number.
Expected<Results> import_log(FunctionCall& call) {
  ValueId y = TRY(call.node("LOG", {TRY(call.float_first())}));
  return TRY(call.times(y, call.def().number));
}

/// log(x + 1).
Expected<Results> import_log1p(FunctionCall& call) {
  return TRY(call.node("LOG", {TRY(call.plus(TRY(call.float_first()), 1))}));
}

/// exp(x) - 1.
Expected<Results> import_expm1(FunctionCall& call) {
  return TRY(call.plus(TRY(call.node("EXP", {TRY(call.float_first())})), -1));
}

Expected<Results> import_exp2(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(call.node("POW", {TRY(call.number(2, x)), x}));
}

Expected<Results> import_reciprocal(FunctionCall& call) {
  return TRY(reciprocal(call, TRY(call.float_first())));
}

Expected<Results> import_cube_root(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId magnitude = TRY(call.node("ABS", {x}));
  ValueId root = TRY(call.node("POW", {magnitude, TRY(call.number(1.0 / 3, x))}));
  return TRY(call.multiply(root, TRY(call.node("SIGN", {x}))));
}

/// Rounding of integers changes nothing.
Expected<Results> import_rounding(FunctionCall& call) {
  ValueId x = TRY(call.first());
  bool is_float = call.dtype(x) == DType::f32;
  int64_t decimals = TRY(call.integer("decimals", -1, 0));
  if (!is_float && decimals >= 0)
    return call.newer() && call.def().op != "ROUND" ? TRY(call.to_float(x)) : x;
  double scale = std::pow(10.0, static_cast<double>(decimals));
  ValueId rounded = TRY(call.node(call.def().op, {TRY(call.times(TRY(call.to_float(x)), scale))}));
  ValueId y = decimals == 0 ? rounded : TRY(call.divide(rounded, TRY(call.number(scale, rounded))));
  return TRY(call.cast(y, call.dtype(x)));
}

Expected<Results> import_truncation(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.dtype(x) != DType::f32) return x;
  return TRY(truncated(call, x));
}

/// erf(x) = 2 share(x sqrt 2) - 1.
Expected<Results> import_erf(FunctionCall& call) {
  ValueId share = TRY(normal_share(call, TRY(call.times(TRY(call.float_first()), M_SQRT2))));
  return TRY(call.plus(TRY(call.times(share, 2)), -1));
}

/// erfc(x) = 2 share(-x sqrt 2).
Expected<Results> import_erfc(FunctionCall& call) {
  ValueId t = TRY(call.times(TRY(call.float_first()), -M_SQRT2));
  return TRY(call.times(TRY(normal_share(call, t)), 2));
}

Expected<Results> import_clip(FunctionCall& call) {
  ValueId x = TRY(call.first());
  constexpr std::string_view least_names = "x_min|clip_value_min|min_value",
                             most_names = "x_max|clip_value_max|max_value";
  const PyValue &least = call.argument(least_names, 1), &most = call.argument(most_names, 2);
  bool widens = call.newer() && call.dtype(x) != DType::f32 &&
                (least.kind() == PyValue::Kind::real || most.kind() == PyValue::Kind::real);
  if (widens) x = TRY(call.to_float(x));
  bool is_relu6 = least.is_number() && most.is_number() && least.real() == 0 && most.real() == 6 &&
                  call.dtype(x) == DType::f32;
  if (is_relu6) return TRY(call.node("RELU6", {x}));
  auto bounded = [](const PyValue& bound) {
    return !bound.is_none() && !(bound.is_number() && std::isinf(bound.real()));
  };
  if (bounded(least)) x = TRY(call.maximum(x, TRY(call.constant_of(least, call.dtype(x)))));
  if (bounded(most)) x = TRY(call.minimum(x, TRY(call.constant_of(most, call.dtype(x)))));
  return x;
}

Expected<Results> import_nan_to_num(FunctionCall& call) {
  ValueId x = TRY(call.first());
  double nan = TRY(call.real("nan", -1, 0));
  double largest = std::numeric_limits<float>::max();
  double posinf = TRY(call.real("posinf", -1, largest));
  double neginf = TRY(call.real("neginf", -1, -largest));
  if (call.dtype(x) != DType::f32) return x;
  auto replaced = [&](ValueId test, double number) -> Expected<ValueId> {
    return call.select(test, TRY(call.number(number, x)), x);
  };
  x = TRY(replaced(TRY(call.node("NOT_EQUAL", {x, x})), nan));
  x = TRY(replaced(TRY(compare(call, "EQUAL", x, infinity)), posinf));
  return TRY(replaced(TRY(compare(call, "EQUAL", x, -infinity)), neginf));
}

constexpr FunctionDef functions[] = {

    {{"math.abs"}, {"Abs", "Absolute"}, import_magnitude, {}, 0, "ABS, or COMPLEX_ABS"},
    {{"math.real"}, {"Real"}, import_part, "REAL"},
    {{"math.imag"}, {"Imag"}, import_part, "IMAG"},
    {{}, {"Fabs"}, import_float, "ABS"},
    {{"math.negative"}, {"Negative"}, import_same, "NEG"},
    {{"math.exp", "keras.activations.exponential"}, {"Exp"}, import_float, "EXP"},
    {{"math.sqrt"}, {"Sqrt"}, import_float, "SQRT"},
    {{"math.rsqrt"}, {"Rsqrt"}, import_float, "RSQRT"},
    {{"math.square", "keras.backend.square"},
     {"Square"},
     import_square,
     {},
     0,
     "SQUARE, or MUL for integers"},
    {{"math.log", "keras.backend.log"}, {"Log"}, import_log, {}, 1, "LOG"},
    {{}, {"Log2"}, import_log, {}, M_LOG2E, "LOG and MUL"},
    {{}, {"Log10"}, import_log, {}, M_LOG10E, "LOG and MUL"},
    {{"math.log1p"}, {"Log1p"}, import_log1p, {}, 0, "ADD and LOG"},
    {{"math.expm1"}, {"Expm1"}, import_expm1, {}, 0, "EXP and ADD"},
    {{}, {"Exp2"}, import_exp2, {}, 0, "POW"},
    {{"math.reciprocal"}, {"Reciprocal"}, import_reciprocal, {}, 0, "DIV"},
    {{"math.sign"}, {"Sign"}, import_sign, "SIGN"},
    {{}, {"Cbrt"}, import_cube_root, {}, 0, "POW of the magnitude, with its sign"},
    {{"math.floor"}, {"Floor"}, import_rounding, "FLOOR"},
    {{"math.ceil"}, {"Ceil"}, import_rounding, "CEIL"},
    {{"math.round", "math.rint"},
     {"Round"},
     import_rounding,
     "ROUND",
     0,
     "ROUND; with decimals between MUL and DIV"},
    {{}, {"Trunc"}, import_truncation, {}, 0, "FLOOR of the magnitude, with its sign"},
    {{}, {"Deg2rad"}, import_scaled, {}, M_PI / 180, "MUL"},
    {{}, {"Rad2deg"}, import_scaled, {}, 180 / M_PI, "MUL"},
    {{"math.erf"}, {"Erf"}, import_erf, {}, 0, "GELU divided by its argument"},
    {{"math.erfc"}, {"Erfc"}, import_erfc, {}, 0, "GELU divided by its argument"},
    {{"clip_by_value", "keras.backend.clip"},
     {"Clip"},
     import_clip,
     {},
     0,
     "RELU6, or MAXIMUM and MINIMUM"},
    {{}, {"NanToNum"}, import_nan_to_num, {}, 0, "comparisons and SELECT_V2"},
};

}  // namespace

FunctionTable elementwise_functions() { return function_table(functions); }

}  // namespace wherry::keras
