// Fractal heaps: where groups and objects keep many links or attributes.
#pragma once

#include <vector>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

class FractalHeap {
 public:
  /// Reads the heap whose header is at `address`, all its blocks included.
  static Expected<FractalHeap> open(Source& source, uint64_t address);
  /// The object with this identifier.
  Expected<std::span<const std::byte>> object(Source& source, std::span<const std::byte> id) const;
  size_t id_size() const { return id_size_; }

 private:
  struct Block {
    uint64_t start = 0;  // in the address space of the heap
    std::span<const std::byte> bytes;
  };
  struct Walker;

  Status read_header(Source& source, uint64_t address, uint64_t& root, uint16_t& root_rows);
  /// Identifiers with room for address and size of a large object hold them; others hold a key.
  bool has_direct_huge_ids(const Source& source) const;
  Status read_huge_objects(Source& source, uint64_t tree);
  Expected<std::span<const std::byte>> managed(ByteReader id) const;
  Expected<std::span<const std::byte>> huge(Source& source, ByteReader id) const;

  struct HugeObject {
    uint64_t id = 0, address = 0, size = 0;
  };
  std::vector<Block> blocks_;  // ascending
  std::vector<HugeObject> huge_objects_;
  size_t id_size_ = 0, offset_bytes_ = 0, length_bytes_ = 0;
  uint64_t width_ = 0, first_size_ = 0, largest_direct_ = 0;
  uint16_t heap_bits_ = 0;
  bool checksummed_ = false;
};

}  // namespace wherry::keras::hdf5
