// Reads and compares constants, whole or by part.
#include "ir/constant.h"

#include <cstring>

#include "ir/deferred_bytes.h"

namespace wherry {

Constant::Constant(std::shared_ptr<const DeferredBytes> deferred)
    : size_(deferred->size()), deferred_(std::move(deferred)) {}

const std::byte* Constant::empty_data() {
  static constexpr std::byte nothing[16] = {};
  return nothing;
}

const BytesRecipe& Constant::recipe() const { return deferred_->recipe(); }

std::span<const std::byte> Constant::kept_bytes() const { return deferred_->keep(); }

Constant Constant::at_hand() const {
  if (!deferred_) return *this;
  SharedBytes made = deferred_->make();
  return {std::move(made.owner), made.bytes};
}

void Constant::read(size_t first, std::span<std::byte> part) const {
  if (deferred_) return deferred_->read(first, part);
  if (!part.empty()) std::memcpy(part.data(), data_ + first, part.size());
}

size_t Constant::granule() const { return deferred_ ? deferred_->granule() : 1; }

Status Constant::visit(size_t threads, const UsePart& use) const {
  if (deferred_) return deferred_->visit(threads, use);
  FirstError error;
  Parts(size_, 64).spread(threads, [&](size_t first, size_t count, size_t) {
    if (!error) error.note(use(first, span().subspan(first, count)));
  });
  return std::move(error).status();
}

Constant Constant::with_first_axis_last() const {
  return deferred_ && recipe().puts_last_axis_first ? recipe().sources[0] : Constant();
}

std::optional<Constant::Bound> Constant::bound() const {
  Bound result{*this, 1};
  while (result.root.deferred_) {
    const BytesRecipe& made = result.root.recipe();
    if (!made.growth || made.sources.size() != 1) return std::nullopt;
    result.growth *= *made.growth;
    result.root = Constant(made.sources[0]);
  }
  return result;
}

void Constant::drop_pages() const {
  if (deferred_)
    deferred_->drop_pages();
  else
    wherry::drop_pages(owner_, span());
}

bool Constant::operator==(const Constant& other) const {
  if (size_ != other.size_ || static_cast<bool>(*this) != static_cast<bool>(other)) return false;
  if (deferred_ == other.deferred_ && data_ == other.data_) return true;
  if (deferred_ && other.deferred_)
    return recipe().method == other.recipe().method && recipe().sources == other.recipe().sources;
  Constant mine = at_hand(), others = other.at_hand();
  return size_ == 0 || std::memcmp(mine.data_, others.data_, size_) == 0;
}

uint64_t Constant::hash(uint64_t (*of_bytes)(std::span<const std::byte> bytes)) const {
  if (!deferred_) return of_bytes(span());
  uint64_t result = std::hash<std::string>()(recipe().method) ^ size_;
  for (const Constant& source : recipe().sources)
    result = result * 0x100000001b3u + source.hash(of_bytes);
  return result;
}

}  // namespace wherry
