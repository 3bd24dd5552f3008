// One kernel in several forms: the same list is dispatcher, test parameters and benchmark list.
#pragma once

#include <cstddef>

#include "base/cpu.h"

namespace wherry::kernels {

/// One form of a kernel. `Kernel` is a function pointer or a struct of constants and pointers.
template <class Kernel>
struct Variant {
  const char* name;
  Cpu needs;
  Kernel kernel;
};

/// The first entry of `list` (best first, the last one needs nothing) that `have` can run.
template <class Kernel, size_t N>
constexpr const Variant<Kernel>& choose(const Variant<Kernel> (&list)[N],
                                        Cpu have = cpu::detect()) {
  for (const Variant<Kernel>& variant : list)
    if (have.has(variant.needs)) return variant;
  return list[N - 1];
}

}  // namespace wherry::kernels
