// Decides which constants go to the scratch memory, and which to the scratch file.
#include "ir/constant_store.h"

#include <cstring>

namespace wherry {
namespace {

/// A mapping of its own costs more than it saves below this.
constexpr size_t smallest_kept = 32 << 10;

}  // namespace

bool ConstantStore::takes(size_t size) const { return room_ && size >= smallest_kept; }

Constant ConstantStore::keep(Constant constant) const {
  std::span<const std::byte> bytes = constant.bytes();
  if (!takes(bytes.size()) || is_mapped(constant.owner())) return constant;
  if (auto held = room_->memory.hold({constant.owner(), bytes}))
    return Constant(held->owner, held->bytes);
  auto copy = [&](size_t first, std::span<std::byte> part) {
    std::memcpy(part.data(), bytes.data() + first, part.size());
  };
  auto kept = room_->file.make(bytes.size(), 1, copy);
  return kept ? Constant(kept->owner, kept->bytes) : constant;
}

Constant ConstantStore::make(size_t size, size_t granule, const FillPart& fill) const {
  if (takes(size)) {
    if (auto kept = room_->memory.make(size, granule, fill))
      return Constant(kept->owner, kept->bytes);
    if (auto kept = room_->file.make(size, granule, fill))
      return Constant(kept->owner, kept->bytes);
  }
  std::vector<std::byte> bytes(size);
  fill(0, bytes);
  return Constant::of(std::move(bytes));
}

}  // namespace wherry
