// NON_MAX_SUPPRESSION_V4 and V5: picks the best boxes that do not overlap much.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Inputs: boxes [n, 4] of two opposite corners (y, x, y, x), scores [n], largest number of boxes
/// to pick, overlap from which a box is dropped, score from which a box counts; V5: the width of
/// the bell curve that lowers the scores of overlapping boxes (0: none). Outputs: numbers of the
/// boxes picked, V5: their scores, how many there are. The lists have the largest number as length,
/// padded with zeros.
extern const OpDef non_max_suppression_family[2];
inline constexpr const OpDef& non_max_suppression_v4 = non_max_suppression_family[0];
inline constexpr const OpDef& non_max_suppression_v5 = non_max_suppression_family[1];

}  // namespace wherry::op
