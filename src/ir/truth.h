// A truth as tensors store it: one byte, true when it is not zero.
#pragma once

#include <cstdint>

#include "ir/dtype.h"

namespace wherry {

/// Element of a boolean tensor. Files and users may store bytes other than 0 and 1, which a `bool`
/// must never be loaded from.
struct Truth {
  constexpr Truth() = default;
  constexpr Truth(bool value) : byte(value) {}
  constexpr operator bool() const { return byte != 0; }

  uint8_t byte = 0;
};
static_assert(sizeof(Truth) == 1);

template <>
inline constexpr DType dtype_of<Truth> = DType::boolean;

}  // namespace wherry
