// Reads window options.
#include "keras/layers/convolution_options.h"

#include "ops/convolution/geometry.h"

namespace wherry::keras {

Expected<WindowOptions> window_options(const LayerImport& layer, std::string_view size_key) {
  int rank = layer.def().rank;
  WindowOptions window;
  window.sizes = TRY(layer.sizes(size_key, rank));
  window.strides = TRY(layer.sizes("strides", rank));
  window.dilations = TRY(layer.sizes("dilation_rate", rank));
  std::string_view padding = layer.text("padding");
  window.causal = padding == "causal";
  if (window.causal && rank != 1)
    return layer.unsupported("causal padding is for one-dimensional layers", std::string(padding));
  window.padding = window.causal ? Padding::valid : TRY(layer.padding());
  return window;
}

Expected<ValueId> pad_causally(LayerImport& layer, ValueId x, const WindowOptions& window) {
  if (!window.causal) return x;
  return layer.pad(x, {{}, {.before = (window.sizes[0] - 1) * window.dilations[0]}, {}});
}

Expected<ValueId> bias_or_zeros(LayerImport& layer, const WindowOptions& window, int64_t channels) {
  if (layer.holds("bias") && !window.bias_apart) return layer.weight("bias", {channels});
  return layer.constant(std::vector<float>(static_cast<size_t>(channels), 0.0f), {channels},
                        "bias");
}

Expected<int64_t> last_extent(const LayerImport& layer, ValueId x, const WindowOptions& window) {
  int64_t input = layer.shape(x)[layer.rank(x) - 2];
  if (input < 0) return -1;
  Slide slide{window.sizes.back(), window.strides.back(), window.dilations.back()};
  return TRY(sliding_axis("width", input, slide, window.padding)).output;
}

void set_bias_apart(LayerImport& layer, WindowOptions& window, int64_t last, int64_t channels) {
  const std::string& backend = layer.state().saved.backend;
  bool tensorflow = backend.empty() || backend == "tensorflow";
  window.bias_apart = layer.dialect() == Dialect::keras3 && tensorflow && layer.channels_first() &&
                      layer.flag("use_bias") && last == channels;
  if (window.bias_apart)
    layer.state().warn(cat(place_of(layer.origin()),
                           ": the bias is added along the last axis, as "
                           "Keras does on TensorFlow where that is as long as there are channels"));
}

Expected<ValueId> finish_window(LayerImport& layer, const WindowOptions& window, ValueId y) {
  if (!window.bias_apart) return layer.activate_channels_last(y);
  int64_t channels = layer.shape(y).back();
  y = TRY(layer.channels_from_last(y));
  return layer.activate(TRY(layer.add(y, TRY(layer.weight("bias", {channels})))));
}

}  // namespace wherry::keras
