// MelSpectrogram and STFTSpectrogram: how much of each frequency a signal holds, over time.
#include <cmath>
#include <numeric>

#include "keras/layer_import.h"
#include "ops/convolution/conv_2d.h"
#include "ops/shape/mirror_pad.h"

namespace wherry::keras {
namespace {

constexpr double pi = 3.14159265358979323846;

/// Options of MelSpectrogram, checked.
struct MelOptions {
  int64_t transform, stride, window, bins;
  double rate, lowest, highest;
};

Expected<MelOptions> mel_options(const LayerImport& layer) {
  MelOptions options{};
  options.transform = layer.integer("fft_length");
  options.stride = layer.integer("sequence_stride");
  options.window =
      layer.has("sequence_length") ? layer.integer("sequence_length") : options.transform;
  options.bins = layer.integer("num_mel_bins");
  options.rate = layer.real("sampling_rate");
  options.lowest = layer.real("min_freq");
  options.highest = layer.has("max_freq") ? layer.real("max_freq") : std::floor(options.rate / 2);
  constexpr int64_t most = 1 << 20;
  ENSURE(options.transform > 0 && options.transform <= most && options.stride > 0 &&
             options.window > 0 && options.window <= options.transform && options.bins > 0 &&
             options.bins <= most && options.rate > 0,
         "these lengths make no spectrogram: fft_length ", options.transform, ", sequence_length ",
         options.window, ", sequence_stride ", options.stride, ", num_mel_bins ", options.bins);
  if (options.transform & (options.transform - 1))
    return layer.unsupported("the Fourier transform needs a length that is a power of two",
                             cat("fft_length=", options.transform));
  return options;
}

/// The window with zeros on both sides. Errors: unsupported, for windows that are not known.
Expected<std::vector<float>> window_of(const LayerImport& layer, const MelOptions& options) {
  std::vector<float> all(static_cast<size_t>(options.transform), 0.0f);
  auto begin = all.begin() + (options.transform - options.window) / 2;
  const PyValue& written = layer.option("window");
  bool given = written.is_list() && written.items().size() == static_cast<size_t>(options.window);
  bool hann = written.text() == "hann", hamming = written.text() == "hamming";
  if (!given && !hann && !hamming && !written.is_none())
    return layer.unsupported("the window is not known", written.shown(), "use 'hann' or 'hamming'");
  for (int64_t i = 0; i < options.window; ++i) {
    double wave = std::cos(2 * pi * static_cast<double>(i) / static_cast<double>(options.window));
    double value = hann ? 0.5 - 0.5 * wave : hamming ? 0.54 - 0.46 * wave : 1;
    if (given) value = written.items()[static_cast<size_t>(i)].real();
    *begin++ = static_cast<float>(value);
  }
  return all;
}

double mel_of(double hertz) { return 1127 * std::log(1 + hertz / 700); }

/// Triangles on the mel scale, [bins, frequencies]; the constant part of the signal is in none.
std::vector<float> mel_weights(const MelOptions& options) {
  int64_t frequencies = options.transform / 2 + 1;
  double low = mel_of(options.lowest), high = mel_of(options.highest);
  double step = (high - low) / static_cast<double>(options.bins + 1);
  std::vector<float> weights(static_cast<size_t>(options.bins * frequencies), 0.0f);
  for (int64_t bin = 0; bin < options.bins; ++bin) {
    double left = low + step * static_cast<double>(bin);
    for (int64_t i = 1; i < frequencies; ++i) {
      double hertz =
          options.rate / 2 * static_cast<double>(i) / static_cast<double>(frequencies - 1);
      double rising = (mel_of(hertz) - left) / step;
      weights[static_cast<size_t>(bin * frequencies + i)] =
          static_cast<float>(std::max(0.0, std::min(rising, 2 - rising)));
    }
  }
  return weights;
}

/// [batch, samples] cut into overlapping frames [batch, frames, length].
Expected<ValueId> framed(LayerImport& layer, ValueId x, int64_t length, int64_t stride) {
  int64_t samples = layer.shape(x)[1];
  if (samples < length)
    return layer.unsupported("the layer needs a signal of known length", text_of(layer.shape(x)),
                             "give the model an Input layer with the number of samples");
  int64_t frames = (samples - length) / stride + 1, unit = std::gcd(length, stride);
  int64_t used = (frames - 1) * stride + length;
  if (used < samples) x = TRY(layer.slice_axis(x, 1, {.begin = 0, .end = used}));
  x = TRY(layer.reshape(x, {layer.extent(x, 0), used / unit, unit}));
  std::vector<int32_t> places;
  for (int64_t i = 0; i < frames; ++i) {
    for (int64_t k = 0; k < length / unit; ++k)
      places.push_back(static_cast<int32_t>(i * (stride / unit) + k));
  }
  ValueId indices = layer.constant(std::move(places), Shape{frames, length / unit}, "frames");
  ValueId pieces = TRY(layer.node("GATHER", {x, indices}, {{"axis", 1}}));
  return layer.reshape(pieces, {layer.extent(pieces, 0), frames, length});
}

Expected<ValueId> logarithm(LayerImport& layer, ValueId x, double times) {
  return layer.times(TRY(layer.node("LOG", {x})), times);
}

Expected<ValueId> decibels(LayerImport& layer, ValueId x) {
  double tenth = 10 / std::log(10.0), least = layer.real("min_power");
  double reference = std::max(std::fabs(layer.real("ref_power")), least);
  x = TRY(logarithm(layer, TRY(layer.at_least(x, least)), tenth));
  x = TRY(layer.plus(x, -tenth * std::log(reference)));
  std::vector<int64_t> axes(static_cast<size_t>(layer.rank(x)));
  std::iota(axes.begin(), axes.end(), 0);
  ValueId peak = TRY(layer.reduce("REDUCE_MAX", x, axes, false));
  return layer.maximum(x, TRY(layer.plus(peak, -layer.real("top_db"))));
}

/// |spectrum| of frames [batch, frames, length].
Expected<ValueId> magnitudes(LayerImport& layer, ValueId frames, int64_t length) {
  ValueId rows = TRY(layer.expand(frames, 2));
  ValueId spectrum = TRY(layer.node("RFFT2D", {rows, layer.integers({1, length})}));
  TensorType type{.dtype = DType::f32, .shape = layer.shape(spectrum)};
  return layer.squeeze(TRY(layer.node("COMPLEX_ABS", {spectrum}, {}, {type})), 2);
}

Expected<Results> import_mel_spectrogram(LayerImport& layer) {
  MelOptions options = TRY(mel_options(layer));
  ValueId x = TRY(layer.float_input());
  ENSURE(layer.rank(x) == 1 || layer.rank(x) == 2,
         "the layer needs an input of rank 1 or 2, "
         "but gets ",
         text_of(layer.shape(x)));
  bool single = layer.rank(x) == 1;
  if (single) x = TRY(layer.expand(x, 0));
  auto half = static_cast<int32_t>(options.transform / 2);
  ValueId margins = layer.constant(std::vector<int32_t>{0, 0, half, half}, Shape{2, 2});
  x = TRY(layer.node(op::mirror_pad, op::MirrorPad{}, {x, margins}));
  ValueId frames = TRY(framed(layer, x, options.transform, options.stride));
  ValueId window = layer.constant(TRY(window_of(layer, options)), Shape{options.transform});
  ValueId y = TRY(magnitudes(layer, TRY(layer.multiply(frames, window)), options.transform));
  double exponent = layer.real("mag_exp");
  if (exponent == 2)
    y = TRY(layer.multiply(y, y));
  else if (exponent != 1)
    y = TRY(layer.node("POW", {y, TRY(layer.number(exponent, y))}));
  Shape shape{options.bins, options.transform / 2 + 1};
  y = TRY(layer.fully_connected(y, layer.constant(mel_weights(options), shape, "mel")));
  if (layer.flag("power_to_db")) y = TRY(decibels(layer, y));
  y = TRY(layer.transpose(y, {0, 2, 1}));
  return single ? TRY(layer.squeeze(y, 0)) : y;
}

/// The part of a short-time transform that one kernel computes: [batch * channels, time,
/// frequencies] of signals [batch * channels, samples].
Expected<ValueId> transformed(LayerImport& layer, ValueId signals, std::string_view role,
                              const Shape& kernel_shape) {
  int64_t stride = layer.has("frame_step") ? layer.integer("frame_step") : kernel_shape[0] / 2;
  ENSURE(stride >= 1 && stride <= kernel_shape[0], "the frames cannot be ", stride, " apart");
  Layout layout{{2, 0, 1}, {kernel_shape[2], kernel_shape[0], 1, 1}};
  ValueId kernel = TRY(layer.weight(role, kernel_shape, layout));
  ValueId bias = layer.constant(std::vector<float>(static_cast<size_t>(kernel_shape[2]), 0.0f),
                                Shape{kernel_shape[2]}, "bias");
  op::Conv2D options{.padding = TRY(layer.padding()), .stride_h = static_cast<int32_t>(stride)};
  ValueId x = TRY(layer.expand(TRY(layer.expand(signals, 2)), 3));
  return layer.squeeze(TRY(layer.node(op::conv_2d, options, {x, kernel, bias})), 2);
}

constexpr double least = 1e-7;

/// From the real and imaginary parts what the mode asks for.
Expected<ValueId> in_mode(LayerImport& layer, ValueId real, ValueId imaginary,
                          int64_t frequencies) {
  std::string_view mode = layer.text("mode");
  if (mode == "real") return real;
  if (mode == "imag") return imaginary;
  if (mode == "angle") return layer.node("ATAN2", {imaginary, real});
  if (mode == "stft") return layer.concatenate({real, imaginary}, -1);
  ValueId power =
      TRY(layer.add(TRY(layer.multiply(real, real)), TRY(layer.multiply(imaginary, imaginary))));
  if (mode == "psd") {
    std::vector<float> factors(static_cast<size_t>(frequencies), 2.0f);
    factors.front() = factors.back() = 1.0f;
    return layer.multiply(power, layer.constant(std::move(factors), Shape{frequencies}));
  }
  ValueId size = TRY(layer.node("SQRT", {TRY(layer.at_least(power, least))}));
  if (mode == "magnitude") return size;
  if (mode == "log") return layer.node("LOG", {TRY(layer.at_least(size, least))});
  return layer.unsupported("the mode is not known", quoted(mode));
}

/// [batch * channels, time, frequencies] in the layout that the options ask for.
Expected<ValueId> arranged(LayerImport& layer, ValueId y, ValueId input, int64_t channels) {
  int64_t frequencies = layer.shape(y)[2];
  y = TRY(layer.reshape(y, {layer.extent(input, 0), channels, layer.extent(y, 1), frequencies}));
  bool first = layer.channels_first();
  if (layer.flag("expand_dims")) return first ? y : layer.transpose(y, {0, 2, 3, 1});
  if (first) {
    y = TRY(layer.transpose(y, {0, 1, 3, 2}));
    return layer.merge_axes(y, 1, 3);
  }
  return layer.merge_axes(TRY(layer.transpose(y, {0, 2, 1, 3})), 2, 4);
}

Expected<Results> import_stft_spectrogram(LayerImport& layer) {
  ValueId input = TRY(layer.float_input());
  ENSURE(layer.rank(input) == 3, "the layer needs an input of rank 3, but gets ",
         text_of(layer.shape(input)));
  std::string_view mode = layer.text("mode");
  bool has_real = mode != "imag", has_imaginary = mode != "real";
  TRY(layer.take({has_real ? "real_kernel" : "", has_imaginary ? "imag_kernel" : ""}));
  int64_t length = layer.integer("frame_length");
  const Shape& stored = layer.stored(has_real ? "real_kernel" : "imag_kernel").shape;
  ENSURE(length >= 2 && stored.rank() == 3 && stored[2] >= 2,
         "these weights make no spectrogram: ", stored);
  Shape kernel_shape{length, 1, stored[2]};
  int64_t channels = layer.shape(input)[layer.channels_first() ? 1 : 2];
  ENSURE(channels > 0, "the number of channels has to be known, got ", text_of(layer.shape(input)));
  ValueId x = layer.channels_first() ? input : TRY(layer.transpose(input, {0, 2, 1}));
  x = TRY(layer.merge_axes(x, 0, 2));
  ValueId real = no_value, imaginary = no_value;
  if (has_real) real = TRY(transformed(layer, x, "real_kernel", kernel_shape));
  if (has_imaginary) imaginary = TRY(transformed(layer, x, "imag_kernel", kernel_shape));
  ValueId y = TRY(in_mode(layer, real, imaginary, stored[2]));
  return TRY(arranged(layer, y, input, channels));
}

constexpr LayerDef layers[] = {
    {.class_names = {"MelSpectrogram"},
     .config = {integer("fft_length", 2048), integer("sequence_stride", 512),
                integer("sequence_length", 0), anything("window"), real("sampling_rate", 16000),
                integer("num_mel_bins", 128), real("min_freq", 20), real("max_freq", 0),
                flag("power_to_db", true), real("top_db", 80), real("mag_exp", 2),
                real("min_power", 1e-10), real("ref_power", 1)},
     .import = import_mel_spectrogram,
     .doc = "MIRROR_PAD, GATHER, RFFT2D, COMPLEX_ABS, FULLY_CONNECTED and LOG"},
    {.class_names = {"STFTSpectrogram"},
     .config = {text("mode", "log"), integer("frame_length", 256), integer("frame_step", 0),
                ignored("fft_length"), ignored("window"), ignored("periodic"), ignored("scaling"),
                text("padding", "valid"), flag("expand_dims", false),
                text("data_format", "channels_last")},
     .import = import_stft_spectrogram,
     .doc = "two CONV_2D, MUL, ADD, SQRT and LOG"},
};

}  // namespace

LayerTable spectrogram_layers() { return layer_table(layers); }

}  // namespace wherry::keras
