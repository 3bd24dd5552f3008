// STABLEHLO_PAD: pads around and between elements; negative amounts cut.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// One number per axis in each list.
struct StablehloPad {
  std::vector<int64_t> edge_padding_low, edge_padding_high, interior_padding;
  bool operator==(const StablehloPad&) const = default;
};
extern const AttributesType stablehlo_pad_attributes;
/// Inputs: x, padding value.
extern const OpDef stablehlo_pad;

}  // namespace wherry::op
