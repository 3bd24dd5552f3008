// MaxUnpooling2D: the reverse of MaxPoolingWithArgmax2D.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Custom. Inputs: maxima NHWC and their places in their windows, of one shape. Options: a C struct
/// of padding, stride_w, stride_h, filter_w, filter_h, activation; padding and activation say
/// nothing here. Output: maxima where they stood, zero elsewhere; each pixel becomes filter_h x
/// filter_w pixels. A place outside the output is left out.
extern const OpDef max_unpooling;

}  // namespace wherry::op
