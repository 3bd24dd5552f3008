// Special functions of mathematics, as series and polynomials of float32 precision.
#include <cmath>
#include <initializer_list>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

/// A polynomial by Horner's rule, the highest coefficient first.
Expected<ValueId> polynomial(Emitter& emitter, ValueId x, std::initializer_list<double> from_high) {
  ValueId sum = no_value;
  for (double coefficient : from_high) {
    if (sum == no_value)
      sum = TRY(emitter.number(coefficient, x));
    else
      sum = TRY(emitter.plus(TRY(emitter.multiply(sum, x)), coefficient));
  }
  return sum;
}

Expected<ValueId> logarithm(Emitter& emitter, ValueId x) { return emitter.node("LOG", {x}); }

// Giles' two polynomials of w = -log(1 - x * x), one for the middle and one for the tails.
Expected<ValueId> inverse_erf(Emitter& emitter, ValueId x) {
  ValueId one = TRY(emitter.number(1, x));
  ValueId rest = TRY(emitter.multiply(TRY(emitter.subtract(one, x)), TRY(emitter.add(one, x))));
  ValueId w = TRY(emitter.node("NEG", {TRY(logarithm(emitter, rest))}));
  ValueId middle =
      TRY(polynomial(emitter, TRY(emitter.plus(w, -2.5)),
                     {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06,
                      0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941}));
  ValueId root = TRY(emitter.node("SQRT", {TRY(emitter.at_least(w, 0))}));
  ValueId tail =
      TRY(polynomial(emitter, TRY(emitter.plus(root, -3)),
                     {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
                      -0.0076224613, 0.00943887047, 1.00167406, 2.83297682}));
  ValueId is_middle = TRY(compare(emitter, "LESS", w, 5));
  return emitter.multiply(x, TRY(emitter.select(is_middle, middle, tail)));
}

/// `number` 0: erfinv(x), 1: erfcinv(x) = erfinv(1 - x), 2: ndtri(x) = sqrt(2) erfinv(2 x - 1).
Expected<Results> import_inverse_erf(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  if (call.def().number == 1) x = TRY(call.subtract(TRY(call.number(1, x)), x));
  if (call.def().number == 2) x = TRY(call.plus(TRY(call.times(x, 2)), -1));
  ValueId y = TRY(inverse_erf(call, x));
  return call.def().number == 2 ? TRY(call.times(y, M_SQRT2)) : y;
}

/// Moves the argument up: 1 where x is below 1/2, where the reflection is needed.
struct Reflected {
  ValueId below = no_value;  ///< truths
  ValueId x = no_value;      ///< x, or 1 - x below 1/2
};

Expected<Reflected> reflected(Emitter& emitter, ValueId x) {
  ValueId below = TRY(compare(emitter, "LESS", x, 0.5));
  ValueId other = TRY(emitter.subtract(TRY(emitter.number(1, x)), x));
  return Reflected{below, TRY(emitter.select(below, other, x))};
}

// Stirling's series of z = x + 6, less the logarithm of x (x + 1) ... (x + 5).
Expected<ValueId> log_gamma_above(Emitter& emitter, ValueId x) {
  ValueId product = x;
  for (int i = 1; i < 6; ++i) product = TRY(emitter.multiply(product, TRY(emitter.plus(x, i))));
  ValueId z = TRY(emitter.plus(x, 6));
  ValueId inverse = TRY(reciprocal(emitter, z));
  ValueId square = TRY(emitter.multiply(inverse, inverse));
  ValueId series = TRY(emitter.multiply(
      inverse, TRY(polynomial(emitter, square, {1.0 / 1260, -1.0 / 360, 1.0 / 12}))));
  ValueId main = TRY(emitter.multiply(TRY(emitter.plus(z, -0.5)), TRY(logarithm(emitter, z))));
  main = TRY(emitter.plus(TRY(emitter.subtract(main, z)), 0.5 * std::log(2 * M_PI)));
  main = TRY(emitter.add(main, series));
  return emitter.subtract(main, TRY(logarithm(emitter, product)));
}

Expected<Results> import_log_gamma(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  Reflected half = TRY(reflected(call, x));
  ValueId y = TRY(log_gamma_above(call, half.x));
  // Below 1/2: log(pi / |sin(pi x)|) less that of 1 - x, the sine of the part behind the point.
  ValueId part = TRY(call.subtract(x, TRY(call.node("FLOOR", {x}))));
  ValueId sine = TRY(call.node("SIN", {TRY(call.times(part, M_PI))}));
  ValueId logs = TRY(logarithm(call, TRY(call.node("ABS", {sine}))));
  ValueId other = TRY(call.subtract(TRY(call.number(std::log(M_PI), x)), logs));
  return TRY(call.select(half.below, TRY(call.subtract(other, y)), y));
}

// The asymptotic series of z = x + 6, less 1/x + 1/(x + 1) + ... + 1/(x + 5).
Expected<ValueId> digamma_above(Emitter& emitter, ValueId x) {
  ValueId sum = TRY(reciprocal(emitter, x));
  for (int i = 1; i < 6; ++i)
    sum = TRY(emitter.add(sum, TRY(reciprocal(emitter, TRY(emitter.plus(x, i))))));
  ValueId z = TRY(emitter.plus(x, 6));
  ValueId inverse = TRY(reciprocal(emitter, z));
  ValueId square = TRY(emitter.multiply(inverse, inverse));
  ValueId series = TRY(emitter.multiply(
      square, TRY(polynomial(emitter, square, {1.0 / 252, -1.0 / 120, 1.0 / 12}))));
  ValueId main =
      TRY(emitter.subtract(TRY(logarithm(emitter, z)), TRY(emitter.times(inverse, 0.5))));
  return emitter.subtract(TRY(emitter.subtract(main, series)), sum);
}

Expected<Results> import_digamma(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  Reflected half = TRY(reflected(call, x));
  ValueId y = TRY(digamma_above(call, half.x));
  // Below 1/2: less pi / tan(pi x).
  ValueId part = TRY(call.subtract(x, TRY(call.node("FLOOR", {x}))));
  ValueId angle = TRY(call.times(part, M_PI));
  ValueId cotangent =
      TRY(call.divide(TRY(call.node("COS", {angle})), TRY(call.node("SIN", {angle}))));
  ValueId other = TRY(call.subtract(y, TRY(call.times(cotangent, M_PI))));
  return TRY(call.select(half.below, other, y));
}

// The polynomials of Abramowitz and Stegun, 9.8.1 to 9.8.4: up to 3.75 in (x / 3.75)^2, beyond in
// 3.75 / x, without the factor exp(x) / sqrt(x).
Expected<ValueId> bessel(Emitter& emitter, ValueId x, bool first_order, bool scaled) {
  ValueId size = TRY(emitter.node("ABS", {x}));
  ValueId ratio = TRY(emitter.times(x, 1 / 3.75));
  ValueId square = TRY(emitter.multiply(ratio, ratio));
  ValueId below = first_order ? TRY(polynomial(emitter, square,
                                               {0.00032411, 0.00301532, 0.02658733, 0.15084934,
                                                0.51498869, 0.87890594, 0.5}))
                              : TRY(polynomial(emitter, square,
                                               {0.0045813, 0.0360768, 0.2659732, 1.2067492,
                                                3.0899424, 3.5156229, 1.0}));
  if (first_order) below = TRY(emitter.multiply(below, size));
  ValueId large = TRY(emitter.at_least(size, 3.75));
  ValueId inverse = TRY(emitter.divide(TRY(emitter.number(3.75, x)), large));
  ValueId beyond =
      first_order ? TRY(polynomial(emitter, inverse,
                                   {-0.00420059, 0.01787654, -0.02895312, 0.02282967, -0.01031555,
                                    0.00163801, -0.00362018, -0.03988024, 0.39894228}))
                  : TRY(polynomial(emitter, inverse,
                                   {0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281,
                                    -0.00157565, 0.00225319, 0.01328592, 0.39894228}));
  beyond = TRY(emitter.multiply(beyond, TRY(emitter.node("RSQRT", {large}))));
  if (scaled) {
    ValueId falling = TRY(emitter.node("EXP", {TRY(emitter.node("NEG", {size}))}));
    below = TRY(emitter.multiply(below, falling));
  } else {
    beyond = TRY(emitter.multiply(beyond, TRY(emitter.node("EXP", {large}))));
  }
  ValueId y = TRY(emitter.select(TRY(compare(emitter, "LESS", size, 3.75)), below, beyond));
  if (!first_order) return y;
  return emitter.multiply(y, TRY(emitter.node("SIGN", {x})));
}

/// `number`: the order; `op` says whether exp(-|x|) is a factor.
Expected<Results> import_bessel(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(bessel(call, x, call.def().number == 1, call.def().op == "scaled"));
}

constexpr FunctionDef functions[] = {
    {{"math.erfinv"}, {"Erfinv"}, import_inverse_erf, {}, 0, "LOG, and two polynomials"},
    {{"math.erfcinv"}, {}, import_inverse_erf, {}, 1, "LOG, and two polynomials"},
    {{"math.ndtri"}, {}, import_inverse_erf, {}, 2, "LOG, and two polynomials"},
    {{"math.lgamma"}, {}, import_log_gamma, {}, 0, "LOG and SIN"},
    {{"math.digamma"}, {}, import_digamma, {}, 0, "LOG, SIN, COS and DIV"},
    {{"math.bessel_i0"}, {"I0"}, import_bessel, {}, 0, "EXP, and two polynomials"},
    {{"math.bessel_i0e"}, {}, import_bessel, "scaled", 0, "EXP, and two polynomials"},
    {{"math.bessel_i1"}, {}, import_bessel, {}, 1, "EXP, and two polynomials"},
    {{"math.bessel_i1e"}, {}, import_bessel, "scaled", 1, "EXP, and two polynomials"},
};

}  // namespace

FunctionTable special_functions_functions() { return function_table(functions); }

}  // namespace wherry::keras
