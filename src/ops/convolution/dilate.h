// DILATE: puts copies of one value between the elements of a tensor.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Dilate {
  bool operator==(const Dilate&) const = default;
};
extern const AttributesType dilate_attributes;
/// Inputs: data, dilations (one per axis), padding value.
extern const OpDef dilate;

}  // namespace wherry::op
