// RANDOM_UNIFORM and RANDOM_STANDARD_NORMAL: random floats in a given shape.
#pragma once

#include "ir/op_def.h"
#include "ops/random/random_stream.h"

namespace wherry::op {

extern const OpDef random_numbers_family[2];
inline constexpr const OpDef& random_uniform = random_numbers_family[0];
inline constexpr const OpDef& random_standard_normal = random_numbers_family[1];

}  // namespace wherry::op
