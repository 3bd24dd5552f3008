// Reads attributes from messages and from heaps.
#include "keras/reader/hdf5/attribute.h"

#include <algorithm>

#include "keras/reader/hdf5/btree_v2.h"
#include "keras/reader/hdf5/fractal_heap.h"

namespace wherry::keras::hdf5 {
namespace {

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

Expected<Attribute> read_attribute(Source& source, std::span<const std::byte> message) {
  ByteReader reader(message);
  uint8_t version = reader.u8(), flags = reader.u8();
  ENSURE_CODE(ErrorCode::unsupported, version >= 1 && version <= 3,
              "the HDF5 file has an attribute of version ", version);
  uint64_t name_size = reader.u16(), type_size = reader.u16(), space_size = reader.u16();
  if (version == 3) reader.skip(1);
  if (version == 1) flags = 0;
  // Version 1 pads each part to a multiple of eight bytes.
  uint64_t step = version == 1 ? 8 : 1;
  auto part = [&](uint64_t size) {
    std::span<const std::byte> bytes = reader.take((size + step - 1) / step * step);
    return bytes.first(std::min<uint64_t>(size, bytes.size()));
  };
  Attribute attribute;
  attribute.name = until_nul(as_text(part(name_size)));
  Message type{MessageType::datatype, (flags & 1) != 0, part(type_size)};
  Message space{MessageType::dataspace, (flags & 2) != 0, part(space_size)};
  if (reader.failed()) return damaged("an attribute message is too short");
  attribute.type = TRY(read_datatype(TRY(body_of(source, type))));
  attribute.space = TRY(read_dataspace(TRY(body_of(source, space)), source.length_size()));
  uint64_t size = 0;
  if (__builtin_mul_overflow(TRY(attribute.space.elements()), uint64_t{attribute.type.size},
                             &size) ||
      size > reader.remaining())
    return damaged(cat("attribute ", quoted(attribute.name), " is cut off"));
  attribute.data = reader.take(size);
  return attribute;
}

/// Attributes beyond a handful, and large ones, move into a heap.
Status read_dense_attributes(Source& source, std::span<const std::byte> message,
                             std::vector<Attribute>& attributes) {
  ByteReader reader(message);
  reader.skip(1);
  if (reader.u8() & 1) reader.skip(2);
  uint64_t heap_address = source.read_offset(reader), tree = source.read_offset(reader);
  if (reader.failed()) return damaged("an attribute info message is too short");
  if (source.is_undefined(heap_address)) return {};
  FractalHeap heap = TRY(FractalHeap::open(source, heap_address));
  Records found = TRY(read_btree_v2(source, tree));
  if (found.type != RecordType::attribute_by_name) return damaged("an object has a wrong index");
  for (std::span<const std::byte> record : found.records) {
    ByteReader fields(record);
    std::span<const std::byte> id = fields.take(heap.id_size());
    bool shared = (fields.u8() & 2) != 0;
    if (fields.failed()) return damaged("a record of an attribute index is too short");
    ENSURE_CODE(ErrorCode::unsupported, !shared,
                "the HDF5 file keeps attributes in a shared heap, which cannot be read");
    attributes.push_back(TRY(read_attribute(source, TRY(heap.object(source, id)))));
  }
  return {};
}

}  // namespace

Expected<std::vector<Attribute>> read_attributes(Source& source,
                                                 const std::vector<Message>& messages) {
  std::vector<Attribute> attributes;
  for (const Message& message : messages) {
    if (message.type == MessageType::attribute) {
      std::span<const std::byte> body = TRY(body_of(source, message));
      attributes.push_back(TRY(read_attribute(source, body)));
    } else if (message.type == MessageType::attribute_info) {
      TRY(read_dense_attributes(source, message.body, attributes));
    }
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
  return attributes;
}

}  // namespace wherry::keras::hdf5
