// Takes memory from the system, tensor by tensor, and reads how much there is.
#include "base/scratch_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "base/large_pages.h"

namespace wherry {
namespace {

/// The number in a file that consists of one; nothing where there is no such file or number.
std::optional<size_t> number_in(const char* path) {
  size_t number = 0;
  if (std::ifstream(path) >> number) return number;
  return std::nullopt;
}

/// In bytes.
std::optional<size_t> available_in_system() {
  std::ifstream lines("/proc/meminfo");
  std::string word;
  size_t kilobytes = 0;
  while (lines >> word) {
    if (word == "MemAvailable:" && lines >> kilobytes) return kilobytes << 10;
  }
  return std::nullopt;
}

/// Of the control group that a container sees as its own.
std::optional<size_t> left_in_group() {
  auto most = number_in("/sys/fs/cgroup/memory.max");
  auto used = number_in("/sys/fs/cgroup/memory.current");
  if (!most || !used) return std::nullopt;
  return *most > *used ? *most - *used : 0;
}

}  // namespace

bool ScratchMemory::reserve(size_t size) {
  size_t left = left_->load();
  while (size <= left) {
    if (left_->compare_exchange_weak(left, left - size)) return true;
  }
  return false;
}

std::optional<SharedBytes> ScratchMemory::make(size_t size, size_t granule, const FillPart& fill) {
  if (size == 0) return SharedBytes{};
  if (!reserve(size)) return std::nullopt;
  void* address = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) {
    *left_ += size;
    return std::nullopt;
  }
  std::span<std::byte> bytes(static_cast<std::byte*>(address), size);
  std::shared_ptr<const void> owner(address, [left = left_, size](void* held) {
    ::munmap(held, size);
    *left += size;
  });
  prefer_large_pages(bytes);
  Parts(size, granule).spread(threads_, [&](size_t first, size_t count, size_t) {
    fill(first, bytes.subspan(first, count));
  });
  return SharedBytes{std::move(owner), bytes};
}

std::optional<SharedBytes> ScratchMemory::hold(SharedBytes bytes) {
  const size_t size = bytes.bytes.size();
  if (!reserve(size)) return std::nullopt;
  const void* address = bytes.owner.get();
  std::shared_ptr<const void> owner(
      address, [left = left_, held = bytes.owner, size](const void*) { *left += size; });
  return SharedBytes{std::move(owner), bytes.bytes};
}

size_t available_memory() {
  auto system = available_in_system();
  auto group = left_in_group();
  if (!system) return group.value_or(0);
  return group ? std::min(*system, *group) : *system;
}

}  // namespace wherry
