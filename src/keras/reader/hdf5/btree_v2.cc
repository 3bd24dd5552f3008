// Walks version 2 B-trees.
#include "keras/reader/hdf5/btree_v2.h"

#include <bit>

namespace wherry::keras::hdf5 {
namespace {

constexpr uint64_t node_head = 6, node_checksum = 4;
constexpr uint16_t largest_depth = 32;

/// Bytes that hold any number up to `limit`.
uint64_t width_of(uint64_t limit) { return limit == 0 ? 1 : (std::bit_width(limit) - 1) / 8 + 1; }

class Walker {
 public:
  Walker(Source& source, Records& found) : source_(source), found_(found) {}

  Status read(uint64_t address) {
    uint64_t header_size =
        4 + 2 + 4 + 2 + 2 + 2 + source_.offset_size() + 2 + source_.length_size() + node_checksum;
    ByteReader header = TRY(source_.block(address, header_size, "BTHD"));
    header.skip(1);
    found_.type = static_cast<RecordType>(header.u8());
    node_size_ = header.u32();
    record_size_ = header.u16();
    uint16_t depth = header.u16();
    header.skip(2);
    uint64_t root = source_.read_offset(header);
    uint64_t count = header.u16();
    if (record_size_ == 0 || depth > largest_depth || node_size_ < node_head + node_checksum)
      return damaged("a B-tree has an impossible form");
    measure(depth);
    if (count == 0 || source_.is_undefined(root)) return {};
    return read_node(root, count, depth);
  }

 private:
  /// The widths of the counts beside child pointers follow from what a node can hold at most.
  void measure(uint16_t depth) {
    uint64_t room = node_size_ - node_head - node_checksum;
    uint64_t most = room / record_size_, total = most;
    count_width_ = width_of(most);
    total_widths_ = {0};
    for (uint16_t level = 1; level <= depth; ++level) {
      uint64_t pointer = pointer_size(level);
      uint64_t own = room < pointer ? 0 : (room - pointer) / (record_size_ + pointer);
      if (__builtin_mul_overflow(own + 1, total, &total) ||
          __builtin_add_overflow(total, own, &total))
        total = UINT64_MAX;
      total_widths_.push_back(width_of(total));
    }
  }

  /// Bytes of an address and its counts in a node at `level`.
  uint64_t pointer_size(uint16_t level) const {
    return source_.offset_size() + count_width_ + total_widths_[level - 1];
  }

  Status read_node(uint64_t address, uint64_t count, uint16_t level) {
    // The checksum follows what is in use; the rest of the node is undefined.
    uint64_t size = node_head + count * record_size_ + node_checksum;
    if (level > 0) size += (count + 1) * pointer_size(level);
    if (size > node_size_) return damaged("a B-tree node holds too many records");
    ByteReader node = TRY(source_.block(address, size, level == 0 ? "BTLF" : "BTIN"));
    node.skip(2);
    std::vector<std::span<const std::byte>> own;
    for (uint64_t i = 0; i < count; ++i) own.push_back(node.take(record_size_));
    for (uint64_t i = 0; level > 0 && i <= count; ++i) {
      uint64_t child = source_.read_offset(node), child_count = node.number(count_width_);
      node.skip(total_widths_[level - 1]);
      TRY(read_node(child, child_count, level - 1));
      if (i < count) found_.records.push_back(own[i]);
    }
    if (level == 0) found_.records.insert(found_.records.end(), own.begin(), own.end());
    return {};
  }

  Source& source_;
  Records& found_;
  uint64_t node_size_ = 0, record_size_ = 0, count_width_ = 0;
  std::vector<uint64_t> total_widths_;  // per level
};

}  // namespace

Expected<Records> read_btree_v2(Source& source, uint64_t address) {
  Records found;
  TRY(Walker(source, found).read(address));
  return found;
}

}  // namespace wherry::keras::hdf5
