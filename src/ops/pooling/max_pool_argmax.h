// MaxPoolingWithArgmax2D: maxima of windows, and where in each window they stood.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Input: NHWC. Options: a C struct of padding, stride_w, stride_h, filter_w, filter_h,
/// activation. Outputs: the maxima, and for each its place in the window, counted row by row, as a
/// float a tenth above the whole number.
extern const OpDef max_pool_argmax;

}  // namespace wherry::op
