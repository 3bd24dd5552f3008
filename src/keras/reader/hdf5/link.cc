// Reads the links of groups of both styles, compact and dense.
#include "keras/reader/hdf5/link.h"

#include <algorithm>

#include "keras/reader/hdf5/btree_v2.h"
#include "keras/reader/hdf5/fractal_heap.h"
#include "keras/reader/hdf5/symbol_table.h"

namespace wherry::keras::hdf5 {
namespace {

void read_target(Source& source, ByteReader& reader, uint8_t type, Link& link) {
  constexpr uint8_t hard = 0, soft = 1, external = 64;
  switch (type) {
    case hard:
      link.address = source.read_offset(reader);
      return;
    case soft:
      link.kind = Link::Kind::soft;
      link.target = reader.text(reader.u16());
      return;
    case external:
      link.kind = Link::Kind::external;
      reader.skip(3);  // length, flags
      link.target = reader.terminated_text();
      return;
    default:
      link.kind = Link::Kind::other;
  }
}

Expected<Link> read_link(Source& source, std::span<const std::byte> message) {
  ByteReader reader(message);
  uint8_t version = reader.u8(), flags = reader.u8();
  ENSURE_CODE(ErrorCode::unsupported, version == 1, "the HDF5 file has a link of version ",
              version);
  uint8_t type = (flags & 0x08) ? reader.u8() : 0;
  if (flags & 0x04) reader.skip(8);
  if (flags & 0x10) reader.skip(1);
  Link link;
  link.name = reader.text(reader.number(size_t{1} << (flags & 3)));
  read_target(source, reader, type, link);
  if (reader.failed()) return damaged("a link message is too short");
  return link;
}

/// Links beyond a handful move into a heap, indexed by the hash of their names.
Status read_dense_links(Source& source, std::span<const std::byte> message,
                        std::vector<Link>& links) {
  ByteReader reader(message);
  reader.skip(1);
  if (reader.u8() & 1) reader.skip(8);
  uint64_t heap_address = source.read_offset(reader), tree = source.read_offset(reader);
  if (reader.failed()) return damaged("a link info message is too short");
  if (source.is_undefined(heap_address)) return {};
  FractalHeap heap = TRY(FractalHeap::open(source, heap_address));
  Records found = TRY(read_btree_v2(source, tree));
  if (found.type != RecordType::link_by_name) return damaged("a group has a wrong index");
  for (std::span<const std::byte> record : found.records) {
    ByteReader fields(record);
    fields.skip(4);
    std::span<const std::byte> id = fields.take(heap.id_size());
    if (fields.failed()) return damaged("a record of a group index is too short");
    links.push_back(TRY(read_link(source, TRY(heap.object(source, id)))));
  }
  return {};
}

}  // namespace

Expected<std::vector<Link>> read_links(Source& source, const std::vector<Message>& messages) {
  std::vector<Link> links;
  for (const Message& message : messages) {
    if (message.type == MessageType::symbol_table) {
      TRY(read_symbol_table(source, message.body, links));
    } else if (message.type == MessageType::link) {
      links.push_back(TRY(read_link(source, message.body)));
    } else if (message.type == MessageType::link_info) {
      TRY(read_dense_links(source, message.body, links));
    }
  }
  std::sort(links.begin(), links.end(),
            [](const Link& a, const Link& b) { return a.name < b.name; });
  return links;
}

}  // namespace wherry::keras::hdf5
