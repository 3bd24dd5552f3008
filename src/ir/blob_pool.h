// Numbers constants: equal bytes have one number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ir/model.h"

namespace wherry {

class BlobPool {
 public:
  /// Counted from 1; 0 is "no data". Such are the buffers of a file, as tensors name them.
  uint32_t index_of(const Constant& constant);
  /// The constant numbered i + 1.
  const std::vector<Constant>& blobs() const { return blobs_; }

 private:
  /// Constants that look alike at a glance.
  struct Lookalikes {
    std::optional<uint32_t> only;  ///< the first, until a second needs all its bytes hashed
    std::map<uint64_t, std::vector<uint32_t>> by_content;
  };
  uint32_t add(const Constant& constant);

  std::vector<Constant> blobs_;
  std::map<uint64_t, Lookalikes> by_glance_;
};

}  // namespace wherry
