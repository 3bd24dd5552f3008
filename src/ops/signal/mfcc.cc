// Mfcc: mel-frequency cepstral coefficients of spectrograms.
#include "ops/signal/mfcc.h"

#include <cmath>
#include <numbers>

#include "ops/context.h"
#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

struct Settings {
  double lowest = 0, highest = 0;  ///< frequencies
  int64_t bands = 0, coefficients = 0;
};

/// Frequencies count in whole hertz.
Expected<double> frequency(const CustomOptions& options, std::string_view name) {
  double value = TRY(options.real(name));
  ENSURE(value >= 0 && value < 1e9, "Mfcc needs a ", name, " from 0 to 1e9, got ", value);
  return std::trunc(value);
}

Expected<Settings> settings_of(const Node& node) {
  CustomOptions options =
      TRY(CustomOptions::read(node.attributes.as<Custom>().options, node.op->name));
  Settings settings{TRY(frequency(options, "lower_frequency_limit")),
                    TRY(frequency(options, "upper_frequency_limit")),
                    TRY(options.integer("filterbank_channel_count")),
                    TRY(options.integer("dct_coefficient_count"))};
  ENSURE(settings.lowest < settings.highest, "Mfcc needs an upper_frequency_limit above the lower ",
         "one, got ", settings.highest, " and ", settings.lowest);
  ENSURE(settings.bands >= 1 && settings.bands <= 4096,
         "Mfcc needs a filterbank_channel_count from 1 to 4096, got ", settings.bands);
  ENSURE(settings.coefficients >= 1 && settings.coefficients <= settings.bands,
         "Mfcc needs a dct_coefficient_count from 1 to filterbank_channel_count, got ",
         settings.coefficients, " and ", settings.bands);
  return settings;
}

Status infer_mfcc(InferContext& context) {
  Settings settings = TRY(settings_of(context.node()));
  Shape shape = context.shape(0);
  ENSURE(shape.rank() == 3 && shape[2] >= 2,
         "Mfcc needs a spectrogram [channels, windows, frequencies], got the shape ", shape);
  ENSURE(context.shape(1).elements() == 1, "Mfcc needs one sample rate, got the shape ",
         context.shape(1));
  shape[2] = settings.coefficients;
  return context.set_output(0, DType::f32, std::move(shape));
}

double mel_of(double frequency) { return 1127.0 * std::log1p(frequency / 700.0); }

/// Triangular bands, equally far apart on the mel scale; each frequency falls under the downward
/// slope of one band and the upward slope of the next.
class FilterBank {
 public:
  FilterBank(const Settings& settings, int64_t bins, double rate) : bands_(settings.bands) {
    double low = mel_of(settings.lowest);
    double spacing = (mel_of(settings.highest) - low) / static_cast<double>(bands_ + 1);
    auto centre = [&](int64_t band) { return low + spacing * static_cast<double>(band + 1); };
    double hertz_per_bin = 0.5 * rate / static_cast<double>(bins - 1);
    double first = std::trunc(1.5 + settings.lowest / hertz_per_bin),
           last = std::trunc(settings.highest / hertz_per_bin);
    // The stock kernel gives silence when the spectrogram does not reach the upper limit.
    if (last >= static_cast<double>(bins)) return;
    int64_t band = 0;
    for (int64_t bin = static_cast<int64_t>(std::min(first, last + 1));
         bin <= static_cast<int64_t>(last); ++bin) {
      double mel = mel_of(static_cast<double>(bin) * hertz_per_bin);
      while (band < bands_ && centre(band) < mel) ++band;
      double below = band > 0 ? centre(band - 1) : low;
      slopes_.push_back({bin, band - 1, (centre(band) - mel) / (centre(band) - below)});
    }
    covers_ = true;
  }

  /// False when there is no band to measure.
  bool covers() const { return covers_; }

  void apply(const float* spectrum, std::vector<double>& bands) const {
    bands.assign(static_cast<size_t>(bands_), 0.0);
    for (const Slope& slope : slopes_) {
      double magnitude = std::sqrt(static_cast<double>(spectrum[slope.bin]));
      double weighted = magnitude * slope.weight;
      if (slope.band >= 0) bands[static_cast<size_t>(slope.band)] += weighted;
      if (slope.band + 1 < bands_)
        bands[static_cast<size_t>(slope.band + 1)] += magnitude - weighted;
    }
  }

 private:
  struct Slope {
    int64_t bin, band;  ///< the band whose downward slope the bin is on; -1: before the first
    double weight;
  };
  int64_t bands_;
  bool covers_ = false;
  std::vector<Slope> slopes_;
};

std::vector<double> cosines_of(const Settings& settings) {
  std::vector<double> cosines;
  double bands = static_cast<double>(settings.bands), norm = std::sqrt(2.0 / bands);
  for (int64_t i = 0; i < settings.coefficients; ++i) {
    double turn = static_cast<double>(i) * (std::numbers::pi / bands);
    for (int64_t j = 0; j < settings.bands; ++j)
      cosines.push_back(norm * std::cos(turn * (static_cast<double>(j) + 0.5)));
  }
  return cosines;
}

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node()));
  const Shape& shape = call.shape(0);
  int32_t rate = *call.data<int32_t>(1);
  ENSURE_CODE(ErrorCode::invalid_data, rate > 0, "Mfcc needs a positive sample rate, got ", rate);
  FilterBank bank(settings, shape[2], rate);
  std::vector<double> cosines = cosines_of(settings), bands;
  float* y = call.result<float>(0);
  if (!bank.covers()) {
    std::fill_n(y, call.output(0).elements(), 0.0f);
    return {};
  }
  for (int64_t window = 0; window < shape[0] * shape[1]; ++window) {
    bank.apply(call.data<float>(0) + window * shape[2], bands);
    for (double& band : bands) band = std::log(band < 1e-12 ? 1e-12 : band);
    for (int64_t i = 0; i < settings.coefficients; ++i) {
      double sum = 0;
      for (size_t j = 0; j < bands.size(); ++j)
        sum += cosines[static_cast<size_t>(i) * bands.size() + j] * bands[j];
      *y++ = static_cast<float>(sum);
    }
  }
  return {};
}

}  // namespace

constinit const OpDef mfcc = {
    .name = "Mfcc",
    .attributes = &custom_attributes,
    .inputs = {{"spectrogram", DType::f32}, {"sample_rate", DType::i32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}},
    .infer = infer_mfcc,
    .reference = reference,
    .doc =
        "cosine transform of the logarithms of mel-frequency bands; options "
        "upper_frequency_limit, lower_frequency_limit, filterbank_channel_count, "
        "dct_coefficient_count"};

OpTable mfcc_ops() { return op_table(mfcc); }

}  // namespace wherry::op
