// Reads groups of the old style.
#include "keras/reader/hdf5/symbol_table.h"

#include <algorithm>

#include "keras/reader/hdf5/btree_v1.h"

namespace wherry::keras::hdf5 {
namespace {

Expected<std::span<const std::byte>> read_local_heap(Source& source, uint64_t address) {
  uint64_t head = 8 + 2 * uint64_t{source.length_size()} + source.offset_size();
  ByteReader reader(TRY(source.metadata(address, head)));
  if (reader.text(4) != "HEAP") return damaged(cat("there is no heap of names at ", address));
  reader.skip(4);
  uint64_t size = source.read_length(reader);
  reader.skip(source.length_size());
  uint64_t data = source.read_offset(reader);
  return source.metadata(data, size);
}

Expected<std::string> text_at(Source& source, std::span<const std::byte> heap, uint64_t offset) {
  if (offset >= heap.size()) return damaged("a name lies outside its heap");
  constexpr size_t longest_name = 1 << 16;
  ByteReader reader(heap.subspan(offset, std::min(heap.size() - offset, longest_name)));
  std::string_view text = reader.terminated_text();
  if (reader.failed()) return damaged("a name runs out of its heap");
  // Many links may share one long name.
  TRY(source.allow_allocation(text.size()));
  return std::string(text);
}

Status read_symbol_node(Source& source, uint64_t address, std::span<const std::byte> heap,
                        std::vector<Link>& links) {
  constexpr uint32_t soft_link = 2;
  ByteReader head(TRY(source.metadata(address, 8)));
  if (head.text(4) != "SNOD") return damaged(cat("there is no symbol node at ", address));
  head.skip(2);
  uint64_t count = head.u16(), entry_size = 2 * uint64_t{source.offset_size()} + 24;
  ByteReader reader(TRY(source.metadata(address + 8, count * entry_size)));
  for (uint64_t i = 0; i < count; ++i) {
    Link link;
    link.name = TRY(text_at(source, heap, source.read_offset(reader)));
    link.address = source.read_offset(reader);
    uint32_t kind = reader.u32();
    reader.skip(4);
    ByteReader scratch(reader.take(16));
    if (kind == soft_link) {
      link.kind = Link::Kind::soft;
      link.target = TRY(text_at(source, heap, scratch.u32()));
    }
    links.push_back(std::move(link));
  }
  return {};
}

}  // namespace

Status read_symbol_table(Source& source, std::span<const std::byte> message,
                         std::vector<Link>& links) {
  ByteReader reader(message);
  uint64_t tree = source.read_offset(reader), heap_address = source.read_offset(reader);
  if (reader.failed()) return damaged("a symbol table message is too short");
  std::span<const std::byte> heap = TRY(read_local_heap(source, heap_address));
  std::vector<TreeLeaf> leaves = TRY(read_btree_v1(source, tree, 0, source.length_size()));
  for (const TreeLeaf& leaf : leaves) TRY(read_symbol_node(source, leaf.address, heap, links));
  return {};
}

}  // namespace wherry::keras::hdf5
