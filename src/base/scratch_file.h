// Bytes kept in a file without a name, mapped: memory that the system may take back at any time.
#pragma once

#include <functional>

#include "base/mapped_file.h"

namespace wherry {

class ScratchFile {
 public:
  /// Writes the bytes from `first` on into `part`; several threads call it at once, each for
  /// another part.
  using Fill = std::function<void(size_t first, std::span<std::byte> part)>;

  /// In this folder; empty: the present one. The file is gone with the last of its bytes. So many
  /// threads make what is large. Errors: cannot_write.
  static Expected<ScratchFile> create(const std::string& folder, size_t threads = 1);

  /// `size` bytes, made in parts of whole multiples of `granule`, a few hundred kB at a time where
  /// that is possible. Space of bytes without an owner is given back. Errors: cannot_write.
  Expected<SharedBytes> make(size_t size, size_t granule, const Fill& fill);

 private:
  ScratchFile(std::shared_ptr<const int> descriptor, size_t threads)
      : file_(std::move(descriptor)), threads_(threads) {}
  std::shared_ptr<const int> file_;
  size_t threads_;
  size_t end_ = 0;
};

}  // namespace wherry
