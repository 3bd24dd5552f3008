// Walks version 1 B-trees from the root down; the links between siblings are not needed.
#include "keras/reader/hdf5/btree_v1.h"

namespace wherry::keras::hdf5 {
namespace {

struct Walker {
  Source& source;
  uint8_t node_type;
  uint64_t key_size;
  std::vector<TreeLeaf> leaves;

  Status read(uint64_t address, int expected_level) {
    constexpr int largest_level = 64;
    uint64_t head_size = 8 + 2 * uint64_t{source.offset_size()};
    ByteReader head(TRY(source.metadata(address, head_size)));
    if (head.text(4) != "TREE") return damaged(cat("there is no B-tree node at ", address));
    uint8_t type = head.u8(), level = head.u8();
    uint64_t count = head.u16();
    if (type != node_type || level > largest_level ||
        (expected_level >= 0 && level != expected_level))
      return damaged("a B-tree node is of the wrong kind or at the wrong level");
    uint64_t size = count * (key_size + source.offset_size());
    ByteReader reader(TRY(source.metadata(address + head_size, size)));
    for (uint64_t i = 0; i < count; ++i) {
      TreeLeaf leaf{reader.take(key_size), source.read_offset(reader)};
      if (level == 0) {
        leaves.push_back(leaf);
      } else {
        TRY(read(leaf.address, level - 1));
      }
    }
    return {};
  }
};

}  // namespace

Expected<std::vector<TreeLeaf>> read_btree_v1(Source& source, uint64_t address, uint8_t node_type,
                                              uint64_t key_size) {
  Walker walker{source, node_type, key_size, {}};
  TRY(walker.read(address, -1));
  return std::move(walker.leaves);
}

}  // namespace wherry::keras::hdf5
