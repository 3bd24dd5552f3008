// Says which operators of an int8 model stay float32, in which layers and why.
#pragma once

#include "quantize/quantize.h"

namespace wherry::quantize {

/// One sentence for each kind of operator and reason, in the order of their names.
Warnings left_float(const std::vector<const Node*>& nodes, const Options& options);

}  // namespace wherry::quantize
