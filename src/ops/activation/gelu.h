// GELU: x times the normal distribution function of x.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Gelu {
  bool approximate = false;  ///< with tanh instead of the error function
  bool operator==(const Gelu&) const = default;
};
extern const AttributesType gelu_attributes;
extern const OpDef gelu;

}  // namespace wherry::op
