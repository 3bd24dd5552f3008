// Which files are mapped and which are half-written: a list that signal handlers may read.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace wherry {

/// Keeps a file in the list as long as it lives. A full list leaves the file out.
class LiveFile {
 public:
  static LiveFile mapped(std::string path, std::span<const std::byte> bytes);
  /// A file that nobody wants unless it is finished.
  static LiveFile unfinished(std::string path);
  LiveFile();
  LiveFile(LiveFile&& other) noexcept;
  LiveFile& operator=(LiveFile&& other) noexcept;
  ~LiveFile();

 private:
  struct Entry;
  explicit LiveFile(std::unique_ptr<const Entry> entry);
  friend const char* mapped_file_at(const void* address);
  friend void remove_unfinished_files();
  std::unique_ptr<const Entry> entry_;
  size_t slot_ = 0;
};

/// The path of the file that is mapped at the address; nullptr when none is. Allocates nothing and
/// takes no lock.
const char* mapped_file_at(const void* address);
/// Allocates nothing and takes no lock.
void remove_unfinished_files();

}  // namespace wherry
