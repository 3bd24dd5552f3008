// Where large constants live while a model is made: in memory, or in a scratch file.
#pragma once

#include <memory>

#include "base/scratch_file.h"
#include "ir/model.h"

namespace wherry {

/// Copies share the file. What does not fit on the disk stays in memory.
class ConstantStore {
 public:
  ConstantStore() = default;  ///< everything stays in memory
  explicit ConstantStore(ScratchFile file)
      : file_(std::make_shared<ScratchFile>(std::move(file))) {}

  /// False when everything stays in memory.
  explicit operator bool() const { return file_ != nullptr; }
  /// The same bytes; small ones and those of a mapped file stay where they are.
  Constant keep(Constant constant) const;
  /// As ScratchFile::make.
  Constant make(size_t size, size_t granule, const ScratchFile::Fill& fill) const;

 private:
  bool takes(size_t size) const;
  std::shared_ptr<ScratchFile> file_;
};

}  // namespace wherry
