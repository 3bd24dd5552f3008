// Shows the first numbers of an output, or the likeliest classes of each sample.
#include "answers.h"

#include <algorithm>
#include <numeric>

#include "console.h"

namespace wherry::cli {
namespace {

constexpr size_t shown_samples = 10, shown_numbers = 10, json_numbers = 1000;

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? "," : "") + std::to_string(shape[i]);
  return text + "]";
}

/// The indices of the largest values, best first; equal ones by index.
std::vector<size_t> best(std::span<const float> values, size_t count) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return values[a] > values[b]; });
  order.resize(std::min(count, order.size()));
  return order;
}

/// Samples in a batch: each has classes of its own.
size_t samples_of(const TensorInfo& info, size_t values) {
  const size_t batch = info.shape.size() > 1 ? static_cast<size_t>(info.shape[0]) : 1;
  return batch > 0 && values % batch == 0 ? batch : 1;
}

}  // namespace

void Answers::add(const Runner& runner, int output) {
  const TensorInfo info = runner.output_info(output);
  nlohmann::json entry = {
      {"name", runner.output_name(output)}, {"type", name_of(info.type)}, {"shape", info.shape}};
  text_ += runner.output_name(output) + "  " + std::string(name_of(info.type)) +
           shape_text(info.shape) + "\n";
  if (const Expected<std::vector<float>> values = runner.output_as_float(output)) {
    const size_t kept = std::min(values->size(), json_numbers);
    entry["values"] =
        std::vector<float>(values->begin(), values->begin() + static_cast<ptrdiff_t>(kept));
    if (top_ == 0)
      add_numbers(*values);
    else if (!values->empty())
      add_classes(*values, samples_of(info, values->size()), entry["top"]);
  }
  json_.push_back(std::move(entry));
}

void Answers::add_numbers(std::span<const float> values) {
  text_ += " ";
  for (size_t k = 0; k < std::min(values.size(), shown_numbers); ++k)
    text_ += " " + fixed(values[k], 5);
  text_ += values.size() > shown_numbers ? " ...\n" : "\n";
}

void Answers::add_classes(std::span<const float> scores, size_t samples, nlohmann::json& json) {
  const bool several = samples > 1;
  const size_t classes = scores.size() / samples;
  for (size_t sample = 0; sample < samples; ++sample) {
    const std::span<const float> own = scores.subspan(sample * classes, classes);
    std::string lines = several ? "  sample " + std::to_string(sample) + "\n" : "";
    for (size_t index : best(own, top_)) {
      const std::string label =
          index < labels_.size() ? labels_[index] : "class " + std::to_string(index);
      lines += (several ? "    " : "  ") + fixed(own[index], 4) + "  " + label + "\n";
      nlohmann::json entry = {{"index", index}, {"label", label}, {"value", own[index]}};
      if (several) entry["sample"] = sample;
      json.push_back(std::move(entry));
    }
    if (sample < shown_samples) text_ += lines;
  }
  if (samples > shown_samples)
    text_ += "  and " + std::to_string(samples - shown_samples) + " more samples: --json\n";
}

}  // namespace wherry::cli
