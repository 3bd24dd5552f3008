// UNPACK: takes a tensor apart along one axis.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Unpack {
  int32_t num = 0;
  int32_t axis = 0;
  bool operator==(const Unpack&) const = default;
};
extern const AttributesType unpack_attributes;
extern const OpDef unpack;

}  // namespace wherry::op
