// Decides which constants go to the scratch file.
#include "ir/constant_store.h"

#include <cstring>

namespace wherry {
namespace {

/// A mapping of its own costs more than it saves below this.
constexpr size_t smallest_kept = 32 << 10;

}  // namespace

bool ConstantStore::takes(size_t size) const { return file_ && size >= smallest_kept; }

Constant ConstantStore::keep(Constant constant) const {
  std::span<const std::byte> bytes = constant.bytes();
  if (!takes(bytes.size()) || is_mapped(constant.owner())) return constant;
  auto copy = [&](size_t first, std::span<std::byte> part) {
    std::memcpy(part.data(), bytes.data() + first, part.size());
  };
  auto kept = file_->make(bytes.size(), 1, copy);
  return kept ? Constant(kept->owner, kept->bytes) : constant;
}

Constant ConstantStore::make(size_t size, size_t granule, const ScratchFile::Fill& fill) const {
  if (takes(size)) {
    auto kept = file_->make(size, granule, fill);
    if (kept) return Constant(kept->owner, kept->bytes);
  }
  std::vector<std::byte> bytes(size);
  fill(0, bytes);
  return Constant::of(std::move(bytes));
}

}  // namespace wherry
