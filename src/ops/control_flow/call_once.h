// CALL_ONCE: runs a graph without inputs and outputs once, for its effects.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct CallOnce {
  int32_t init_subgraph_index = 0;
  bool operator==(const CallOnce&) const = default;
};
extern const AttributesType call_once_attributes;
extern const OpDef call_once;

}  // namespace wherry::op
