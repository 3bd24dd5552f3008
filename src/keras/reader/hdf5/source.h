// The bytes of an HDF5 file: addresses, field widths, checksums, and budgets for hostile files.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/byte_reader.h"
#include "base/error.h"
#include "base/mapped_file.h"

namespace wherry::keras::hdf5 {

/// An error about the file itself, worded for the person who has it.
Error damaged(std::string what);

/// Tests that aim behind the checksums switch them off.
enum class Checksums { verified, ignored };

class Source {
 public:
  /// Finds and reads the superblock. Errors: malformed, unsupported.
  static Expected<Source> open(SharedBytes file, Checksums checksums = Checksums::verified);

  /// `size` bytes of metadata at `address`. All calls together may ask for a few times the size of
  /// the file: a structure that leads into itself ends in an error, never in a loop.
  Expected<std::span<const std::byte>> metadata(uint64_t address, uint64_t size);
  /// As metadata(), for a block that begins with `signature` and ends in a checksum; the reader
  /// stands behind the signature and ends before the checksum.
  Expected<ByteReader> block(uint64_t address, uint64_t size, std::string_view signature);
  /// Bytes of a dataset: a view that keeps the file mapped.
  Expected<SharedBytes> data(uint64_t address, uint64_t size) const;
  /// A view of bytes that metadata() gave, which keeps the file mapped.
  SharedBytes share(std::span<const std::byte> bytes) const { return {file_.owner, bytes}; }
  /// To be called before `bytes` are allocated or expanded: all calls together may ask for a
  /// generous multiple of the size of the file.
  Status allow_allocation(uint64_t bytes);

  uint64_t read_offset(ByteReader& reader) const { return reader.number(offset_size_); }
  uint64_t read_length(ByteReader& reader) const { return reader.number(length_size_); }
  /// True for the address that stands for "nothing there".
  bool is_undefined(uint64_t address) const;
  uint8_t offset_size() const { return offset_size_; }
  uint8_t length_size() const { return length_size_; }
  uint64_t root() const { return root_; }
  uint64_t size() const { return file_.bytes.size(); }

 private:
  Status read_superblock(uint64_t position);
  Status read_old_superblock(ByteReader reader, uint8_t version);
  Status read_new_superblock(ByteReader reader, uint64_t position);
  Status check_extent(uint64_t end_of_file) const;

  SharedBytes file_;
  Checksums checksums_ = Checksums::verified;
  uint8_t offset_size_ = 8, length_size_ = 8;
  uint64_t base_ = 0;  // where address 0 lies in the file
  uint64_t root_ = 0;  // address of the object header of the root group
  uint64_t metadata_left_ = 0, allocation_left_ = 0;
};

/// True when the bytes hold an HDF5 file, possibly behind a block of the user's own.
bool is_hdf5(std::span<const std::byte> bytes);

}  // namespace wherry::keras::hdf5
