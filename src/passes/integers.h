// Integer constants: axes, paddings, shapes.
#pragma once

#include <optional>
#include <vector>

#include "passes/pass.h"

namespace wherry::passes {

/// The elements of an i32 or i64 constant; nothing for computed values and other types.
std::optional<std::vector<int64_t>> integers_of(const PassContext& context, ValueId id);

/// A new i32 constant: a vector, or with `columns` a matrix of that many columns.
ValueId integer_constant(Patch& patch, std::string name, std::vector<int32_t> elements,
                         int64_t columns = 0);

}  // namespace wherry::passes
