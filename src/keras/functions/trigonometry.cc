// Trigonometric and hyperbolic functions.
#include <cmath>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

Expected<Results> import_circular(FunctionCall& call) {
  return TRY(call.node(call.def().op, {TRY(call.float_first())}));
}

/// The operator wants operands of one shape.
Expected<ValueId> angle(FunctionCall& call, ValueId y, ValueId x) {
  if (call.shape(y) != call.shape(x)) {
    ValueId shape = TRY(
        call.node("BROADCAST_ARGS", {TRY(call.node("SHAPE", {y})), TRY(call.node("SHAPE", {x}))}));
    y = TRY(call.node("BROADCAST_TO", {y, shape}));
    x = TRY(call.node("BROADCAST_TO", {x, shape}));
  }
  return call.node("ATAN2", {y, x});
}

/// atan2(y, x) of TensorFlow names its first argument y.
Expected<Results> import_atan2(FunctionCall& call) {
  FunctionCall::Operands both =
      TRY(call.newer() ? call.float_operands("x1", "x2") : call.float_operands("y", "x"));
  return TRY(angle(call, both.a, both.b));
}

/// (exp(x) + sign * exp(-x)) / 2.
Expected<ValueId> hyperbolic(Emitter& emitter, ValueId x, std::string_view joining) {
  ValueId up = TRY(emitter.node("EXP", {x}));
  ValueId down = TRY(emitter.node("EXP", {TRY(emitter.node("NEG", {x}))}));
  return emitter.times(TRY(emitter.node(joining, {up, down})), 0.5);
}

Expected<Results> import_hyperbolic(FunctionCall& call) {
  return TRY(hyperbolic(call, TRY(call.float_first()), call.def().op));
}

Expected<Results> import_tan(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(call.divide(TRY(call.node("SIN", {x})), TRY(call.node("COS", {x}))));
}

/// sqrt((1 - x) * (1 + x)): the other leg of the triangle.
Expected<ValueId> other_leg(Emitter& emitter, ValueId x) {
  ValueId less = TRY(emitter.subtract(TRY(emitter.number(1, x)), x));
  ValueId product = TRY(emitter.multiply(less, TRY(emitter.plus(x, 1))));
  return emitter.node("SQRT", {product});
}

Expected<Results> import_asin(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(call.node("ATAN2", {x, TRY(other_leg(call, x))}));
}

Expected<Results> import_acos(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(call.node("ATAN2", {TRY(other_leg(call, x)), x}));
}

Expected<Results> import_atan(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(angle(call, x, TRY(call.number(1, x))));
}

/// sign(x) * log(|x| + sqrt(x * x + 1)).
Expected<Results> import_asinh(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId magnitude = TRY(call.node("ABS", {x}));
  ValueId root = TRY(call.node("SQRT", {TRY(call.plus(TRY(square(call, x)), 1))}));
  ValueId logarithm = TRY(call.node("LOG", {TRY(call.add(magnitude, root))}));
  return TRY(call.multiply(logarithm, TRY(call.node("SIGN", {x}))));
}

/// log(x + sqrt((x - 1) * (x + 1))).
Expected<Results> import_acosh(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId product = TRY(call.multiply(TRY(call.plus(x, -1)), TRY(call.plus(x, 1))));
  return TRY(call.node("LOG", {TRY(call.add(x, TRY(call.node("SQRT", {product}))))}));
}

/// log((1 + x) / (1 - x)) / 2.
Expected<Results> import_atanh(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId less = TRY(call.subtract(TRY(call.number(1, x)), x));
  ValueId ratio = TRY(call.divide(TRY(call.plus(x, 1)), less));
  return TRY(call.times(TRY(call.node("LOG", {ratio})), 0.5));
}

/// sin(pi x) / (pi x), and 1 at 0.
Expected<Results> import_sinc(FunctionCall& call) {
  ValueId x = TRY(call.times(TRY(call.float_first()), M_PI));
  ValueId none = TRY(compare(call, "EQUAL", x, 0)), one = TRY(call.number(1, x));
  ValueId safe = TRY(call.select(none, one, x));
  ValueId ratio = TRY(call.divide(TRY(call.node("SIN", {safe})), safe));
  return TRY(call.select(none, one, ratio));
}

/// Of real numbers 0, or half a turn below 0.
Expected<Results> import_angle(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.dtype(x) == DType::c64)
    return TRY(call.node("ATAN2", {TRY(call.node("IMAG", {x})), TRY(call.node("REAL", {x}))}));
  x = TRY(call.to_float(x));
  ValueId below = TRY(compare(call, "LESS", x, 0));
  return TRY(call.select(below, TRY(call.number(M_PI, x)), TRY(call.number(0, x))));
}

constexpr FunctionDef functions[] = {

    {{"math.sin"}, {"Sin"}, import_circular, "SIN"},
    {{"math.cos"}, {"Cos"}, import_circular, "COS"},
    {{"math.tan"}, {"Tan"}, import_tan, {}, 0, "SIN and COS"},
    {{"math.asin"}, {"Arcsin"}, import_asin, {}, 0, "ATAN2"},
    {{"math.acos"}, {"Arccos"}, import_acos, {}, 0, "ATAN2"},
    {{"math.atan"}, {"Arctan"}, import_atan, {}, 0, "ATAN2"},
    {{"math.angle"}, {"Angle"}, import_angle, {}, 0, "LESS and SELECT_V2, or ATAN2"},
    {{"math.atan2"}, {"Arctan2"}, import_atan2, "ATAN2"},
    {{"math.sinh"}, {"Sinh"}, import_hyperbolic, "SUB", 0, "EXP"},
    {{"math.cosh"}, {"Cosh"}, import_hyperbolic, "ADD", 0, "EXP"},
    {{"math.asinh"}, {"Arcsinh"}, import_asinh, {}, 0, "SQRT and LOG"},
    {{"math.acosh"}, {"Arccosh"}, import_acosh, {}, 0, "SQRT and LOG"},
    {{"math.atanh"}, {"Arctanh"}, import_atanh, {}, 0, "DIV and LOG"},
    {{}, {"Sinc"}, import_sinc, {}, 0, "SIN and DIV"},
};

}  // namespace

FunctionTable trigonometry_functions() { return function_table(functions); }

}  // namespace wherry::keras
