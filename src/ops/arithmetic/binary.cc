// Rules on types and scales of ADD, SUB, MUL and DIV.
#include "ops/arithmetic/binary.h"

namespace wherry {

bool is_quantized_number(const TensorType& type) {
  return type.dtype == DType::i8 || type.dtype == DType::u8 ||
         (type.dtype == DType::i16 && type.quantized());
}

Status infer_arithmetic(InferContext& context, Activation activation) {
  TRY(infer_pairs(context, context.dtype(0)));
  ENSURE_CODE(ErrorCode::unsupported,
              activation == Activation::none || context.dtype(0) != DType::c64, context.op().name,
              " of complex numbers cannot have a fused activation");
  if (is_quantized_number(context.input(0))) TRY(check_scales(context, 2));
  return {};
}

CommonScale::CommonScale(const TensorType& a, const TensorType& b, int left_shift)
    : left_shift_(left_shift),
      twice_larger_scale_(2 * static_cast<double>(std::max(a.scale(), b.scale()))),
      a_zero_(a.zero_point()),
      b_zero_(b.zero_point()),
      a_factor_(fixed_multiplier(static_cast<double>(a.scale()) / twice_larger_scale_)),
      b_factor_(fixed_multiplier(static_cast<double>(b.scale()) / twice_larger_scale_)) {}

}  // namespace wherry
