// Version 1 B-trees: the index of old-style groups and of chunks.
#pragma once

#include <vector>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

struct TreeLeaf {
  std::span<const std::byte> key;  ///< the key in front of the child
  uint64_t address = 0;
};

/// The children of all nodes at the lowest level, in order. `node_type` is 0 for groups and 1 for
/// chunks; keys take `key_size` bytes.
Expected<std::vector<TreeLeaf>> read_btree_v1(Source& source, uint64_t address, uint8_t node_type,
                                              uint64_t key_size);

}  // namespace wherry::keras::hdf5
