// PACK: stacks tensors along a new axis.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Pack {
  int32_t values_count = 0;
  int32_t axis = 0;
  bool operator==(const Pack&) const = default;
};
extern const AttributesType pack_attributes;
extern const OpDef pack;

}  // namespace wherry::op
