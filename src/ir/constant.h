// The bytes of a constant tensor: at hand, or made from others whenever they are needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"

namespace wherry {

class DeferredBytes;
struct BytesRecipe;

/// Dense and little-endian; copies share the owner. A deferred constant (ir/deferred_bytes.h) takes
/// no memory between two uses; what reads large constants says which of its bytes it needs, and how
/// long.
class Constant {
 public:
  Constant() = default;
  Constant(std::shared_ptr<const void> owner, std::span<const std::byte> bytes)
      : owner_(std::move(owner)),
        data_(bytes.data() ? bytes.data() : empty_data()),
        size_(bytes.size()) {}
  explicit Constant(std::shared_ptr<const DeferredBytes> deferred);
  template <class T>
  static Constant of(std::vector<T> elements) {
    auto held = std::make_shared<const std::vector<T>>(std::move(elements));
    return {held, std::as_bytes(std::span(*held))};
  }

  explicit operator bool() const { return data_ != nullptr || deferred_ != nullptr; }
  size_t size() const { return size_; }
  bool is_deferred() const { return deferred_ != nullptr; }
  /// Of a deferred constant.
  const BytesRecipe& recipe() const;
  /// All bytes. Those of a deferred constant stay in memory from now on, as long as it does: for
  /// readers of small constants, which are never deferred.
  std::span<const std::byte> bytes() const { return deferred_ ? kept_bytes() : span(); }
  /// The same constant, not deferred: what has to be made for it is gone with its last copy.
  Constant at_hand() const;
  /// `first` and the size of `part` are multiples of the granule, or `part` ends with the constant.
  void read(size_t first, std::span<std::byte> part) const;
  size_t granule() const;

  using UsePart = std::function<Status(size_t first, std::span<const std::byte> part)>;
  /// Calls `use` with part after part, whole multiples of 64 bytes or of the granule, until all
  /// were used; several threads do so in any order. The parts of a deferred constant are made for
  /// that. The first error ends it.
  Status visit(size_t threads, const UsePart& use) const;

  /// The constant from which this one is made by putting its last axis first, if that is all there
  /// is to do; else nothing.
  Constant with_first_axis_last() const;
  /// No float of this constant is larger than the largest of `root`, which is not deferred, times
  /// `growth`; nothing when no such thing is known.
  struct Bound;
  std::optional<Bound> bound() const;
  /// Lets the system take back the pages of mapped files in which the bytes stand, or those that
  /// they are made from, until they are read again.
  void drop_pages() const;
  /// Null for deferred constants, and for bytes that live as long as the program.
  const std::shared_ptr<const void>& owner() const { return owner_; }
  /// Two deferred constants are equal when they are made in the same way from equal ones; others
  /// when their bytes are.
  bool operator==(const Constant& other) const;
  /// Of how a deferred constant is made, with what `of_bytes` says of its sources; of others what
  /// `of_bytes` says.
  uint64_t hash(uint64_t (*of_bytes)(std::span<const std::byte> bytes)) const;

 private:
  static const std::byte* empty_data();
  std::span<const std::byte> span() const { return {data_, size_}; }
  std::span<const std::byte> kept_bytes() const;
  std::shared_ptr<const void> owner_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
  std::shared_ptr<const DeferredBytes> deferred_;
};

struct Constant::Bound {
  Constant root;
  float growth = 1;
};

}  // namespace wherry
