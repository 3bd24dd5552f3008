// Where the chunks of a dataset are, whatever kind of index lists them.
#pragma once

#include <vector>

#include "keras/reader/hdf5/datatype.h"
#include "keras/reader/hdf5/layout.h"

namespace wherry::keras::hdf5 {

struct Chunk {
  std::vector<uint64_t> start;  ///< its first element in the dataset
  uint64_t address = 0;
  uint64_t size = 0;     ///< stored bytes
  uint32_t skipped = 0;  ///< one bit per filter that was left out
};

struct ChunkedData {
  const Layout& layout;
  const Dataspace& space;
  uint64_t chunk_bytes = 0;  ///< of a whole chunk without filters
  bool filtered = false;
};

/// All chunks that exist; those that do not hold the fill value.
Expected<std::vector<Chunk>> find_chunks(Source& source, const ChunkedData& data);

/// Looks up entries of the arrays that index chunks: an address, and with filters the stored size
/// and the skipped filters. An entry that was never written has an undefined address.
struct ArrayEntry {
  uint64_t address = UINT64_MAX;
  uint64_t size = 0;
  uint32_t skipped = 0;
};
Expected<std::vector<ArrayEntry>> read_fixed_array(Source& source, const ChunkedData& data);
/// The entries with these indices, which need not be sorted.
Expected<std::vector<ArrayEntry>> read_extensible_array(Source& source, const ChunkedData& data,
                                                        const std::vector<uint64_t>& indices);
/// Decodes one entry of `size` bytes.
ArrayEntry decode_entry(const Source& source, ByteReader& reader, uint64_t size,
                        const ChunkedData& data);

}  // namespace wherry::keras::hdf5
