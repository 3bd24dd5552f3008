// A file mapped read-only into memory, or bytes held in memory, behind one shared owner.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/live_files.h"

namespace wherry {

/// Bytes that stay valid as long as `owner` lives.
struct SharedBytes {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

/// Maps the file (private, read-only); an empty file gives empty bytes. Errors: cannot_read. When
/// another program shortens the file, reading what is gone raises SIGBUS: see live_files.h.
Expected<SharedBytes> map_file(const std::string& path);
/// Lets the system take back the memory of these bytes until they are read again, when `owner` is a
/// mapped file; nothing for other owners.
void drop_pages(const std::shared_ptr<const void>& owner, std::span<const std::byte> bytes);
/// Takes over the bytes.
SharedBytes share(std::vector<std::byte> bytes);
/// A file under a temporary name beside `path` until commit() renames it; destroyed uncommitted, it
/// is gone. Devices, pipes and what is standard output are written to directly.
class FileWriter {
 public:
  static Expected<FileWriter> create(const std::string& path);
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();
  /// Tells how large the file will be, before its first byte is written: quicker, and a full disk
  /// is known at once.
  Status reserve(uint64_t size_bytes);
  Status write(std::span<const std::byte> bytes);
  /// At a place of the file that write() has nothing to do with; several threads may at once. To
  /// what is no file, places must come one after the other.
  Status write_at(uint64_t place, std::span<const std::byte> bytes) const;
  Status commit();
  const std::string& temporary_path() const { return temporary_; }

 private:
  FileWriter() = default;
  std::string path_, temporary_;
  LiveFile unfinished_;
  int descriptor_ = -1;
};

/// Writes to a temporary name beside `path`, then renames: no half-written file is ever left.
Status write_file(const std::string& path, std::span<const std::byte> bytes);

}  // namespace wherry
