// How and where a dataset is stored: in one piece, within its header, or in chunks.
#pragma once

#include <vector>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

struct Layout {
  enum class Kind : uint8_t { compact, contiguous, chunked };
  enum class Index : uint8_t { tree_v1, single, implicit, fixed_array, extensible_array, tree_v2 };

  Kind kind = Kind::contiguous;
  std::span<const std::byte> compact;  ///< the data itself
  uint64_t address = 0;                ///< of the data, or of the chunk index
  uint64_t size = 0;                   ///< of contiguous data; 0 when the message does not say

  Index index = Index::tree_v1;
  std::vector<uint64_t> chunk_extents;  ///< without the element size that the file adds
  uint64_t single_size = 0;             ///< stored size of a single filtered chunk
  uint32_t single_skipped = 0;          ///< its skipped filters
  bool partial_chunks_unfiltered = false;
  bool single_filtered = false;
};

/// Decodes a layout message. Errors: malformed, unsupported (virtual datasets, newer versions).
Expected<Layout> read_layout(const Source& source, std::span<const std::byte> message);

}  // namespace wherry::keras::hdf5
