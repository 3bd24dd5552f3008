// Object headers: the list of messages that describes a group or a dataset.
#pragma once

#include <vector>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

enum class MessageType : uint16_t {
  nothing = 0x00,
  dataspace = 0x01,
  link_info = 0x02,
  datatype = 0x03,
  old_fill_value = 0x04,
  fill_value = 0x05,
  link = 0x06,
  external_files = 0x07,
  layout = 0x08,
  filters = 0x0b,
  attribute = 0x0c,
  continuation = 0x10,
  symbol_table = 0x11,
  attribute_info = 0x15,
};

struct Message {
  MessageType type = MessageType::nothing;
  bool shared = false;  ///< the body only says where the message is
  std::span<const std::byte> body;
};

/// All messages of the object at `address`, continuation blocks included.
Expected<std::vector<Message>> read_object_header(Source& source, uint64_t address);
/// The first message of a type, or null.
const Message* find_message(const std::vector<Message>& messages, MessageType type);
/// The body itself, fetched from another object when the message is shared.
Expected<std::span<const std::byte>> body_of(Source& source, const Message& message);

}  // namespace wherry::keras::hdf5
