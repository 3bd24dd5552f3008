// The custom operators AveragePool3D and MaxPool3D.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const OpDef pool_3d_family[2];
inline constexpr const OpDef& average_pool_3d = pool_3d_family[0];
inline constexpr const OpDef& max_pool_3d = pool_3d_family[1];

}  // namespace wherry::op
