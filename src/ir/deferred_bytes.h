// Bytes that are made whenever they are needed.
#pragma once

#include <mutex>

#include "base/mapped_file.h"
#include "ir/workshop.h"

namespace wherry {

/// Fills `bytes`, which are as many as the recipe says.
void make_all(const BytesRecipe& recipe, size_t threads, std::span<std::byte> bytes);

class DeferredBytes {
 public:
  DeferredBytes(BytesRecipe recipe, Workshop workshop)
      : recipe_(std::move(recipe)), workshop_(std::move(workshop)) {}

  size_t size() const { return recipe_.size; }
  const BytesRecipe& recipe() const { return recipe_; }
  size_t granule() const { return recipe_.granule; }
  /// All of them; those that somebody holds already are not made again.
  SharedBytes make() const;
  /// As make; they live as long as this object.
  std::span<const std::byte> keep() const;
  /// As those of Constant.
  void read(size_t first, std::span<std::byte> part) const { recipe_.fill(first, part); }
  Status visit(size_t threads, const Constant::UsePart& use) const;
  void drop_pages() const;

 private:
  SharedBytes make_locked() const;
  BytesRecipe recipe_;
  Workshop workshop_;
  mutable std::mutex mutex_;
  mutable std::weak_ptr<const AlignedBuffer> made_;
  mutable SharedBytes kept_;
};

}  // namespace wherry
