// Large networks are asked about smaller pictures: every weight counts there too, in less time.
#pragma once

#include "ir/model.h"

namespace wherry {

/// By what the sides of pictures, [batch, height, width, channels] of floats, are divided so that
/// one run takes little time; 1 where it does anyway, and for models that have no pictures or more
/// than one graph.
int64_t picture_divisor(const Model& source);

/// The shape of a picture of that size; other shapes as they are.
Shape smaller_picture(const TensorType& input, int64_t divisor);

/// The model without extents of what it computes, so that it takes pictures of any size where its
/// constants allow it.
Model with_open_extents(Model model);

}  // namespace wherry
