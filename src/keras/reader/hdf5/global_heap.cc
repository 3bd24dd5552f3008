// Reads collections of the global heap, each once.
#include "keras/reader/hdf5/global_heap.h"

#include <algorithm>

namespace wherry::keras::hdf5 {

Expected<const GlobalHeap::Collection*> GlobalHeap::collection(Source& source, uint64_t address) {
  if (auto known = collections_.find(address); known != collections_.end()) return &known->second;
  uint64_t head_size = 8 + source.length_size();
  ByteReader head(TRY(source.metadata(address, head_size)));
  if (head.text(4) != "GCOL") return damaged(cat("there is no heap of strings at ", address));
  head.skip(4);
  uint64_t size = source.read_length(head);
  if (size < head_size) return damaged("a heap of strings has an impossible size");
  ByteReader reader(TRY(source.metadata(address + head_size, size - head_size)));
  Collection objects;
  while (reader.remaining() >= head_size) {
    uint16_t index = reader.u16();
    reader.skip(6);
    uint64_t object_size = source.read_length(reader);
    if (index == 0) break;  // the free space that ends the collection
    objects.emplace(index, reader.take(object_size));
    if (reader.failed()) return damaged("a string runs out of its heap");
    reader.skip(std::min<uint64_t>((8 - object_size % 8) % 8, reader.remaining()));
  }
  return &collections_.emplace(address, std::move(objects)).first->second;
}

Expected<std::string_view> GlobalHeap::text(Source& source, std::span<const std::byte> element) {
  ByteReader reader(element);
  uint32_t size = reader.u32();
  uint64_t address = source.read_offset(reader);
  uint32_t index = reader.u32();
  if (reader.failed()) return damaged("a reference to a string is too short");
  if (size == 0 || address == 0 || source.is_undefined(address)) return std::string_view{};
  const Collection& objects = *TRY(collection(source, address));
  auto found = index <= 0xffff ? objects.find(static_cast<uint16_t>(index)) : objects.end();
  if (found == objects.end()) return damaged("a string is missing from its heap");
  if (size > found->second.size()) return damaged("a string is longer than its place in the heap");
  std::string_view text = as_text(found->second.first(size));
  return text.substr(0, text.find('\0'));
}

}  // namespace wherry::keras::hdf5
