// Where FlatBuffers tables keep their fields.
#pragma once

#include <flatbuffers/flatbuffers.h>

namespace wherry::tflite {

/// The vtable entry of table field `slot`.
constexpr flatbuffers::voffset_t entry(int slot) {
  return static_cast<flatbuffers::voffset_t>(4 + 2 * slot);
}

}  // namespace wherry::tflite
