// The global heap, where strings of varying length are kept.
#pragma once

#include <string_view>
#include <unordered_map>

#include "keras/reader/hdf5/source.h"

namespace wherry::keras::hdf5 {

class GlobalHeap {
 public:
  /// The text that an element of a variable-length string type refers to.
  Expected<std::string_view> text(Source& source, std::span<const std::byte> element);

 private:
  using Collection = std::unordered_map<uint16_t, std::span<const std::byte>>;
  Expected<const Collection*> collection(Source& source, uint64_t address);

  std::unordered_map<uint64_t, Collection> collections_;  // by address
};

}  // namespace wherry::keras::hdf5
