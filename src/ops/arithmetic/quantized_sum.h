// The quantised forms of ADD and SUB.
#pragma once

#include "ops/context.h"
#include "ops/fixed_point.h"

namespace wherry {

struct QuantizedSum {
  bool subtract = false;
  Activation activation = Activation::none;
  bool pot_scale_int16 = false;  ///< int16 scales may be powers of two, see below
};

/// Checks what int16 operands need beyond their scales: when `pot_scale_int16` is set and all
/// scales are powers of two, one operand must have the output's scale and the other a finer one.
Status check_quantized_sum(const InferContext& context, const QuantizedSum& sum);
Status run_quantized_sum(Call& call, const QuantizedSum& sum);

}  // namespace wherry
