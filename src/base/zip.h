// Zip archives in memory: a reader for untrusted files and a writer of stored entries.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/mapped_file.h"

namespace wherry {

struct ZipEntry {
  std::string name;          ///< '/' between folders; never absolute, never with ".."
  uint16_t method = 0;       ///< 0 stored, 8 deflated; others are listed but cannot be read
  uint16_t flags = 0;        ///< bit 0: encrypted
  uint32_t checksum = 0;     ///< CRC-32 of the content
  uint64_t size = 0;         ///< of the content
  uint64_t stored_size = 0;  ///< in the archive
  uint64_t offset = 0;       ///< of the stored bytes, from the start of the given bytes
  uint64_t header = 0;       ///< of the header before them
};

/// An archive, possibly behind other bytes (a .tflite file with metadata is one). Opening checks
/// every entry: inside the file, not overlapping another, name unique and safe, not a bomb.
class ZipReader {
 public:
  /// Errors: malformed, too_large, unsupported.
  static Expected<ZipReader> open(SharedBytes archive);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// The entry with exactly this name, or null.
  const ZipEntry* find(std::string_view name) const;
  /// The content, its checksum verified. A stored entry is a view into the archive, at any
  /// alignment.
  Expected<SharedBytes> read(const ZipEntry& entry) const;
  /// The archive without the bytes before it, its offsets as if it began at byte `start` of a file.
  /// Errors: unsupported, for archives with 64-bit fields.
  Expected<std::vector<std::byte>> moved_to(uint64_t start) const;

 private:
  SharedBytes archive_;
  uint64_t directory_ = 0;  // where its records begin
  uint64_t end_ = 0;        // where the last record begins
  std::vector<ZipEntry> entries_;
};

/// True when the bytes end in a zip directory, whatever stands before the archive.
bool ends_in_zip(std::span<const std::byte> bytes);

/// Builds an archive of stored entries. The same entries give the same bytes: no time is recorded.
class ZipWriter {
 public:
  /// Sizes and offsets from `zip64_from` on are written as 64-bit fields; lower it only in tests.
  explicit ZipWriter(uint64_t zip64_from = 0xffffffff) : zip64_from_(zip64_from) {}

  /// Appends an entry whose content begins at a multiple of `alignment` (a power of two to 4096).
  /// Errors: usage, for a name that is empty, unsafe or taken.
  Status add(std::string_view name, std::span<const std::byte> content, uint32_t alignment = 1);
  /// The finished archive; the writer is empty afterwards.
  std::vector<std::byte> finish();

 private:
  std::vector<std::byte> bytes_;
  std::vector<ZipEntry> entries_;  // here `offset` is that of the local header
  uint64_t zip64_from_;
};

/// False for names that could lead out of a folder: absolute, with "..", a drive, a NUL, or empty.
bool is_safe_zip_name(std::string_view name);

}  // namespace wherry
