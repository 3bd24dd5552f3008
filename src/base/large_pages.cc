// Advises the kernel, where there is such an advice.
#include "base/large_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace wherry {
namespace {

/// Where a large page of 2 MB has room whatever the address, and what is left over is little.
constexpr size_t smallest = 4 << 20;

}  // namespace

void prefer_large_pages([[maybe_unused]] std::span<std::byte> bytes) {
#ifdef MADV_HUGEPAGE
  if (bytes.size() < smallest) return;
  static const uintptr_t page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  uintptr_t first = (reinterpret_cast<uintptr_t>(bytes.data()) + page - 1) / page * page;
  uintptr_t last = (reinterpret_cast<uintptr_t>(bytes.data()) + bytes.size()) / page * page;
  ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

}  // namespace wherry
