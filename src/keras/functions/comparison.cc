// Comparisons, truth values, and what becomes truth values.
#include <cmath>
#include <limits>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// |x| compared with infinity.
Expected<Results> import_magnitude_test(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(compare(call, call.def().op, TRY(call.node("ABS", {x})), infinity));
}

Expected<Results> import_number_test(FunctionCall& call) {
  return TRY(compare(call, "EQUAL", TRY(call.float_first()), call.def().number));
}

/// `number` everywhere.
Expected<Results> import_always(FunctionCall& call) {
  ValueId shape = TRY(call.node("SHAPE", {TRY(call.first())}));
  return TRY(call.node("FILL", {shape, TRY(call.number(call.def().number, DType::boolean))}));
}

Expected<Results> import_isnan(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(call.node("NOT_EQUAL", {x, x}));
}

/// True for -0 as well, whose reciprocal is negative.
Expected<Results> import_signbit(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId below = TRY(compare(call, "LESS", x, 0));
  ValueId reciprocal_below = TRY(compare(call, "LESS", TRY(reciprocal(call, x)), 0));
  return TRY(call.node("LOGICAL_OR", {below, reciprocal_below}));
}

/// x < y and the like.
Expected<Results> import_comparison(FunctionCall& call) {
  call.ignore("incompatible_shape_error");
  if (!call.newer() && !call.has("y|other"))
    return call.unsupported("Keras 2 leaves the second operand of == and != out of the file", {},
                            "use tf.equal or tf.not_equal, then save the model again");
  FunctionCall::Operands both = TRY(call.operands("x1|x|self", "x2|y|other"));
  return TRY(call.node(call.def().op, {both.a, both.b}));
}

Expected<Results> import_isclose(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.float_operands("x1", "x2"));
  TRY(call.only("equal_nan", PyValue::of(false)));
  const PyValue &rtol = call.argument("rtol", 2), &atol = call.argument("atol", 3);
  double relative = rtol.is_number() ? rtol.real() : 1e-5;
  double absolute = atol.is_number() ? atol.real() : 1e-8;
  ValueId distance = TRY(call.node("ABS", {TRY(call.subtract(both.a, both.b))}));
  ValueId scaled = TRY(call.times(TRY(call.node("ABS", {both.b})), relative));
  return TRY(call.node("LESS_EQUAL", {distance, TRY(call.plus(scaled, absolute))}));
}

/// Truth values: numbers other than 0 are true.
Expected<ValueId> truth(FunctionCall& call, ValueId x) {
  if (call.dtype(x) == DType::boolean) return x;
  return compare(call, "NOT_EQUAL", x, 0);
}

Expected<Results> import_logical(FunctionCall& call) {
  ValueId a = TRY(truth(call, TRY(call.tensor("x1|x", 0))));
  ValueId b = TRY(truth(call, TRY(call.tensor("x2|y", 1))));
  return TRY(call.node(call.def().op, {a, b}));
}

Expected<Results> import_logical_not(FunctionCall& call) {
  return TRY(call.node("LOGICAL_NOT", {TRY(truth(call, TRY(call.first())))}));
}

/// The bits that both have. a + b is (a ^ b) + 2 * (a & b); of halves the sum cannot overflow, and
/// the lowest bits meet in a product.
Expected<ValueId> joint_bits(FunctionCall& call, ValueId a, ValueId b) {
  ValueId one = TRY(call.number(1, a)), two = TRY(call.number(2, a));
  ValueId half_a = TRY(call.node("RIGHT_SHIFT", {a, one})),
          half_b = TRY(call.node("RIGHT_SHIFT", {b, one}));
  ValueId higher = TRY(call.subtract(TRY(call.add(half_a, half_b)),
                                     TRY(call.node("BITWISE_XOR", {half_a, half_b}))));
  ValueId low_a = TRY(call.subtract(a, TRY(call.multiply(half_a, two)))),
          low_b = TRY(call.subtract(b, TRY(call.multiply(half_b, two))));
  return call.add(higher, TRY(call.multiply(low_a, low_b)));
}

/// Of truth values the logical operator; of integers there is only an operator for exclusive or.
Expected<Results> import_bitwise(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|x", "x2|y"));
  if (call.dtype(both.a) == DType::boolean) return TRY(call.node(call.def().op, {both.a, both.b}));
  if (call.def().op == "NOT_EQUAL") return TRY(call.node("BITWISE_XOR", {both.a, both.b}));
  const PyValue& mask = call.argument("x2|y", 1);
  bool is_low_bits = mask.has_integer() && mask.integer() > 0 && mask.integer() < (1 << 30) &&
                     (mask.integer() & (mask.integer() + 1)) == 0;
  if (call.def().op == "LOGICAL_AND" && is_low_bits) {  // the remainder of a power of two
    ValueId power = TRY(call.number(static_cast<double>(mask.integer() + 1), both.a));
    return TRY(call.node("FLOOR_MOD", {both.a, power}));
  }
  if (call.dtype(both.a) == DType::i32) {
    ValueId joint = TRY(joint_bits(call, both.a, both.b));
    if (call.def().op == "LOGICAL_AND") return joint;
    return TRY(call.add(joint, TRY(call.node("BITWISE_XOR", {both.a, both.b}))));
  }
  return call.unsupported("there is no operator for it over integers of this width",
                          std::string(name_of(call.dtype(both.a))),
                          "use truth values, or arithmetic");
}

/// x * 2^y, or RIGHT_SHIFT.
Expected<Results> import_shift(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1|x", "x2|y"));
  if (call.def().op == "RIGHT_SHIFT") return TRY(call.node("RIGHT_SHIFT", {both.a, both.b}));
  ValueId power = TRY(call.node("POW", {TRY(call.number(2, both.b)), both.b}));
  return TRY(call.multiply(both.a, power));
}

Expected<Results> import_invert(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.dtype(x) == DType::boolean) return TRY(call.node("LOGICAL_NOT", {x}));
  return TRY(call.node("BITWISE_XOR", {x, TRY(call.number(-1, x))}));
}

constexpr FunctionDef functions[] = {

    {{"math.equal", "__operators__.eq"}, {"Equal"}, import_comparison, "EQUAL"},
    {{"math.not_equal", "__operators__.ne"}, {"NotEqual"}, import_comparison, "NOT_EQUAL"},
    {{"math.greater"}, {"Greater"}, import_comparison, "GREATER"},
    {{"math.greater_equal"}, {"GreaterEqual"}, import_comparison, "GREATER_EQUAL"},
    {{"math.less"}, {"Less"}, import_comparison, "LESS"},
    {{"math.less_equal"}, {"LessEqual"}, import_comparison, "LESS_EQUAL"},
    {{}, {"Isclose"}, import_isclose, {}, 0, "ABS and LESS_EQUAL"},
    {{"math.logical_and"}, {"LogicalAnd"}, import_logical, "LOGICAL_AND"},
    {{"math.logical_or"}, {"LogicalOr"}, import_logical, "LOGICAL_OR"},
    {{"math.logical_xor"}, {"LogicalXor"}, import_logical, "NOT_EQUAL"},
    {{"math.logical_not"}, {"LogicalNot"}, import_logical_not, "LOGICAL_NOT"},
    {{"bitwise.bitwise_and"},
     {"BitwiseAnd"},
     import_bitwise,
     "LOGICAL_AND",
     0,
     "LOGICAL_AND of truth values, FLOOR_MOD for low bits, else RIGHT_SHIFT and BITWISE_XOR"},
    {{"bitwise.bitwise_or"},
     {"BitwiseOr"},
     import_bitwise,
     "LOGICAL_OR",
     0,
     "LOGICAL_OR of truth values, else RIGHT_SHIFT and BITWISE_XOR"},
    {{"bitwise.bitwise_xor"},
     {"BitwiseXor"},
     import_bitwise,
     "NOT_EQUAL",
     0,
     "BITWISE_XOR, or NOT_EQUAL of truth values"},
    {{"bitwise.left_shift"},
     {"BitwiseLeftShift", "LeftShift"},
     import_shift,
     "MUL",
     0,
     "POW and MUL"},
    {{"bitwise.right_shift"}, {"BitwiseRightShift", "RightShift"}, import_shift, "RIGHT_SHIFT"},
    {{"bitwise.invert"},
     {"BitwiseNot", "BitwiseInvert"},
     import_invert,
     {},
     0,
     "BITWISE_XOR or LOGICAL_NOT"},
    {{"math.is_finite"}, {"Isfinite"}, import_magnitude_test, "LESS", 0, "ABS and LESS"},
    {{"math.is_inf"}, {"Isinf"}, import_magnitude_test, "EQUAL", 0, "ABS and EQUAL"},
    {{"math.is_nan"}, {"Isnan"}, import_isnan, {}, 0, "NOT_EQUAL"},
    {{}, {"Isposinf"}, import_number_test, {}, infinity, "EQUAL"},
    {{}, {"Isneginf"}, import_number_test, {}, -infinity, "EQUAL"},
    {{}, {"Isreal"}, import_always, {}, 1, "FILL"},
    {{}, {"Signbit"}, import_signbit, {}, 0, "comparisons and DIV"},
};

}  // namespace

FunctionTable comparison_functions() { return function_table(functions); }

}  // namespace wherry::keras
