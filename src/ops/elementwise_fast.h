// Steps of operators on single elements: floats by a vector function, bytes by a table.
#pragma once

#include <array>

#include "kernels/elementwise/unary_f32_kernel.h"
#include "ops/fixed_point.h"
#include "runtime/plan.h"

namespace wherry {

/// By the bits of the stored input element: what the reference of `context`'s node stores in its
/// output. Input 0 and output 0 are i8 or u8; the operator has no further inputs. Error: that of
/// the reference, which some operators give for some elements.
Expected<std::array<uint8_t, 256>> byte_table_of(const PlanContext& context);

/// Looks every element up. Declines other types, and operators that fail on some elements.
PlanResult plan_byte_table(PlanContext& context);

/// A float function of input 0 with its parameters; declines other types.
PlanResult plan_unary_f32(PlanContext& context, kernels::UnaryOp op, FloatRange parameters = {});

}  // namespace wherry
