// SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: move blocks of the image axes into the batch and back.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType space_to_batch_nd_attributes, batch_to_space_nd_attributes;
extern const OpDef batch_and_space_family[2];
/// Inputs: x, block shape, paddings [spatial axes, 2].
inline constexpr const OpDef& space_to_batch_nd = batch_and_space_family[0];
/// Inputs: x, block shape, crops [spatial axes, 2].
inline constexpr const OpDef& batch_to_space_nd = batch_and_space_family[1];

}  // namespace wherry::op
