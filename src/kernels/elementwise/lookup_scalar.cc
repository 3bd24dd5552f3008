// Table lookup of bytes in plain C++.
#include "kernels/elementwise/lookup_kernel.h"

namespace wherry::kernels::scalar {

void lookup(const Lookup& l) {
  for (size_t i = 0; i < l.count; ++i) l.y[i] = l.table[l.x[i]];
}

}  // namespace wherry::kernels::scalar
