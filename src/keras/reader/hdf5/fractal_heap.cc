// Reads fractal heaps: a table of blocks whose rows double in size.
#include "keras/reader/hdf5/fractal_heap.h"

#include <algorithm>
#include <bit>

#include "base/checked.h"
#include "keras/reader/hdf5/btree_v2.h"

namespace wherry::keras::hdf5 {
namespace {

constexpr int largest_depth = 16;

int log2_of(uint64_t value) { return std::bit_width(value) - 1; }

/// Bytes that hold any number up to `limit`.
size_t width_of(uint64_t limit) {
  return limit == 0 ? 1 : static_cast<size_t>(log2_of(limit) / 8 + 1);
}

}  // namespace

/// Descends from the root block and collects the direct blocks.
struct FractalHeap::Walker {
  Source& source;
  FractalHeap& heap;

  uint64_t row_size(uint64_t row) const {
    return row == 0 ? heap.first_size_ : heap.first_size_ << (row - 1);
  }
  uint64_t head_size() const { return 5 + source.offset_size() + heap.offset_bytes_; }

  Status read_direct(uint64_t address, uint64_t start, uint64_t size) {
    std::span<const std::byte> bytes = TRY(source.metadata(address, size));
    size_t head = head_size() + (heap.checksummed_ ? 4 : 0);
    if (bytes.size() < head || as_text(bytes.first(4)) != "FHDB")
      return damaged(cat("there is no heap block at ", address));
    heap.blocks_.push_back({start, bytes});
    return {};
  }

  Status read_indirect(uint64_t address, uint64_t start, uint64_t rows, int depth) {
    uint64_t largest_row = log2_of(heap.largest_direct_) - log2_of(heap.first_size_) + 2;
    if (depth > largest_depth || rows > 64) return damaged("a heap is nested too deeply");
    uint64_t size = head_size() + rows * heap.width_ * source.offset_size() + 4;
    ByteReader reader = TRY(source.block(address, size, "FHIB"));
    reader.skip(head_size() - 4);
    for (uint64_t row = 0; row < rows; ++row) {
      uint64_t block_size = row_size(row);
      if (block_size == 0 || log2_of(block_size) > heap.heap_bits_)
        return damaged("a heap is larger than its address space");
      for (uint64_t column = 0; column < heap.width_; ++column, start += block_size) {
        uint64_t child = source.read_offset(reader);
        if (reader.failed()) return damaged("a heap block is too short");
        if (source.is_undefined(child)) continue;
        if (row < largest_row) {
          TRY(read_direct(child, start, block_size));
        } else {
          TRY(read_indirect(child, start, rows_of(block_size), depth + 1));
        }
      }
    }
    return {};
  }

  uint64_t rows_of(uint64_t block_size) const {
    int rows = log2_of(block_size) - log2_of(heap.first_size_) - log2_of(heap.width_) + 1;
    return rows < 0 ? 0 : static_cast<uint64_t>(rows);
  }
};

Status FractalHeap::read_header(Source& source, uint64_t address, uint64_t& root,
                                uint16_t& root_rows) {
  uint64_t offset = source.offset_size(), length = source.length_size();
  uint64_t size = 4 + 1 + 2 + 2 + 1 + 4 + length + offset + length + offset + 8 * length + 2 +
                  2 * length + 2 + 2 + offset + 2 + 4;
  ByteReader reader(TRY(source.metadata(address, size)));
  reader.skip(5);
  id_size_ = reader.u16();
  uint16_t filter_size = reader.u16();
  ENSURE_CODE(ErrorCode::unsupported, filter_size == 0,
              "the HDF5 file compresses its links or attributes, which cannot be read");
  reader = TRY(source.block(address, size, "FRHP"));
  reader.skip(1 + 2 + 2);
  checksummed_ = (reader.u8() & 2) != 0;
  uint64_t largest_managed = reader.u32();
  reader.skip(length);
  uint64_t huge_tree = source.read_offset(reader);
  reader.skip(length + offset + 8 * length);
  width_ = reader.u16();
  first_size_ = source.read_length(reader);
  largest_direct_ = source.read_length(reader);
  heap_bits_ = reader.u16();
  reader.skip(2);
  root = source.read_offset(reader);
  root_rows = reader.u16();
  if (reader.failed() || !std::has_single_bit(width_) || !std::has_single_bit(first_size_) ||
      !std::has_single_bit(largest_direct_) || first_size_ > largest_direct_ || heap_bits_ == 0 ||
      heap_bits_ > 64 || largest_direct_ > (uint64_t{1} << 32) || width_ > 4096)
    return damaged("a heap has an impossible form");
  offset_bytes_ = (heap_bits_ + 7) / 8;
  length_bytes_ = std::min((log2_of(largest_direct_) + 7) / size_t{8}, width_of(largest_managed));
  if (has_direct_huge_ids(source) || source.is_undefined(huge_tree)) return {};
  return read_huge_objects(source, huge_tree);
}

bool FractalHeap::has_direct_huge_ids(const Source& source) const {
  return id_size_ > size_t{source.offset_size()} + source.length_size();
}

Status FractalHeap::read_huge_objects(Source& source, uint64_t tree) {
  Records found = TRY(read_btree_v2(source, tree));
  ENSURE_CODE(ErrorCode::unsupported, found.type == RecordType::huge_object,
              "the HDF5 file stores large attributes in a way that cannot be read");
  for (std::span<const std::byte> record : found.records) {
    ByteReader reader(record);
    HugeObject object;
    object.address = source.read_offset(reader);
    object.size = source.read_length(reader);
    object.id = source.read_length(reader);
    if (reader.failed()) return damaged("a record of a large object is too short");
    huge_objects_.push_back(object);
  }
  return {};
}

Expected<FractalHeap> FractalHeap::open(Source& source, uint64_t address) {
  FractalHeap heap;
  uint64_t root = 0;
  uint16_t root_rows = 0;
  TRY(heap.read_header(source, address, root, root_rows));
  if (source.is_undefined(root)) return heap;
  Walker walker{source, heap};
  if (root_rows == 0) {
    TRY(walker.read_direct(root, 0, heap.first_size_));
  } else {
    TRY(walker.read_indirect(root, 0, root_rows, 0));
  }
  return heap;
}

Expected<std::span<const std::byte>> FractalHeap::object(Source& source,
                                                         std::span<const std::byte> id) const {
  ByteReader reader(id);
  uint8_t first = reader.u8();
  enum Kind { managed_kind, huge_kind, tiny_kind };
  switch (first >> 4 & 3) {
    case managed_kind:
      return managed(reader);
    case huge_kind:
      return huge(source, reader);
    case tiny_kind: {
      constexpr size_t longest_short_id = 18;
      size_t size = first & 15;
      if (id_size_ > longest_short_id) size = size << 8 | reader.u8();
      std::span<const std::byte> bytes = reader.take(size + 1);
      if (reader.failed()) return damaged("a small object in a heap is cut off");
      return bytes;
    }
    default:
      return damaged("a heap identifier has an unknown kind");
  }
}

Expected<std::span<const std::byte>> FractalHeap::managed(ByteReader id) const {
  uint64_t offset = id.number(offset_bytes_), size = id.number(length_bytes_);
  auto after = std::upper_bound(blocks_.begin(), blocks_.end(), offset,
                                [](uint64_t at, const Block& block) { return at < block.start; });
  if (id.failed() || after == blocks_.begin()) return damaged("a heap identifier leads nowhere");
  const Block& block = *std::prev(after);
  if (!fits(offset - block.start, size, block.bytes.size()))
    return damaged("an object lies outside its heap block");
  return block.bytes.subspan(offset - block.start, size);
}

Expected<std::span<const std::byte>> FractalHeap::huge(Source& source, ByteReader id) const {
  if (has_direct_huge_ids(source)) {
    uint64_t address = source.read_offset(id), size = source.read_length(id);
    if (id.failed()) return damaged("a heap identifier is cut off");
    return source.metadata(address, size);
  }
  uint64_t key = id.number(std::min(id.remaining(), size_t{source.length_size()}));
  for (const HugeObject& object : huge_objects_) {
    if (object.id == key) return source.metadata(object.address, object.size);
  }
  return damaged("a large object is missing");
}

}  // namespace wherry::keras::hdf5
