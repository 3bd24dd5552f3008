// Any function of one byte, as a table of its 256 values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// y[i] = table[x[i]], bytes taken as unsigned; y may be x.
struct Lookup {
  const uint8_t* table;
  const uint8_t* x;
  uint8_t* y;
  size_t count;
};
using LookupKernel = void(const Lookup&);

namespace scalar {
LookupKernel lookup;
}
namespace x86_avx2 {
LookupKernel lookup;
}
namespace x86_vnni {
LookupKernel lookup;
}

}  // namespace wherry::kernels
