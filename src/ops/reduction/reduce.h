// REDUCE_MAX, REDUCE_MIN, REDUCE_ANY and REDUCE_ALL: what is left of axes when two elements become
// one again and again.
#pragma once

#include "ir/op_def.h"
#include "ops/reduction/reduction.h"

namespace wherry::op {

extern const OpDef reduce_family[4];
inline constexpr const OpDef& reduce_max = reduce_family[0];
inline constexpr const OpDef& reduce_min = reduce_family[1];
inline constexpr const OpDef& reduce_any = reduce_family[2];
inline constexpr const OpDef& reduce_all = reduce_family[3];

}  // namespace wherry::op
