// All passes, by name of their file.
#pragma once

#include "passes/pass.h"

namespace wherry::passes {

extern const Pass common_subexpressions, drop_zero_bias, fold_add_after, fold_add_before,
    fold_constants, fold_multiply_after, fold_multiply_before, fuse_activation, fuse_padding,
    fuse_transposed_activation, merge_reshapes, merge_scalings, merge_transposes,
    recognise_hard_swish, redundant_relu, remove_identity, resize_to_gather, sink_reshapes,
    sink_transposes, sink_unit_axes, transpose_to_reshape, widen_half;

}  // namespace wherry::passes
