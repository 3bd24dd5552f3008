// RESHAPE: the same elements under another shape.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// The shape is the second input if there is one, else this option; one extent may be -1.
struct Reshape {
  std::vector<int32_t> new_shape;
  bool operator==(const Reshape&) const = default;
};
extern const AttributesType reshape_attributes;
extern const OpDef reshape;

}  // namespace wherry::op
