// AudioSpectrogram: how strong each frequency is in overlapping windows of sound.
#include "ops/signal/audio_spectrogram.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "ops/context.h"
#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/signal/fourier.h"

namespace wherry::op {
namespace {

using namespace signal;

struct Settings {
  int64_t window = 0, stride = 0, transform = 0;  ///< in samples; the last a power of two
  bool squared = false;
};

Expected<Settings> settings_of(const Node& node) {
  CustomOptions options =
      TRY(CustomOptions::read(node.attributes.as<Custom>().options, node.op->name));
  Settings settings{TRY(options.integer("window_size")), TRY(options.integer("stride"))};
  settings.squared = TRY(options.boolean("magnitude_squared", false));
  ENSURE(settings.window >= 2 && settings.window <= (1 << 24), node.op->name,
         " needs a window_size from 2 to ", 1 << 24, ", got ", settings.window);
  ENSURE(settings.stride >= 1, node.op->name, " needs a stride of 1 or more, got ",
         settings.stride);
  settings.transform = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(settings.window)));
  return settings;
}

Status infer_audio_spectrogram(InferContext& context) {
  Settings settings = TRY(settings_of(context.node()));
  const Shape& shape = context.shape(0);
  ENSURE(shape.rank() == 2, context.op().name, " needs samples [time, channels], got the shape ",
         shape);
  int64_t rest = shape[0] - settings.window;
  int64_t windows = rest < 0 ? 0 : 1 + rest / settings.stride;
  return context.set_output(0, DType::f32, {shape[1], windows, settings.transform / 2 + 1});
}

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node()));
  const Shape& out = call.output(0).shape();
  if (out.elements() == 0) return {};
  std::vector<double> taper(static_cast<size_t>(settings.window));
  for (size_t i = 0; i < taper.size(); ++i) {
    double turn = 2 * std::numbers::pi * static_cast<double>(i);
    taper[i] = 0.5 - 0.5 * std::cos(turn / static_cast<double>(settings.window));
  }
  FourierTransform transform(settings.transform, FourierTransform::Direction::forward);
  std::vector<Complex> line(static_cast<size_t>(settings.transform));
  const float* samples = call.data<float>(0);
  float* y = call.result<float>(0);
  int64_t channels = out[0], windows = out[1], bins = out[2];
  for (int64_t i = 0; i < channels * windows; ++i) {
    int64_t channel = i / windows, first = i % windows * settings.stride;
    std::fill(line.begin(), line.end(), Complex());
    for (size_t k = 0; k < taper.size(); ++k)
      line[k] = samples[(first + static_cast<int64_t>(k)) * channels + channel] * taper[k];
    transform.run(line.data());
    for (int64_t bin = 0; bin < bins; ++bin) {
      float power = static_cast<float>(std::norm(line[static_cast<size_t>(bin)]));
      y[i * bins + bin] = settings.squared ? power : std::sqrt(power);
    }
  }
  return {};
}

}  // namespace

constinit const OpDef audio_spectrogram = {
    .name = "AudioSpectrogram",
    .attributes = &custom_attributes,
    .inputs = {{"samples", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}},
    .infer = infer_audio_spectrogram,
    .reference = reference,
    .doc =
        "magnitudes (or their squares) of the Fourier transform of Hann windows; options "
        "window_size, stride, magnitude_squared"};

OpTable audio_spectrogram_ops() { return op_table(audio_spectrogram); }

}  // namespace wherry::op
