// Filters that chunks pass through on their way to the file: deflate, shuffle, Fletcher's checksum.
#pragma once

#include <vector>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

struct Filter {
  enum class Id : uint16_t { deflate = 1, shuffle = 2, fletcher32 = 3 };
  Id id = Id::deflate;
  uint32_t element_size = 1;  ///< of shuffle
};

/// The filters of a pipeline message in the order of writing; other filters are errors by name.
Expected<std::vector<Filter>> read_filters(std::span<const std::byte> message);

/// Undoes the filters on a stored chunk whose content has `size` bytes; filter i is left out when
/// bit i of `skipped` is set. The buffers are the caller's, to be used again for the next chunk.
struct ChunkBuffers {
  std::vector<std::byte> content, other;
};
Expected<std::span<const std::byte>> undo_filters(const std::vector<Filter>& filters,
                                                  uint32_t skipped,
                                                  std::span<const std::byte> stored, uint64_t size,
                                                  ChunkBuffers& buffers);

}  // namespace wherry::keras::hdf5
