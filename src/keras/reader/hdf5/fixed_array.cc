// Reads fixed arrays: the chunk index of datasets that cannot grow.
#include <algorithm>

#include "keras/reader/hdf5/chunk_index.h"

namespace wherry::keras::hdf5 {
namespace {

struct Header {
  uint64_t entry_size = 0, page_bits = 0, count = 0, data = 0;
};

Expected<Header> read_header(Source& source, uint64_t address) {
  uint64_t size = 8 + source.length_size() + source.offset_size() + 4;
  ByteReader reader = TRY(source.block(address, size, "FAHD"));
  reader.skip(2);
  Header header;
  header.entry_size = reader.u8();
  header.page_bits = reader.u8();
  header.count = source.read_length(reader);
  header.data = source.read_offset(reader);
  if (reader.failed() || header.entry_size < source.offset_size() || header.page_bits > 32 ||
      header.count > source.size())
    return damaged("a chunk index has an impossible form");
  return header;
}

Status take_entries(const Source& source, ByteReader& reader, uint64_t count, const Header& header,
                    const ChunkedData& data, std::vector<ArrayEntry>& entries) {
  for (uint64_t i = 0; i < count; ++i) {
    ByteReader entry(reader.take(header.entry_size));
    if (reader.failed()) return damaged("a chunk index is too short");
    entries.push_back(decode_entry(source, entry, header.entry_size, data));
  }
  return {};
}

/// Large arrays are cut into pages, each with a checksum; a bit says whether a page was written.
Status read_pages(Source& source, const Header& header, const ChunkedData& data,
                  std::vector<ArrayEntry>& entries) {
  uint64_t page_entries = uint64_t{1} << header.page_bits;
  uint64_t pages = (header.count + page_entries - 1) / page_entries;
  uint64_t head_size = 6 + source.offset_size() + (pages + 7) / 8 + 4;
  ByteReader head = TRY(source.block(header.data, head_size, "FADB"));
  head.skip(2 + source.offset_size());
  std::span<const std::byte> written = head.take((pages + 7) / 8);
  uint64_t address = header.data + head_size;
  for (uint64_t page = 0; page < pages; ++page) {
    uint64_t count = std::min(page_entries, header.count - page * page_entries);
    if ((static_cast<uint8_t>(written[page / 8]) >> (7 - page % 8) & 1) != 0) {
      ByteReader reader = TRY(source.block(address, count * header.entry_size + 4, ""));
      TRY(take_entries(source, reader, count, header, data, entries));
    } else {
      entries.resize(entries.size() + count);
    }
    address += page_entries * header.entry_size + 4;
  }
  return {};
}

}  // namespace

Expected<std::vector<ArrayEntry>> read_fixed_array(Source& source, const ChunkedData& data) {
  Header header = TRY(read_header(source, data.layout.address));
  std::vector<ArrayEntry> entries;
  if (source.is_undefined(header.data)) return entries;
  TRY(source.allow_allocation(header.count * sizeof(ArrayEntry)));
  if (header.count > uint64_t{1} << header.page_bits) {
    TRY(read_pages(source, header, data, entries));
    return entries;
  }
  uint64_t size = 6 + source.offset_size() + header.count * header.entry_size + 4;
  ByteReader reader = TRY(source.block(header.data, size, "FADB"));
  reader.skip(2 + source.offset_size());
  TRY(take_entries(source, reader, header.count, header, data, entries));
  return entries;
}

}  // namespace wherry::keras::hdf5
