// Reads datasets of every layout.
#include "keras/reader/hdf5/dataset.h"

#include <algorithm>
#include <cstring>

#include "keras/reader/hdf5/chunk_index.h"
#include "keras/reader/hdf5/filters.h"
#include "keras/reader/hdf5/layout.h"

namespace wherry::keras::hdf5 {
namespace {

using Bytes = std::span<const std::byte>;

Expected<Bytes> required(Source& source, const std::vector<Message>& messages, MessageType type,
                         std::string_view what) {
  const Message* message = find_message(messages, type);
  if (!message) return damaged(cat("a dataset has no ", what));
  return body_of(source, *message);
}

/// The value of elements that were never written; empty for zeros.
Expected<Bytes> read_fill_value(Source& source, const std::vector<Message>& messages) {
  const Message* message = find_message(messages, MessageType::fill_value);
  if (!message) return Bytes{};
  ByteReader reader(TRY(body_of(source, *message)));
  uint8_t version = reader.u8(), flags = reader.u8();
  bool defined = (flags & 0x20) != 0;
  if (version < 3) {
    reader.skip(1);
    defined = reader.u8() != 0 || version == 1;
  }
  if (!defined) return Bytes{};
  Bytes value = reader.take(reader.u32());
  if (reader.failed()) return damaged("a fill value message is too short");
  return value;
}

uint64_t product(const std::vector<uint64_t>& factors, uint64_t start, bool& overflow) {
  for (uint64_t factor : factors) overflow |= __builtin_mul_overflow(start, factor, &start);
  return start;
}

std::vector<std::byte> filled(uint64_t size, Bytes value) {
  std::vector<std::byte> bytes(size);
  if (value.empty() || size % value.size() != 0) return bytes;
  for (uint64_t at = 0; at < size; at += value.size())
    std::memcpy(bytes.data() + at, value.data(), value.size());
  return bytes;
}

/// Copies the part of a chunk that lies inside the dataset, row by row.
struct ChunkCopy {
  const std::vector<uint64_t>& extents;
  const std::vector<uint64_t>& chunk_extents;
  uint64_t element_size;

  void run(const std::vector<uint64_t>& start, Bytes chunk, std::vector<std::byte>& whole) const {
    size_t rank = extents.size();
    std::vector<uint64_t> counts(rank), position(rank, 0);
    for (size_t axis = 0; axis < rank; ++axis) {
      if (start[axis] >= extents[axis]) return;
      counts[axis] = std::min(chunk_extents[axis], extents[axis] - start[axis]);
    }
    uint64_t row_bytes = counts[rank - 1] * element_size;
    while (true) {
      uint64_t from = 0, to = 0;
      for (size_t axis = 0; axis < rank; ++axis) {
        from = from * chunk_extents[axis] + position[axis];
        to = to * extents[axis] + start[axis] + position[axis];
      }
      std::memcpy(whole.data() + to * element_size, chunk.data() + from * element_size, row_bytes);
      size_t axis = rank - 1;
      while (axis > 0 && ++position[axis - 1] == counts[axis - 1]) position[--axis] = 0;
      if (axis == 0) return;
    }
  }
};

bool is_partial(const Chunk& chunk, const Layout& layout, const Dataspace& space) {
  for (size_t axis = 0; axis < chunk.start.size(); ++axis) {
    uint64_t extent = space.extents[axis];
    if (chunk.start[axis] >= extent || layout.chunk_extents[axis] > extent - chunk.start[axis])
      return true;
  }
  return false;
}

Expected<std::vector<std::byte>> read_chunks(Source& source, const Layout& layout,
                                             const Dataspace& space, uint64_t element_size,
                                             const std::vector<Filter>& filters,
                                             std::vector<std::byte> whole) {
  ChunkedData data{layout, space, 0, !filters.empty()};
  bool overflow = false;
  data.chunk_bytes = product(layout.chunk_extents, element_size, overflow);
  if (overflow) return damaged("a chunk is impossibly large");
  ChunkCopy copy{space.extents, layout.chunk_extents, element_size};
  ChunkBuffers buffers;
  for (const Chunk& chunk : TRY(find_chunks(source, data))) {
    TRY(source.allow_allocation(data.chunk_bytes));
    bool unfiltered = layout.partial_chunks_unfiltered && is_partial(chunk, layout, space);
    uint64_t stored_size = filters.empty() || unfiltered ? data.chunk_bytes : chunk.size;
    Bytes content = TRY(source.data(chunk.address, stored_size)).bytes;
    if (!filters.empty() && !unfiltered)
      content = TRY(undo_filters(filters, chunk.skipped, content, data.chunk_bytes, buffers));
    copy.run(chunk.start, content, whole);
  }
  return whole;
}

struct Storage {
  Layout layout;
  std::vector<Filter> filters;
  Bytes fill_value;
};

Expected<Storage> read_storage(Source& source, const std::vector<Message>& messages) {
  ENSURE_CODE(ErrorCode::unsupported, !find_message(messages, MessageType::external_files),
              "the HDF5 file keeps the data of a dataset in another file, which is not followed");
  Storage storage;
  storage.layout =
      TRY(read_layout(source, TRY(required(source, messages, MessageType::layout, "layout"))));
  storage.fill_value = TRY(read_fill_value(source, messages));
  if (const Message* filters = find_message(messages, MessageType::filters))
    storage.filters = TRY(read_filters(TRY(body_of(source, *filters))));
  return storage;
}

Expected<SharedBytes> read_data(Source& source, const Storage& storage, const Dataspace& space,
                                uint64_t element_size, uint64_t size) {
  const Layout& layout = storage.layout;
  if (size == 0) return SharedBytes{};
  if (layout.kind == Layout::Kind::compact) {
    if (layout.compact.size() < size) return damaged("a dataset is longer than its place");
    return source.share(layout.compact.first(size));
  }
  if (layout.kind == Layout::Kind::contiguous && !source.is_undefined(layout.address)) {
    if (layout.size != 0 && layout.size < size)
      return damaged("a dataset is longer than its place");
    return source.data(layout.address, size);
  }
  TRY(source.allow_allocation(size));
  std::vector<std::byte> whole = filled(size, storage.fill_value);
  if (layout.kind == Layout::Kind::chunked) {
    if (layout.chunk_extents.size() != space.extents.size())
      return damaged("the chunks of a dataset have another rank than the dataset");
    whole =
        TRY(read_chunks(source, layout, space, element_size, storage.filters, std::move(whole)));
  }
  return share(std::move(whole));
}

Expected<SharedBytes> swapped(Source& source, Bytes bytes, size_t element_size) {
  TRY(source.allow_allocation(bytes.size()));
  std::vector<std::byte> turned(bytes.begin(), bytes.end());
  for (auto at = turned.begin(); at != turned.end(); at += static_cast<ptrdiff_t>(element_size))
    std::reverse(at, at + static_cast<ptrdiff_t>(element_size));
  return share(std::move(turned));
}

}  // namespace

Expected<Dataset> read_dataset(Source& source, const std::vector<Message>& messages) {
  Dataset dataset;
  dataset.type =
      TRY(read_datatype(TRY(required(source, messages, MessageType::datatype, "datatype"))));
  dataset.space = TRY(read_dataspace(
      TRY(required(source, messages, MessageType::dataspace, "dataspace")), source.length_size()));
  Storage storage = TRY(read_storage(source, messages));
  uint64_t size = 0, element_size = dataset.type.size;
  if (__builtin_mul_overflow(TRY(dataset.space.elements()), element_size, &size))
    return damaged("a dataset is impossibly large");
  dataset.bytes = TRY(read_data(source, storage, dataset.space, element_size, size));
  if (dataset.type.kind == Datatype::Kind::number && dataset.type.big_endian && element_size > 1)
    dataset.bytes = TRY(swapped(source, dataset.bytes.bytes, element_size));
  return dataset;
}

}  // namespace wherry::keras::hdf5
