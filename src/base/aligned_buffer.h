// Owned memory aligned to a cache line, for packed weights and scratch.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace wherry {

/// Uninitialised bytes on a 64-byte boundary.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t size_bytes)
      : bytes_(static_cast<std::byte*>(
            std::aligned_alloc(64, size_bytes ? (size_bytes + 63) / 64 * 64 : 64))),
        size_bytes_(bytes_ ? size_bytes : 0) {}

  /// False when there was not enough memory.
  explicit operator bool() const { return bytes_ != nullptr; }
  size_t size_bytes() const { return size_bytes_; }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(bytes_.get());
  }

 private:
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  std::unique_ptr<std::byte, Free> bytes_;
  size_t size_bytes_ = 0;
};

}  // namespace wherry
