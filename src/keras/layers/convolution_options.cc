// Reads window options.
#include "keras/layers/convolution_options.h"

#include "ops/convolution/geometry.h"

namespace wherry::keras {
namespace {

bool on_theano(LayerImport& layer) {
  return layer.state().saved.backend == "theano" && layer.dialect() != Dialect::keras3;
}

/// "same" on Theano is half a kernel on either side, of even kernels less behind; with odd kernels
/// and without strides that is what "same" is elsewhere.
void pad_as_theano(WindowOptions& window) {
  bool differs = false;
  std::vector<Margin> margins;
  for (size_t i = 0; i < window.sizes.size(); ++i) {
    int64_t taps = (window.sizes[i] - 1) * window.dilations[i] + 1;
    margins.push_back({taps / 2, (taps - 1) / 2});
    differs |= taps % 2 == 0 || window.strides[i] > 1;
  }
  if (!differs) return;
  window.padding = Padding::valid;
  window.margins = std::move(margins);
}

}  // namespace

Expected<WindowOptions> window_options(const LayerImport& layer, std::string_view size_key) {
  int rank = layer.def().rank;
  WindowOptions window;
  window.sizes = TRY(layer.sizes(size_key, rank));
  window.strides = TRY(layer.sizes("strides", rank));
  window.dilations = TRY(layer.sizes("dilation_rate", rank));
  std::string_view padding = layer.text("padding");
  bool causal = padding == "causal";
  if (causal && rank != 1)
    return layer.unsupported("causal padding is for one-dimensional layers", std::string(padding));
  window.padding = causal ? Padding::valid : TRY(layer.padding());
  if (causal) window.margins = {{.before = (window.sizes[0] - 1) * window.dilations[0]}};
  return window;
}

Expected<ValueId> pad_margins(LayerImport& layer, ValueId x, WindowOptions& window) {
  if (window.padding == Padding::same && on_theano(layer)) pad_as_theano(window);
  if (window.margins.empty()) return x;
  std::vector<Margin> all(1);
  all.insert(all.end(), window.margins.begin(), window.margins.end());
  all.emplace_back();
  return layer.pad(x, all);
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
