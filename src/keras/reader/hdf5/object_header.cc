// Reads object headers of both versions.
#include "keras/reader/hdf5/object_header.h"

namespace wherry::keras::hdf5 {
namespace {

constexpr uint8_t shared_flag = 0x02, must_understand_flag = 0x80;
constexpr uint16_t last_known_type = 0x18;
constexpr size_t largest_block_count = 4096;

struct Block {
  uint64_t address, size;
};

/// What both versions share: collects messages and the blocks that are still to be read.
struct Collector {
  Source& source;
  std::vector<Message> messages;
  std::vector<Block> blocks;

  Status add(uint16_t type, uint8_t flags, std::span<const std::byte> body) {
    ENSURE_CODE(
        ErrorCode::unsupported, type <= last_known_type || (flags & must_understand_flag) == 0,
        "the HDF5 file uses a feature that this program does not know (message ", type, ")");
    if (type == static_cast<uint16_t>(MessageType::continuation)) {
      ByteReader reader(body);
      uint64_t address = source.read_offset(reader), size = source.read_length(reader);
      if (reader.failed()) return damaged("a continuation message is too short");
      if (blocks.size() >= largest_block_count)
        return damaged("an object header is spread over too many blocks");
      blocks.push_back({address, size});
    } else if (type != 0) {
      messages.push_back({static_cast<MessageType>(type), (flags & shared_flag) != 0, body});
    }
    return {};
  }
};

Status read_messages_1(Collector& collector, ByteReader reader, size_t limit) {
  while (reader.remaining() >= 8 && collector.messages.size() < limit) {
    uint16_t type = reader.u16(), size = reader.u16();
    uint8_t flags = reader.u8();
    reader.skip(3);
    std::span<const std::byte> body = reader.take(size);
    if (reader.failed()) return damaged("a message overruns its object header");
    TRY(collector.add(type, flags, body));
  }
  return {};
}

Status read_messages_2(Collector& collector, ByteReader reader, bool creation_order) {
  size_t head = creation_order ? 6 : 4;
  // Fewer bytes than a message head are a gap.
  while (reader.remaining() >= head) {
    uint8_t type = reader.u8();
    uint16_t size = reader.u16();
    uint8_t flags = reader.u8();
    if (creation_order) reader.skip(2);
    std::span<const std::byte> body = reader.take(size);
    if (reader.failed()) return damaged("a message overruns its object header");
    TRY(collector.add(type, flags, body));
  }
  return {};
}

Status read_version_1(Collector& collector, uint64_t address) {
  Source& source = collector.source;
  ByteReader prefix(TRY(source.metadata(address, 16)));
  prefix.skip(2);
  uint16_t count = prefix.u16();
  prefix.skip(4);
  uint32_t size = prefix.u32();
  ByteReader first(TRY(source.metadata(address + 16, size)));
  TRY(read_messages_1(collector, first, count));
  for (size_t i = 0; i < collector.blocks.size(); ++i) {
    Block block = collector.blocks[i];
    ByteReader reader(TRY(source.metadata(block.address, block.size)));
    TRY(read_messages_1(collector, reader, count));
  }
  return {};
}

Status read_version_2(Collector& collector, uint64_t address) {
  Source& source = collector.source;
  ByteReader prefix(TRY(source.metadata(address, 6)));
  prefix.skip(4);
  uint8_t version = prefix.u8(), flags = prefix.u8();
  ENSURE_CODE(ErrorCode::unsupported, version == 2,
              "the HDF5 file has an object header of version ", version,
              "; versions 1 and 2 can be read");
  uint64_t skipped = ((flags & 0x20) ? 16 : 0) + ((flags & 0x10) ? 4 : 0);
  uint64_t width = uint64_t{1} << (flags & 3);
  ByteReader size_field(TRY(source.metadata(address + 6 + skipped, width)));
  uint64_t size = size_field.number(width), head = 6 + skipped + width;
  if (size > source.size()) return damaged("an object header is larger than the file");
  bool creation_order = (flags & 0x04) != 0;
  ByteReader first = TRY(source.block(address, head + size + 4, "OHDR"));
  first.skip(head - 4);
  TRY(read_messages_2(collector, first, creation_order));
  for (size_t i = 0; i < collector.blocks.size(); ++i) {
    Block block = collector.blocks[i];
    TRY(read_messages_2(collector, TRY(source.block(block.address, block.size, "OCHK")),
                        creation_order));
  }
  return {};
}

}  // namespace

Expected<std::vector<Message>> read_object_header(Source& source, uint64_t address) {
  Collector collector{source, {}, {}};
  std::span<const std::byte> start = TRY(source.metadata(address, 4));
  if (as_text(start) == "OHDR") {
    TRY(read_version_2(collector, address));
  } else if (start[0] == std::byte{1}) {
    TRY(read_version_1(collector, address));
  } else {
    return damaged(cat("there is no object header at ", address));
  }
  return std::move(collector.messages);
}

const Message* find_message(const std::vector<Message>& messages, MessageType type) {
  for (const Message& message : messages) {
    if (message.type == type) return &message;
  }
  return nullptr;
}

Expected<std::span<const std::byte>> body_of(Source& source, const Message& message) {
  if (!message.shared) return message.body;
  ByteReader reader(message.body);
  uint8_t version = reader.u8(), kind = reader.u8();
  constexpr uint8_t in_shared_heap = 1;
  ENSURE_CODE(ErrorCode::unsupported, version < 3 || kind != in_shared_heap,
              "the HDF5 file keeps messages in a shared heap, which cannot be read");
  if (version == 1) reader.skip(6 + size_t{source.length_size()});
  uint64_t address = source.read_offset(reader);
  if (reader.failed() || version == 0 || version > 3)
    return damaged("a reference to a shared message cannot be read");
  std::vector<Message> messages = TRY(read_object_header(source, address));
  const Message* found = find_message(messages, message.type);
  if (!found || found->shared) return damaged("a shared message is not where it should be");
  return found->body;
}

}  // namespace wherry::keras::hdf5
