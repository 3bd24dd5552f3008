// Reads window options.
#include "keras/layers/convolution_options.h"

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

Expected<ValueId> bias_or_zeros(LayerImport& layer, int64_t channels) {
  if (layer.holds("bias")) return layer.weight("bias", {channels});
  return layer.constant(std::vector<float>(static_cast<size_t>(channels), 0.0f), {channels},
                        "bias");
}

}  // namespace wherry::keras
