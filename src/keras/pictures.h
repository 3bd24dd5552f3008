// What Keras does to the size of pictures [batch, height, width, channels].
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

struct PictureSize {
  int64_t height = 0, width = 0;
};

struct PictureResize {
  PictureSize size;
  std::string_view method = "bilinear";  ///< "nearest", "bicubic", "area", "lanczos3", ...
  bool antialias = false;
};

/// One operator where there is one, else two products with constant matrices. Errors: unsupported,
/// for methods that are not known and for pictures whose size has to be known for them.
Expected<ValueId> resized(Emitter& emitter, ValueId x, const PictureResize& resize);
/// Each side times a number, also where the size is not known. "nearest" or "bilinear".
Expected<ValueId> enlarged(Emitter& emitter, ValueId x, PictureSize factors,
                           std::string_view method);
/// The largest part in the middle with the proportions of `size`. Errors: unsupported, for pictures
/// of unknown size.
Expected<ValueId> cropped_to_ratio(Emitter& emitter, ValueId x, PictureSize size);
/// Filled up on both sides to the proportions of `size`. Errors: as above.
Expected<ValueId> padded_to_ratio(Emitter& emitter, ValueId x, PictureSize size, double fill);
/// The extents of height and width. Errors: unsupported, when they are not known.
Expected<PictureSize> picture_size(const Emitter& emitter, ValueId x, std::string_view purpose);

}  // namespace wherry::keras
