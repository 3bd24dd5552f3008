// Element types of the StableHLO operators that have a kernel.
#pragma once

#include "ir/dtype.h"

namespace wherry::op {

inline constexpr TypeSet stablehlo_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::f64, DType::i8, DType::u8, DType::i16,
           DType::u16, DType::i32, DType::u32, DType::i64, DType::u64, DType::boolean);

}  // namespace wherry::op
