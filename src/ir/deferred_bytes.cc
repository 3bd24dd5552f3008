// Makes bytes part by part, in buffers that are used again.
#include "ir/deferred_bytes.h"

namespace wherry {
namespace {

/// What the parts of a recipe, and those of its sources that are read part by part, find at hand as
/// long as `held` lives: it would be made for each part anew.
void hold_sources(const BytesRecipe& recipe, std::vector<Constant>& held) {
  for (const Constant& source : recipe.sources) {
    if (recipe.reads_all_over)
      held.push_back(source.at_hand());
    else if (source.is_deferred())
      hold_sources(source.recipe(), held);
  }
}

}  // namespace

void make_all(const BytesRecipe& recipe, size_t threads, std::span<std::byte> bytes) {
  std::vector<Constant> held;
  hold_sources(recipe, held);
  Parts(recipe.size, recipe.granule).spread(threads, [&](size_t first, size_t count, size_t) {
    recipe.fill(first, bytes.subspan(first, count));
  });
}

SharedBytes DeferredBytes::make_locked() const {
  std::shared_ptr<const AlignedBuffer> buffer = made_.lock();
  if (!buffer) {
    buffer = workshop_.buffers().lend(size());
    make_all(recipe_, workshop_.threads(), {buffer->data(), size()});
    made_ = buffer;
    drop_pages();
  }
  return {buffer, {buffer->data(), size()}};
}

SharedBytes DeferredBytes::make() const {
  std::lock_guard lock(mutex_);
  return make_locked();
}

std::span<const std::byte> DeferredBytes::keep() const {
  std::lock_guard lock(mutex_);
  if (!kept_.owner) kept_ = make_locked();
  return kept_.bytes;
}

Status DeferredBytes::visit(size_t threads, const Constant::UsePart& use) const {
  std::vector<Constant> held;
  hold_sources(recipe_, held);
  const Parts parts(size(), granule());
  std::vector<std::shared_ptr<const AlignedBuffer>> rooms;
  for (size_t i = 0; i < parts.useful_threads(threads); ++i)
    rooms.push_back(workshop_.buffers().lend(parts.largest()));
  FirstError error;
  parts.spread(threads, [&](size_t first, size_t count, size_t thread) {
    if (error) return;
    std::span<std::byte> part(rooms[thread]->data(), count);
    recipe_.fill(first, part);
    error.note(use(first, part));
  });
  return std::move(error).status();
}

void DeferredBytes::drop_pages() const {
  for (const Constant& source : recipe_.sources) source.drop_pages();
}

}  // namespace wherry
