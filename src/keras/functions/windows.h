// How functions with sliding windows write their options.
#pragma once

#include "ir/attributes.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {

/// Options of a convolution or a pool, one number for each spatial axis.
struct Windows {
  int rank = 2;
  std::vector<int64_t> sizes;  ///< of pools; those of convolutions are the kernel's
  std::vector<int64_t> strides, dilations;
  Padding padding = Padding::valid;
  bool channels_first = false;
  std::vector<Margin> margins = {};  ///< explicit ones, of the spatial axes

  int32_t stride(int axis) const { return of_picture(strides, axis); }
  int32_t dilation(int axis) const { return of_picture(dilations, axis); }
  /// Axis 0 is height, 1 width; one-dimensional ones have height 1.
  int32_t of_picture(const std::vector<int64_t>& list, int axis) const {
    if (rank == 1) return axis == 0 ? 1 : static_cast<int32_t>(list[0]);
    return static_cast<int32_t>(list[static_cast<size_t>(axis)]);
  }
};

/// Reads strides, padding, dilations and data_format, and sizes under `size_names` (none: of a
/// convolution), for a tensor of `rank` spatial axes.
Expected<Windows> windows_of(FunctionCall& call, int rank, std::string_view size_names);
/// The tensor with channels last and explicit margins padded with `value`, and back.
Expected<ValueId> before_windows(FunctionCall& call, ValueId x, const Windows& windows,
                                 double value = 0);
Expected<ValueId> behind_windows(FunctionCall& call, ValueId y, const Windows& windows);

}  // namespace wherry::keras
