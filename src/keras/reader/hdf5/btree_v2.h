// Version 2 B-trees: the index of dense links, dense attributes, huge objects and chunks.
#pragma once

#include <vector>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

enum class RecordType : uint8_t {
  huge_object = 1,
  link_by_name = 5,
  attribute_by_name = 8,
  chunk = 10,
  filtered_chunk = 11,
};

struct Records {
  RecordType type = RecordType::chunk;
  std::vector<std::span<const std::byte>> records;  ///< in the order of the tree
};

/// All records of the tree whose header is at `address`.
Expected<Records> read_btree_v2(Source& source, uint64_t address);

}  // namespace wherry::keras::hdf5
