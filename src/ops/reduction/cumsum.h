// CUMSUM: running sums along an axis.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Cumsum {
  bool exclusive = false;  ///< each sum leaves out its own element
  bool reverse = false;    ///< sums start at the end
  bool operator==(const Cumsum&) const = default;
};
extern const AttributesType cumsum_attributes;
/// Inputs: x, the axis.
extern const OpDef cumsum;

}  // namespace wherry::op
