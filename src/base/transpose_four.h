// Turns four rows of four floats into four columns: the smallest step of transposing matrices.
#pragma once

#include <cstddef>
#include <cstring>

namespace wherry {

/// Reads rows of four at any alignment, `from_step` bytes apart; writes rows of four, `to_step`
/// floats apart. Compilers make vector instructions of it.
inline void transpose_four(const std::byte* from, ptrdiff_t from_step, float* to,
                           ptrdiff_t to_step) {
  using Four [[gnu::vector_size(16)]] = float;
  Four a, b, c, d;
  std::memcpy(&a, from, 16);
  std::memcpy(&b, from + from_step, 16);
  std::memcpy(&c, from + 2 * from_step, 16);
  std::memcpy(&d, from + 3 * from_step, 16);
  Four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5),
       cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  Four ab_2 = __builtin_shufflevector(a, b, 2, 6, 3, 7),
       cd_2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  Four columns[4] = {__builtin_shufflevector(ab, cd, 0, 1, 4, 5),
                     __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                     __builtin_shufflevector(ab_2, cd_2, 0, 1, 4, 5),
                     __builtin_shufflevector(ab_2, cd_2, 2, 3, 6, 7)};
  for (ptrdiff_t i = 0; i < 4; ++i) std::memcpy(to + i * to_step, &columns[i], 16);
}

}  // namespace wherry
