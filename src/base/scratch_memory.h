// Memory for large bytes that are made once, as much of it as was allowed.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "base/mapped_file.h"
#include "base/parts.h"

namespace wherry {

class ScratchMemory {
 public:
  /// All bytes that live at the same time take `limit_bytes` at most. So many threads make what is
  /// large.
  explicit ScratchMemory(size_t limit_bytes, size_t threads = 1)
      : left_(std::make_shared<std::atomic<size_t>>(limit_bytes)), threads_(threads) {}

  /// `size` bytes, made in parts of whole multiples of `granule`, in large pages; they go back to
  /// the system with their last owner. Nothing when the limit is reached or the system refuses.
  std::optional<SharedBytes> make(size_t size, size_t granule, const FillPart& fill);
  /// Counts bytes that are in memory already; nothing when they are too many.
  std::optional<SharedBytes> hold(SharedBytes bytes);

 private:
  bool reserve(size_t size);
  std::shared_ptr<std::atomic<size_t>> left_;
  size_t threads_;
};

/// What a process may take now without harm to others, in bytes: what the system calls available,
/// within the limit of its control group; 0 where the system does not say.
size_t available_memory();

}  // namespace wherry
