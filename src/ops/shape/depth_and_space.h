// SPACE_TO_DEPTH and DEPTH_TO_SPACE: move square blocks of an image into its channels and back.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Options of both.
struct BlockSize {
  int32_t block_size = 1;
  bool operator==(const BlockSize&) const = default;
};
extern const AttributesType space_to_depth_attributes, depth_to_space_attributes;
extern const OpDef depth_and_space_family[2];
inline constexpr const OpDef& space_to_depth = depth_and_space_family[0];
inline constexpr const OpDef& depth_to_space = depth_and_space_family[1];

}  // namespace wherry::op
