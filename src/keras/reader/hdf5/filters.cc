// Undoes the filters of chunks.
#include "keras/reader/hdf5/filters.h"

#include <zlib.h>

#include <limits>
#include <utility>

#include "keras/reader/hdf5/checksum.h"

namespace wherry::keras::hdf5 {
namespace {

struct KnownFilter {
  uint16_t id;
  std::string_view name;
};
// For messages: filters that exist, but not here.
constexpr KnownFilter foreign_filters[] = {
    {4, "szip"},    {5, "nbit"},      {6, "scale-offset"}, {307, "bzip2"},
    {32000, "lzf"}, {32001, "blosc"}, {32004, "lz4"},      {32008, "bitshuffle"},
    {32013, "zfp"}, {32015, "zstd"},  {32026, "blosc2"}};

Error unknown_filter(uint16_t id) {
  std::string name = cat("number ", id);
  for (const KnownFilter& known : foreign_filters) {
    if (known.id == id) name = cat(known.name, " (number ", id, ")");
  }
  return Error{.code = ErrorCode::unsupported,
               .message = cat("the HDF5 file is compressed with filter ", name,
                              "; only deflate, shuffle and fletcher32 can be read"),
               .advice = "repack the file: h5repack -f GZIP=1 in.h5 out.h5"};
}

Expected<Filter> read_filter(ByteReader& reader, uint8_t version) {
  uint16_t id = reader.u16();
  uint16_t name_size = version == 1 || id >= 256 ? reader.u16() : 0;
  reader.skip(2);
  uint16_t value_count = reader.u16();
  reader.skip(version == 1 ? (name_size + 7u) / 8 * 8 : name_size);
  ByteReader values(reader.take(uint64_t{value_count} * 4));
  if (version == 1 && value_count % 2 != 0) reader.skip(4);
  if (reader.failed()) return damaged("a filter message is too short");
  if (id < 1 || id > 3) return unknown_filter(id);
  Filter filter{static_cast<Filter::Id>(id), 1};
  if (filter.id == Filter::Id::shuffle) filter.element_size = values.u32();
  if (filter.element_size == 0) return damaged("a shuffle filter has elements without size");
  return filter;
}

Status inflate_into(std::span<const std::byte> stored, std::vector<std::byte>& content) {
  z_stream stream{};
  constexpr uint64_t most = std::numeric_limits<uInt>::max();
  ENSURE_CODE(ErrorCode::too_large, stored.size() <= most && content.size() <= most,
              "the HDF5 file has a chunk of more than 4 GB");
  if (inflateInit(&stream) != Z_OK) return damaged("a chunk cannot be expanded");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(stored.data()));
  stream.avail_in = static_cast<uInt>(stored.size());
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  int state = inflate(&stream, Z_FINISH);
  size_t left = stream.avail_out;
  inflateEnd(&stream);
  if (state != Z_STREAM_END) return damaged("a compressed chunk cannot be expanded");
  content.resize(content.size() - left);
  return {};
}

/// Shuffling puts the first bytes of all elements first, then all second bytes, and so on.
void unshuffle(std::span<const std::byte> shuffled, size_t element_size,
               std::vector<std::byte>& content) {
  size_t count = shuffled.size() / element_size;
  content.assign(shuffled.begin(), shuffled.end());
  for (size_t part = 0; part < element_size; ++part) {
    const std::byte* source = shuffled.data() + part * count;
    for (size_t i = 0; i < count; ++i) content[i * element_size + part] = source[i];
  }
}

}  // namespace

Expected<std::vector<Filter>> read_filters(std::span<const std::byte> message) {
  ByteReader reader(message);
  uint8_t version = reader.u8(), count = reader.u8();
  ENSURE_CODE(ErrorCode::unsupported, version == 1 || version == 2,
              "the HDF5 file has a filter message of version ", version);
  constexpr uint8_t most_filters = 32;
  if (count > most_filters) return damaged(cat("a dataset has ", count, " filters"));
  if (version == 1) reader.skip(6);
  std::vector<Filter> filters;
  for (int i = 0; i < count; ++i) filters.push_back(TRY(read_filter(reader, version)));
  return filters;
}

Expected<std::span<const std::byte>> undo_filters(const std::vector<Filter>& filters,
                                                  uint32_t skipped,
                                                  std::span<const std::byte> stored, uint64_t size,
                                                  ChunkBuffers& buffers) {
  std::span<const std::byte> now = stored;
  for (size_t i = filters.size(); i-- > 0;) {
    if (skipped >> i & 1) continue;
    const Filter& filter = filters[i];
    if (filter.id == Filter::Id::fletcher32) {
      if (now.size() < 4) return damaged("a chunk is shorter than its checksum");
      uint32_t expected = ByteReader(now.last(4)).u32();
      now = now.first(now.size() - 4);
      if (fletcher32(now) != expected) return damaged("a chunk does not match its checksum");
      continue;
    }
    if (filter.id == Filter::Id::deflate) {
      // A checksum made before compressing is inside, so there may be a few bytes more.
      buffers.other.resize(size + 4 * filters.size());
      TRY(inflate_into(now, buffers.other));
    } else {
      unshuffle(now, filter.element_size, buffers.other);
    }
    std::swap(buffers.content, buffers.other);
    now = buffers.content;
  }
  if (now.size() < size) return damaged("a chunk is shorter than it should be");
  return now.first(size);
}

}  // namespace wherry::keras::hdf5
