// SOFTMAX: exponentials over the last axis, normalised to sum 1.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Softmax {
  float beta = 1;
  bool operator==(const Softmax&) const = default;
};
extern const AttributesType softmax_attributes;
extern const OpDef softmax;

}  // namespace wherry::op
