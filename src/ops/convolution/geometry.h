// Where the windows of convolutions and pools lie: padding and output extents, axis by axis.
#pragma once

#include <algorithm>

#include "base/checked.h"
#include "ir/attributes.h"

namespace wherry {

/// One spatial axis under a sliding window of `filter` taps, `dilation` elements apart.
struct SlidingAxis {
  int64_t input = 1, filter = 1, stride = 1, dilation = 1;
  int64_t output = 1;  ///< number of window positions
  int64_t before = 0;  ///< padding in front of element 0; an odd remainder of it stands behind
  int64_t after = 0;

  /// Element under tap 0 of the window at position `output`; may lie in the padding.
  int64_t origin(int64_t position) const { return position * stride - before; }
  struct Taps {
    int64_t first, last;
    int64_t count() const { return last - first; }
  };
  /// The taps [first, last) of a window that lie on the image, not on the padding.
  Taps taps(int64_t position) const {
    int64_t start = origin(position);
    int64_t first = start < 0 ? (-start + dilation - 1) / dilation : 0;
    int64_t last = start < input ? (input - start + dilation - 1) / dilation : 0;
    first = std::min(first, filter);
    return {first, std::max(first, std::min(last, filter))};
  }
  /// The reverse: position whose tap `tap` lies on element `element`, or -1. Transposed
  /// convolutions scatter along it.
  int64_t position_of(int64_t element, int64_t tap) const {
    int64_t distance = element + before - tap * dilation;
    return distance >= 0 && distance % stride == 0 ? distance / stride : -1;
  }
};

struct Slide {
  int64_t filter, stride = 1, dilation = 1;
};

/// `axis` names the axis in messages ("height"). Errors: extents, strides and dilations below 1,
/// and a window that does not fit when nothing is padded.
Expected<SlidingAxis> sliding_axis(std::string_view axis, int64_t input, const Slide& slide,
                                   Padding padding);

}  // namespace wherry
