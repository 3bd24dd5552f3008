// Where large constants live while a model is made: in memory, or in a scratch file.
#pragma once

#include <memory>

#include "base/scratch_file.h"
#include "base/scratch_memory.h"
#include "ir/model.h"

namespace wherry {

/// Copies share the memory and the file. What does not fit into either stays in memory.
class ConstantStore {
 public:
  ConstantStore() = default;  ///< everything stays in memory
  /// What is beyond the memory goes to the file.
  ConstantStore(ScratchMemory memory, ScratchFile file)
      : room_(std::make_shared<Room>(Room{std::move(memory), std::move(file)})) {}

  /// False when everything stays in memory.
  explicit operator bool() const { return room_ != nullptr; }
  /// The same bytes; small ones and those of a mapped file stay where they are.
  Constant keep(Constant constant) const;
  /// As ScratchFile::make.
  Constant make(size_t size, size_t granule, const FillPart& fill) const;

 private:
  struct Room {
    ScratchMemory memory;
    ScratchFile file;
  };
  bool takes(size_t size) const;
  std::shared_ptr<Room> room_;
};

}  // namespace wherry
