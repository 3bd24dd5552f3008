// Decides which constants are worth to be deferred.
#include "ir/workshop.h"

#include <new>

#include "ir/deferred_bytes.h"

namespace wherry {
namespace {

/// To make one again costs more than its memory below this.
constexpr size_t smallest_deferred = 32 << 10;

}  // namespace

Constant Workshop::defer(BytesRecipe recipe) const {
  if (recipe.size < smallest_deferred) return make(recipe);
  return Constant(std::make_shared<const DeferredBytes>(std::move(recipe), *this));
}

Constant Workshop::make(const BytesRecipe& recipe) const {
  auto buffer = std::make_shared<const AlignedBuffer>(recipe.size);
  if (!*buffer) throw std::bad_alloc();
  std::span<std::byte> bytes(buffer->data(), recipe.size);
  make_all(recipe, threads_, bytes);
  return {buffer, bytes};
}

}  // namespace wherry
