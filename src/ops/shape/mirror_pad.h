// MIRROR_PAD: widens a tensor with its own mirror image.
#pragma once

#include "ir/op_def.h"

namespace wherry {

enum class MirrorMode : int8_t { reflect = 0, symmetric = 1 };
template <>
struct EnumNames<MirrorMode> {
  static constexpr std::string_view names[] = {"reflect", "symmetric"};
};

namespace op {

struct MirrorPad {
  MirrorMode mode = MirrorMode::reflect;  ///< symmetric repeats the edge, reflect does not
  bool operator==(const MirrorPad&) const = default;
};
extern const AttributesType mirror_pad_attributes;
extern const OpDef mirror_pad;

}  // namespace op
}  // namespace wherry
