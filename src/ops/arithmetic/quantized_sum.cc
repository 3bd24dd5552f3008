// The quantised forms of ADD and SUB: a general one, and one for int16 scales that are powers of
// two, where a shift takes the place of the rescaling.
#include "ops/arithmetic/quantized_sum.h"

#include "ops/activation/sigmoid_table.h"
#include "ops/arithmetic/binary.h"

namespace wherry {
namespace {

/// Right shifts that bring the operands to the output's scale.
struct Shifts {
  int a = 0, b = 0;
};

bool by_shifting(const TensorType& a, const TensorType& b, const TensorType& y,
                 const QuantizedSum& sum, Shifts& shifts) {
  int of_a, of_b, of_y;
  if (y.dtype != DType::i16 || !sum.pot_scale_int16 || !exponent_of_two(a.scale(), of_a) ||
      !exponent_of_two(b.scale(), of_b) || !exponent_of_two(y.scale(), of_y))
    return false;
  shifts = {of_y - of_a, of_y - of_b};
  return true;
}

void sum_by_shifting(Call& call, Shifts shifts, bool subtract, IntegerRange range) {
  auto shifted = [](int16_t x, int amount) {
    return rounding_divide_by_power(x, std::min(amount, 31));
  };
  map_pairs<int16_t>(call, [&](int16_t left, int16_t right) {
    int32_t a = shifted(left, shifts.a), b = shifted(right, shifts.b);
    int32_t result = std::clamp(subtract ? a - b : a + b, -32768, 32767);
    return static_cast<int16_t>(std::clamp(result, range.min, range.max));
  });
}

template <class T>
void sum_on_common_scale(Call& call, bool subtract, IntegerRange range) {
  const TensorType& out = *call.output(0).type;
  const CommonScale common(*call.input(0).type, *call.input(1).type,
                           out.dtype == DType::i16 ? 15 : 20);
  const FixedMultiplier factor =
      fixed_multiplier(common.scale() / static_cast<double>(out.scale()));
  map_pairs<T>(call, [&](T left, T right) {
    int64_t a = common.left(left), b = common.right(right);
    auto result =
        static_cast<int32_t>(std::clamp<int64_t>(subtract ? a - b : a + b, INT32_MIN, INT32_MAX));
    return static_cast<T>(std::clamp<int64_t>(int64_t{multiply(result, factor)} + out.zero_point(),
                                              range.min, range.max));
  });
}

}  // namespace

Status check_quantized_sum(const InferContext& context, const QuantizedSum& sum) {
  const TensorType &a = context.input(0), &b = context.input(1), &y = context.declared(0);
  Shifts shifts;
  if (!by_shifting(a, b, y, sum, shifts)) return {};
  TRY(check_zero_points_are_zero(context, 2));
  ENSURE(shifts.a >= 0 && shifts.b >= 0 && (shifts.a == 0 || shifts.b == 0), context.op().name,
         " of i16 with pot_scale_int16 needs one input with the output's scale ", y.scale(),
         " and one with that or a smaller scale, got ", a.scale(), " and ", b.scale());
  return {};
}

Status run_quantized_sum(Call& call, const QuantizedSum& sum) {
  const TensorType& out = *call.output(0).type;
  IntegerRange range = quantized_activation_range(sum.activation, out);
  Shifts shifts;
  if (by_shifting(*call.input(0).type, *call.input(1).type, out, sum, shifts)) {
    sum_by_shifting(call, shifts, sum.subtract, range);
    return {};
  }
  for_type<int8_t, uint8_t, int16_t>(
      out.dtype, [&]<class T>() { sum_on_common_scale<T>(call, sum.subtract, range); });
  return {};
}

}  // namespace wherry
