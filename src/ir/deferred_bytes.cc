// Makes bytes part by part, in buffers that are used again.
#include "ir/deferred_bytes.h"

#include <atomic>

namespace wherry {
namespace {

/// What the recipe's parts find at hand as long as the result lives.
std::vector<Constant> sources_at_hand(const BytesRecipe& recipe) {
  std::vector<Constant> held;
  if (!recipe.reads_all_over) return held;
  for (const Constant& source : recipe.sources) held.push_back(source.at_hand());
  return held;
}

}  // namespace

void make_all(const BytesRecipe& recipe, size_t threads, std::span<std::byte> bytes) {
  std::vector<Constant> held = sources_at_hand(recipe);
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

Status DeferredBytes::visit(bool in_any_order, const Constant::UsePart& use) const {
  std::vector<Constant> held = sources_at_hand(recipe_);
  const Parts parts(size(), granule());
  const size_t threads = in_any_order ? parts.useful_threads(workshop_.threads()) : 1;
  std::vector<std::shared_ptr<const AlignedBuffer>> rooms;
  for (size_t i = 0; i < threads; ++i) rooms.push_back(workshop_.buffers().lend(parts.largest()));
  std::mutex mutex;
  Status result;
  std::atomic<bool> failed = false;
  parts.spread(threads, [&](size_t first, size_t count, size_t thread) {
    if (failed) return;
    std::span<std::byte> part(rooms[thread]->data(), count);
    recipe_.fill(first, part);
    Status used = use(first, part);
    if (used || failed.exchange(true)) return;
    std::lock_guard lock(mutex);
    result = std::move(used);
  });
  return result;
}

void DeferredBytes::drop_pages() const {
  for (const Constant& source : recipe_.sources) source.drop_pages();
}

}  // namespace wherry
