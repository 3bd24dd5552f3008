// Window options that convolutions share.
#pragma once

#include "keras/layer_import.h"

namespace wherry::keras {

struct WindowOptions {
  std::vector<int64_t> sizes, strides, dilations;  ///< one for each spatial axis
  Padding padding = Padding::valid;
  std::vector<Margin> margins = {};  ///< zeros along spatial axes that `padding` does not mean
  bool bias_apart = false;           ///< see set_bias_apart

  /// Of a picture's axis: 0 height, 1 width; one-dimensional layers have height 1.
  int32_t stride(int axis) const { return of_picture(strides, axis); }
  int32_t dilation(int axis) const { return of_picture(dilations, axis); }

 private:
  static int32_t of_picture(const std::vector<int64_t>& list, int axis) {
    if (list.size() == 1) return axis == 0 ? 1 : static_cast<int32_t>(list[0]);
    return static_cast<int32_t>(list[static_cast<size_t>(axis)]);
  }
};

/// Reads the sizes under `size_key`, strides, dilation_rate and padding.
Expected<WindowOptions> window_options(const LayerImport& layer, std::string_view size_key);
/// Channels-last data with zeros around it: for causal padding, and for Theano's own idea of
/// "same", of which the window then knows.
Expected<ValueId> pad_margins(LayerImport& layer, ValueId x, WindowOptions& window);
/// The weight "bias", or as many zeros: the operators insist on a bias.
Expected<ValueId> bias_or_zeros(LayerImport& layer, const WindowOptions& window, int64_t channels);
/// With channels first, Keras 3 on TensorFlow adds a bias along the last spatial axis instead of
/// the channels where both are equally long. Notes in `window` that the layer does, with a warning.
/// `last`: the extent of the result's last spatial axis.
void set_bias_apart(LayerImport& layer, WindowOptions& window, int64_t last, int64_t channels);
/// The extent of the result's last spatial axis for channels-last data `x`; -1 when unknown.
Expected<int64_t> last_extent(const LayerImport& layer, ValueId x, const WindowOptions& window);
/// What follows the operator: channels back to their place, a bias apart, the activation.
Expected<ValueId> finish_window(LayerImport& layer, const WindowOptions& window, ValueId y);

}  // namespace wherry::keras
