// Owned memory aligned to a cache line, for tensors, packed weights and scratch.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace wherry {

/// Uninitialised bytes on a 64-byte boundary; 64 more bytes after the end may be read.
class AlignedBuffer {
 public:
  static constexpr size_t alignment = 64;
  AlignedBuffer() = default;
  explicit AlignedBuffer(size_t size_bytes)
      : bytes_(size_bytes > max_size ? nullptr : allocate(size_bytes)),
        size_bytes_(bytes_ ? size_bytes : 0) {}

  /// False when there was not enough memory.
  explicit operator bool() const { return bytes_ != nullptr; }
  size_t size_bytes() const { return size_bytes_; }
  size_t size() const { return size_bytes_; }
  std::byte* data() const { return bytes_.get(); }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(bytes_.get());
  }

 private:
  static constexpr size_t max_size = size_t{1} << (sizeof(size_t) * 8 - 2);
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  static std::byte* allocate(size_t size_bytes) {
    size_t padded = (size_bytes + 2 * alignment - 1) / alignment * alignment;
    return static_cast<std::byte*>(std::aligned_alloc(alignment, padded));
  }
  std::unique_ptr<std::byte, Free> bytes_;
  size_t size_bytes_ = 0;
};

}  // namespace wherry
