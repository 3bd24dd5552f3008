// The constants of a file being written: equal bytes are stored once.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "ir/model.h"

namespace wherry::tflite {

class BlobPool {
 public:
  /// The index of the buffer with these bytes, as tensors name it. 0 is "no data".
  uint32_t index_of(const Constant& constant);
  /// Buffer i + 1.
  const std::vector<Constant>& blobs() const { return blobs_; }

 private:
  std::vector<Constant> blobs_;
  std::map<uint64_t, std::vector<uint32_t>> by_hash_;
};

}  // namespace wherry::tflite
