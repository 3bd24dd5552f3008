// Lists the chunks of a dataset from each kind of index.
#include "keras/reader/hdf5/chunk_index.h"

#include <algorithm>

#include "keras/reader/hdf5/btree_v1.h"
#include "keras/reader/hdf5/btree_v2.h"

namespace wherry::keras::hdf5 {
namespace {

uint64_t chunks_over(uint64_t extent, uint64_t chunk) {
  return extent / chunk + (extent % chunk != 0);
}

/// Numbers the chunks of the present extents as the arrays do: by the largest extents, with an
/// unlimited dimension first.
class Grid {
 public:
  explicit Grid(const ChunkedData& data) : chunk_(data.layout.chunk_extents) {
    size_t rank = chunk_.size();
    std::vector<size_t> axes;
    for (size_t axis = 0; axis < rank; ++axis) {
      counts_.push_back(chunks_over(data.space.extents[axis], chunk_[axis]));
      bool unlimited = data.space.max_extents[axis] == Dataspace::unlimited;
      bool first = unlimited && data.layout.index == Layout::Index::extensible_array;
      axes.insert(first ? axes.begin() : axes.end(), axis);
    }
    strides_.assign(rank, 0);
    uint64_t stride = 1;
    for (size_t i = rank; i-- > 0;) {
      strides_[axes[i]] = stride;
      // Overflow here only makes indices that no array holds.
      stride *= chunks_over(data.space.max_extents[axes[i]], chunk_[axes[i]]);
    }
  }

  uint64_t count() const {
    uint64_t total = 1;
    for (uint64_t count : counts_) total *= count;
    return total;
  }
  /// Steps `position` (in chunks) to the next one in row order.
  void advance(std::vector<uint64_t>& position) const {
    for (size_t axis = position.size(); axis-- > 0;) {
      if (++position[axis] < counts_[axis]) return;
      position[axis] = 0;
    }
  }
  uint64_t index(const std::vector<uint64_t>& position) const {
    uint64_t index = 0;
    for (size_t axis = 0; axis < position.size(); ++axis) index += position[axis] * strides_[axis];
    return index;
  }
  std::vector<uint64_t> start(std::vector<uint64_t> position) const {
    for (size_t axis = 0; axis < position.size(); ++axis) position[axis] *= chunk_[axis];
    return position;
  }

 private:
  const std::vector<uint64_t>& chunk_;
  std::vector<uint64_t> counts_, strides_;
};

std::vector<uint64_t> all_indices(const Grid& grid, size_t rank) {
  std::vector<uint64_t> indices;
  std::vector<uint64_t> position(rank, 0);
  for (uint64_t i = 0; i < grid.count(); ++i, grid.advance(position))
    indices.push_back(grid.index(position));
  return indices;
}

/// Puts starts beside entries that are in row order of the grid.
std::vector<Chunk> place(const Source& source, const Grid& grid, size_t rank,
                         const std::vector<ArrayEntry>& entries) {
  std::vector<Chunk> chunks;
  std::vector<uint64_t> position(rank, 0);
  for (const ArrayEntry& entry : entries) {
    if (!source.is_undefined(entry.address) && entry.address != UINT64_MAX)
      chunks.push_back({grid.start(position), entry.address, entry.size, entry.skipped});
    grid.advance(position);
  }
  return chunks;
}

Expected<std::vector<Chunk>> from_tree_1(Source& source, const ChunkedData& data) {
  size_t rank = data.layout.chunk_extents.size();
  std::vector<Chunk> chunks;
  for (const TreeLeaf& leaf :
       TRY(read_btree_v1(source, data.layout.address, 1, 8 + 8 * (rank + 1)))) {
    ByteReader key(leaf.key);
    Chunk chunk;
    chunk.size = key.u32();
    chunk.skipped = key.u32();
    for (size_t axis = 0; axis < rank; ++axis) chunk.start.push_back(key.u64());
    chunk.address = leaf.address;
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

Expected<std::vector<Chunk>> from_tree_2(Source& source, const ChunkedData& data) {
  const std::vector<uint64_t>& extents = data.layout.chunk_extents;
  Records found = TRY(read_btree_v2(source, data.layout.address));
  if (found.type != (data.filtered ? RecordType::filtered_chunk : RecordType::chunk))
    return damaged("a dataset has a wrong chunk index");
  std::vector<Chunk> chunks;
  for (std::span<const std::byte> record : found.records) {
    if (record.size() < 8 * extents.size()) return damaged("a record of a chunk is too short");
    ByteReader reader(record);
    ArrayEntry entry = decode_entry(source, reader, record.size() - 8 * extents.size(), data);
    Chunk chunk{{}, entry.address, entry.size, entry.skipped};
    for (uint64_t extent : extents) {
      uint64_t start = 0;
      if (__builtin_mul_overflow(reader.u64(), extent, &start))
        return damaged("a chunk lies outside its dataset");
      chunk.start.push_back(start);
    }
    if (reader.failed()) return damaged("a record of a chunk is too short");
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

/// Chunks that all exist, one behind the other.
std::vector<ArrayEntry> implicit_entries(const ChunkedData& data,
                                         const std::vector<uint64_t>& indices) {
  std::vector<ArrayEntry> entries;
  for (uint64_t index : indices)
    entries.push_back({data.layout.address + index * data.chunk_bytes, data.chunk_bytes, 0});
  return entries;
}

ArrayEntry single_entry(const ChunkedData& data) {
  const Layout& layout = data.layout;
  if (!layout.single_filtered) return {layout.address, data.chunk_bytes, 0};
  return {layout.address, layout.single_size, layout.single_skipped};
}

}  // namespace

ArrayEntry decode_entry(const Source& source, ByteReader& reader, uint64_t size,
                        const ChunkedData& data) {
  ArrayEntry entry{source.read_offset(reader), data.chunk_bytes, 0};
  if (!data.filtered) return entry;
  uint64_t fixed = uint64_t{source.offset_size()} + 4;
  uint64_t width = size > fixed ? std::min<uint64_t>(size - fixed, 8) : 0;
  entry.size = reader.number(width);
  entry.skipped = reader.u32();
  return entry;
}

Expected<std::vector<Chunk>> find_chunks(Source& source, const ChunkedData& data) {
  if (source.is_undefined(data.layout.address)) return std::vector<Chunk>{};
  size_t rank = data.layout.chunk_extents.size();
  Grid grid(data);
  bool tree =
      data.layout.index == Layout::Index::tree_v1 || data.layout.index == Layout::Index::tree_v2;
  constexpr uint64_t bytes_per_chunk = 128;  // what listing one takes here
  if (!tree) TRY(source.allow_allocation(grid.count() * bytes_per_chunk));
  switch (data.layout.index) {
    case Layout::Index::tree_v1:
      return from_tree_1(source, data);
    case Layout::Index::tree_v2:
      return from_tree_2(source, data);
    case Layout::Index::single:
      if (grid.count() != 1) return damaged("a dataset does not fit into its single chunk");
      return place(source, grid, rank, {single_entry(data)});
    case Layout::Index::implicit:
      return place(source, grid, rank, implicit_entries(data, all_indices(grid, rank)));
    case Layout::Index::fixed_array: {
      std::vector<ArrayEntry> all = TRY(read_fixed_array(source, data));
      std::vector<ArrayEntry> entries;
      for (uint64_t index : all_indices(grid, rank))
        entries.push_back(index < all.size() ? all[index] : ArrayEntry{});
      return place(source, grid, rank, entries);
    }
    case Layout::Index::extensible_array:
      break;
  }
  return place(source, grid, rank,
               TRY(read_extensible_array(source, data, all_indices(grid, rank))));
}

}  // namespace wherry::keras::hdf5
