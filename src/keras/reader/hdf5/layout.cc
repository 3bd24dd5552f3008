// Decodes layout messages.
#include "keras/reader/hdf5/layout.h"

namespace wherry::keras::hdf5 {
namespace {

enum class Class : uint8_t { compact = 0, contiguous = 1, chunked = 2, virtual_dataset = 3 };
constexpr uint8_t largest_rank = 32;

Status take_chunk_extents(ByteReader& reader, uint8_t count, uint8_t width, Layout& layout) {
  if (count < 2 || count > largest_rank + 1)
    return damaged(cat("chunks have ", count, " dimensions"));
  for (int i = 0; i + 1 < count; ++i) {
    uint64_t extent = reader.number(width);
    if (extent == 0) return damaged("a chunk has an extent of 0");
    layout.chunk_extents.push_back(extent);
  }
  reader.skip(width);  // the element size
  return {};
}

/// Files of HDF5 before 1.6.3.
Status read_oldest(const Source& source, ByteReader& reader, Layout& layout) {
  uint8_t rank = reader.u8();
  Class kind = static_cast<Class>(reader.u8());
  reader.skip(5);
  if (kind != Class::compact) layout.address = source.read_offset(reader);
  if (kind == Class::chunked) {
    layout.kind = Layout::Kind::chunked;
    return take_chunk_extents(reader, rank, 4, layout);
  }
  reader.skip(uint64_t{rank} * 4);
  if (kind == Class::contiguous) return {};
  layout.kind = Layout::Kind::compact;
  layout.compact = reader.take(reader.u32());
  return {};
}

Status read_chunked_4(const Source& source, ByteReader& reader, Layout& layout) {
  uint8_t flags = reader.u8(), rank = reader.u8(), width = reader.u8();
  if (width < 1 || width > 8) return damaged("chunk sizes have an impossible width");
  TRY(take_chunk_extents(reader, rank, width, layout));
  layout.partial_chunks_unfiltered = (flags & 1) != 0;
  layout.single_filtered = (flags & 2) != 0;
  layout.index = static_cast<Layout::Index>(reader.u8());
  switch (layout.index) {
    case Layout::Index::single:
      if (!layout.single_filtered) break;
      layout.single_size = source.read_length(reader);
      layout.single_skipped = reader.u32();
      break;
    case Layout::Index::implicit:
      break;
    case Layout::Index::fixed_array:
      reader.skip(1);
      break;
    case Layout::Index::extensible_array:
      reader.skip(5);
      break;
    case Layout::Index::tree_v2:
      reader.skip(6);
      break;
    default:
      return damaged("a dataset has an unknown kind of chunk index");
  }
  layout.address = source.read_offset(reader);
  return {};
}

Status read_current(const Source& source, ByteReader& reader, uint8_t version, Layout& layout) {
  switch (static_cast<Class>(reader.u8())) {
    case Class::compact:
      layout.kind = Layout::Kind::compact;
      layout.compact = reader.take(reader.u16());
      return {};
    case Class::contiguous:
      layout.address = source.read_offset(reader);
      layout.size = source.read_length(reader);
      return {};
    case Class::chunked: {
      layout.kind = Layout::Kind::chunked;
      if (version >= 4) return read_chunked_4(source, reader, layout);
      uint8_t rank = reader.u8();
      layout.address = source.read_offset(reader);
      return take_chunk_extents(reader, rank, 4, layout);
    }
    case Class::virtual_dataset:
      return Error{.code = ErrorCode::unsupported,
                   .message = "the HDF5 file has a virtual dataset, whose data is in other files",
                   .advice = "copy the data into one file"};
    default:
      return damaged("a dataset has an unknown layout");
  }
}

}  // namespace

Expected<Layout> read_layout(const Source& source, std::span<const std::byte> message) {
  ByteReader reader(message);
  uint8_t version = reader.u8();
  ENSURE_CODE(ErrorCode::unsupported, version >= 1 && version <= 5,
              "the HDF5 file has a dataset layout of version ", version,
              "; versions 1 to 5 can be read");
  Layout layout;
  if (version < 3) {
    TRY(read_oldest(source, reader, layout));
  } else {
    TRY(read_current(source, reader, version, layout));
  }
  if (reader.failed()) return damaged("a layout message is too short");
  return layout;
}

}  // namespace wherry::keras::hdf5
