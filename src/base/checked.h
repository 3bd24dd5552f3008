// Arithmetic on sizes that come from files: overflow is an error, never a wrap.
#pragma once

#include <cstdint>

#include "base/error.h"

namespace wherry {

/// No single tensor, buffer or file section may pass this many bytes (16 TiB).
inline constexpr int64_t max_bytes = int64_t{1} << 44;

inline Expected<int64_t> checked_multiply(int64_t a, int64_t b) {
  int64_t result;
  ENSURE_CODE(ErrorCode::too_large, !__builtin_mul_overflow(a, b, &result), "the product ", a,
              " * ", b, " overflows");
  return result;
}

inline Expected<int64_t> checked_add(int64_t a, int64_t b) {
  int64_t result;
  ENSURE_CODE(ErrorCode::too_large, !__builtin_add_overflow(a, b, &result), "the sum ", a, " + ", b,
              " overflows");
  return result;
}

/// True when [offset, offset + size) lies inside [0, limit); safe for any values.
constexpr bool fits(uint64_t offset, uint64_t size, uint64_t limit) {
  return offset <= limit && size <= limit - offset;
}

}  // namespace wherry
