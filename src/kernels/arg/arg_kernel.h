// Where the largest byte of each row stands first: what the kernels are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// y[r] = the first c at which x[r][c] ^ flip is largest as an unsigned byte. flip: 0 for unsigned
/// bytes, 0x80 for signed ones; their complements look for the smallest. columns is at least 1.
struct FirstLargest {
  const uint8_t* x;
  int32_t* y;
  size_t rows, columns;
  uint8_t flip;
};
using FirstLargestKernel = void(const FirstLargest&);

namespace scalar {
FirstLargestKernel first_largest;
}
namespace x86_avx2 {
FirstLargestKernel first_largest;
}
namespace x86_avx512 {
FirstLargestKernel first_largest;
}

}  // namespace wherry::kernels
