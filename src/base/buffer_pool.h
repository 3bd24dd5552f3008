// Memory that is lent again and again: what was touched before is quicker than what is new.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/aligned_buffer.h"

namespace wherry {

/// Copies share the buffers. Threads may lend at the same time.
class BufferPool {
 public:
  /// At least so many bytes, with whatever was in them; they come back with their last owner, which
  /// may outlive the pool. Throws std::bad_alloc, as containers do.
  std::shared_ptr<const AlignedBuffer> lend(size_t size_bytes) const;

 private:
  struct Shelf {
    std::mutex mutex;
    std::vector<AlignedBuffer> buffers;
  };
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
};

}  // namespace wherry
