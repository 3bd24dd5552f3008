// Bytes kept in a file without a name, mapped: memory that the system may take back at any time.
#pragma once

#include "base/mapped_file.h"
#include "base/parts.h"

namespace wherry {

class ScratchFile {
 public:
  /// In this folder; empty: the present one. The file is gone with the last of its bytes. So many
  /// threads make what is large. Errors: cannot_write.
  static Expected<ScratchFile> create(const std::string& folder, size_t threads = 1);

  /// `size` bytes, made in parts of whole multiples of `granule`. Space of bytes without an owner
  /// is given back. Errors: cannot_write.
  Expected<SharedBytes> make(size_t size, size_t granule, const FillPart& fill);

 private:
  ScratchFile(std::shared_ptr<const int> descriptor, size_t threads)
      : file_(std::move(descriptor)), threads_(threads) {}
  std::shared_ptr<const int> file_;
  size_t threads_;
  size_t end_ = 0;
};

}  // namespace wherry
