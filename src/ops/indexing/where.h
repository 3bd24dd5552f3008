// WHERE: the positions of elements that are not zero.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType where_attributes;
extern const OpDef where;

}  // namespace wherry::op
