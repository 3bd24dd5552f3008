// Reads the superblock of an HDF5 file and hands out bounded views of the rest.
#include "keras/reader/hdf5/source.h"

#include <algorithm>

#include "base/checked.h"
#include "keras/reader/hdf5/checksum.h"

namespace wherry::keras::hdf5 {
namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
constexpr uint64_t nowhere = UINT64_MAX;
// Reading a file takes each byte of metadata once or twice; these leave room for odd files.
constexpr uint64_t metadata_ratio = 8, free_metadata = 1 << 20;
// Every request costs at least this, so that empty requests end too.
constexpr uint64_t request_cost = 16;
constexpr uint64_t allocation_ratio = 100, free_allocation = 256 << 20;

/// The superblock stands at 0 or at a power of two from 512 on.
uint64_t find_superblock(std::span<const std::byte> bytes) {
  for (uint64_t position = 0; fits(position, signature.size(), bytes.size());
       position = position == 0 ? 512 : position * 2) {
    if (as_text(bytes.subspan(position, signature.size())) == signature) return position;
  }
  return nowhere;
}

uint64_t times(uint64_t a, uint64_t b) { return a > UINT64_MAX / b ? UINT64_MAX : a * b; }

}  // namespace

Error damaged(std::string what) {
  return Error{.code = ErrorCode::malformed,
               .message = cat("the HDF5 file is damaged: ", what),
               .advice = "copy or download the file again"};
}

bool is_hdf5(std::span<const std::byte> bytes) { return find_superblock(bytes) != nowhere; }

Expected<Source> Source::open(SharedBytes file, Checksums checksums) {
  uint64_t position = find_superblock(file.bytes);
  ENSURE_CODE(ErrorCode::malformed, position != nowhere, "this is not an HDF5 file");
  Source source;
  source.file_ = std::move(file);
  source.checksums_ = checksums;
  source.metadata_left_ = std::max(times(source.size(), metadata_ratio), free_metadata);
  source.allocation_left_ = std::max(times(source.size(), allocation_ratio), free_allocation);
  TRY(source.read_superblock(position));
  return source;
}

Status Source::read_superblock(uint64_t position) {
  ByteReader reader(file_.bytes.subspan(position + signature.size()));
  uint8_t version = reader.u8();
  ENSURE_CODE(ErrorCode::unsupported, version <= 3, "the HDF5 file has a superblock of version ",
              version, "; versions 0 to 3 can be read");
  if (version < 2) return read_old_superblock(reader, version);
  return read_new_superblock(reader, position);
}

Status Source::read_old_superblock(ByteReader reader, uint8_t version) {
  reader.skip(4);
  offset_size_ = reader.u8();
  length_size_ = reader.u8();
  reader.skip(1 + 2 + 2 + 4);
  if (version == 1) reader.skip(4);
  if (offset_size_ > 8 || length_size_ > 8 || offset_size_ < 2 || length_size_ < 2)
    return damaged("its addresses have an impossible width");
  base_ = read_offset(reader);
  reader.skip(offset_size_);
  uint64_t end_of_file = read_offset(reader);
  reader.skip(2 * size_t{offset_size_});  // driver information; name of the root group
  root_ = read_offset(reader);
  if (reader.failed()) return damaged("it ends within its superblock");
  return check_extent(end_of_file);
}

Status Source::read_new_superblock(ByteReader reader, uint64_t position) {
  offset_size_ = reader.u8();
  length_size_ = reader.u8();
  reader.skip(1);
  if (offset_size_ > 8 || length_size_ > 8 || offset_size_ < 2 || length_size_ < 2)
    return damaged("its addresses have an impossible width");
  base_ = read_offset(reader);
  reader.skip(offset_size_);
  uint64_t end_of_file = read_offset(reader);
  root_ = read_offset(reader);
  size_t covered = signature.size() + reader.position();
  uint32_t checksum = reader.u32();
  if (reader.failed()) return damaged("it ends within its superblock");
  if (checksums_ == Checksums::verified &&
      checksum != lookup3(file_.bytes.subspan(position, covered)))
    return damaged("its superblock does not match its checksum");
  return check_extent(end_of_file);
}

Status Source::check_extent(uint64_t end_of_file) const {
  if (base_ > size()) return damaged("its base address lies outside the file");
  // The recorded end counts from the start of the file in some versions, from the base in others.
  if (end_of_file > size())
    return damaged(cat("it should be ", end_of_file, " bytes long but has only ", size()));
  return {};
}

bool Source::is_undefined(uint64_t address) const {
  return address == UINT64_MAX >> (8 * (8 - offset_size_));
}

Expected<std::span<const std::byte>> Source::metadata(uint64_t address, uint64_t size) {
  uint64_t room = this->size() - base_;
  if (is_undefined(address) || !fits(address, size, room))
    return damaged(cat("a structure of ", size, " bytes at ", address, " lies outside the file"));
  uint64_t cost = size + request_cost;
  if (cost > metadata_left_)
    return damaged("its structures refer to each other in circles, or are far too many");
  metadata_left_ -= cost;
  return file_.bytes.subspan(base_ + address, size);
}

Expected<ByteReader> Source::block(uint64_t address, uint64_t size, std::string_view name) {
  if (size < name.size() + 4) return damaged(cat("a block ", quoted(name), " is too small"));
  std::span<const std::byte> bytes = TRY(metadata(address, size));
  std::span<const std::byte> covered = bytes.first(size - 4);
  if (as_text(bytes.first(name.size())) != name)
    return damaged(cat("there is no block ", quoted(name), " at ", address));
  if (checksums_ == Checksums::verified && lookup3(covered) != ByteReader(bytes.last(4)).u32())
    return damaged(
        cat("the block ", quoted(name), " at ", address, " does not match its checksum"));
  return ByteReader(covered.subspan(name.size()));
}

Expected<SharedBytes> Source::data(uint64_t address, uint64_t size) const {
  if (is_undefined(address) || !fits(address, size, this->size() - base_))
    return damaged(cat("data of ", size, " bytes at ", address, " lies outside the file"));
  return SharedBytes{file_.owner, file_.bytes.subspan(base_ + address, size)};
}

Status Source::allow_allocation(uint64_t bytes) {
  ENSURE_CODE(ErrorCode::too_large, bytes <= allocation_left_, "the HDF5 file of ",
              human_bytes(size()), " would expand to more than ",
              human_bytes(std::max(times(size(), allocation_ratio), free_allocation)),
              " of data; this looks like a compression bomb");
  allocation_left_ -= bytes;
  return {};
}

}  // namespace wherry::keras::hdf5
