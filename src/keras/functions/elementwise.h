// Small chains of elementwise operators that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// x * x.
Expected<ValueId> square(Emitter& emitter, ValueId x);
/// 1 / x.
Expected<ValueId> reciprocal(Emitter& emitter, ValueId x);
/// x compared with a number by LESS, EQUAL and the like: bool.
Expected<ValueId> compare(Emitter& emitter, std::string_view op, ValueId x, double number);
/// a / b, and 0 where b is 0.
Expected<ValueId> quotient_or_zero(Emitter& emitter, ValueId a, ValueId b);
/// Rounded towards 0.
Expected<ValueId> truncated(Emitter& emitter, ValueId x);
/// The share of the normal distribution that lies below t.
Expected<ValueId> normal_share(Emitter& emitter, ValueId t);

}  // namespace wherry::keras
