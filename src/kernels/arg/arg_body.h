// The first largest byte as a template: Bytes knows lanes, load (of the first n), set, flip, max,
// largest (of all lanes) and equal (a mask of lanes).
#pragma once

#include "kernels/arg/arg_kernel.h"

namespace wherry::kernels {

template <class Bytes>
struct FirstLargestBody {
  using Vec = typename Bytes::Vec;

  /// The flipped bytes from column c on; zeros, which are never larger, beyond the row.
  [[gnu::always_inline]] static Vec flipped(const uint8_t* row, size_t c, size_t columns,
                                            Vec flip) {
    const size_t left = columns - c;
    if (left >= Bytes::lanes) return Bytes::flip(Bytes::load(row + c), flip);
    return Bytes::keep_first(Bytes::flip(Bytes::load_first(row + c, left), flip), left);
  }

  static void run(const FirstLargest& f) {
    const Vec flip = Bytes::set(f.flip);
    for (size_t r = 0; r < f.rows; ++r) {
      const uint8_t* row = f.x + r * f.columns;
      Vec most = flipped(row, 0, f.columns, flip);
      for (size_t c = Bytes::lanes; c < f.columns; c += Bytes::lanes)
        most = Bytes::max(most, flipped(row, c, f.columns, flip));
      const Vec wanted = Bytes::set(Bytes::largest(most));
      for (size_t c = 0; c < f.columns; c += Bytes::lanes) {
        const uint64_t found = Bytes::equal(flipped(row, c, f.columns, flip), wanted);
        if (!found) continue;
        f.y[r] = static_cast<int32_t>(c) + __builtin_ctzll(found);
        break;
      }
    }
  }
};

}  // namespace wherry::kernels
