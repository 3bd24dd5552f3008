// Padding and output extents of sliding windows.
#include "ops/convolution/geometry.h"

namespace wherry {

Expected<SlidingAxis> sliding_axis(std::string_view axis, int64_t input, const Slide& slide,
                                   Padding padding) {
  ENSURE(slide.stride >= 1, "the stride along the ", axis, " must be 1 or more, got ",
         slide.stride);
  ENSURE(slide.dilation >= 1, "the dilation along the ", axis, " must be 1 or more, got ",
         slide.dilation);
  ENSURE(slide.filter >= 1, "the filter's ", axis, " must be 1 or more, got ", slide.filter);
  SlidingAxis result{input, slide.filter, slide.stride, slide.dilation};
  int64_t reach = TRY(checked_multiply(slide.filter - 1, slide.dilation));
  if (padding == Padding::valid) {
    ENSURE(reach < input, "a filter that reaches over ", reach + 1,
           " elements does not fit on the ", axis, " ", input,
           " without padding; use padding 'same' or a larger input");
    result.output = (input - reach - 1) / slide.stride + 1;
    return result;
  }
  result.output = input == 0 ? 0 : (input - 1) / slide.stride + 1;
  if (result.output == 0) return result;
  int64_t needed = TRY(checked_add((result.output - 1) * slide.stride + 1, reach));
  int64_t total = std::max<int64_t>(needed - input, 0);
  result.before = total / 2;
  result.after = total - result.before;
  return result;
}

}  // namespace wherry
