// Compares numbers with what scale and zero point of an input can express.
#include "pixels.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>

namespace wherry::cli {
namespace {

struct Range {
  float low = 0, high = 0;
};

std::string text_of(Range range) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4g..%.4g", static_cast<double>(range.low),
                static_cast<double>(range.high));
  return text;
}

/// The real numbers that an input of 8 bits holds; nothing for other inputs.
std::optional<Range> held_range(const TensorInfo& info) {
  const QuantizationInfo& q = info.quantization;
  const bool bytes = info.type == ElementType::uint8 || info.type == ElementType::int8;
  if (!bytes || q.scales.size() != 1) return {};
  const float stored_low = info.type == ElementType::uint8 ? 0.0f : -128.0f,
              zero = q.zero_points.empty() ? 0.0f : static_cast<float>(q.zero_points[0]);
  return Range{(stored_low - zero) * q.scales[0], (stored_low + 255 - zero) * q.scales[0]};
}

template <class T>
Range range_of_elements(const Array& array) {
  std::vector<T> elements(array.bytes.size() / sizeof(T));
  if (elements.empty()) return {};
  std::memcpy(elements.data(), array.bytes.data(), elements.size() * sizeof(T));
  const auto [low, high] = std::minmax_element(elements.begin(), elements.end());
  return {static_cast<float>(*low), static_cast<float>(*high)};
}

/// Nothing for types whose elements an input of 8 bits does not take by value as a rule.
std::optional<Range> range_of(const Array& array) {
  switch (array.type) {
    case ElementType::float32:
      return range_of_elements<float>(array);
    case ElementType::float64:
      return range_of_elements<double>(array);
    case ElementType::uint8:
      return range_of_elements<uint8_t>(array);
    case ElementType::int32:
      return range_of_elements<int32_t>(array);
    case ElementType::int64:
      return range_of_elements<int64_t>(array);
    default:
      return {};
  }
}

}  // namespace

void tell_of_pixels(const Console& console, const Runner& runner, int input,
                    const std::string& chosen) {
  const std::string name = "the input '" + runner.input_name(input) + "'";
  if (chosen != "none") {
    console.note("note: pixels become " + chosen + ", as " + name +
                 " takes them; --preprocess says otherwise");
    return;
  }
  const std::optional<Range> held = held_range(runner.input_info(input));
  if (held && held->high < 128)
    console.warn(name + " holds " + text_of(*held) +
                 " and pixels reach 255: say with --preprocess what they become");
}

void warn_of_range(const Console& console, const Runner& runner, int input, const Array& array) {
  const TensorInfo info = runner.input_info(input);
  const std::optional<Range> held = held_range(info), given = range_of(array);
  if (!held || !given || array.type == info.type) return;
  const float width = held->high - held->low;
  if (given->high <= held->high + width && given->low >= held->low - width) return;
  console.warn("the input '" + runner.input_name(input) + "' holds " + text_of(*held) +
               " and the data reaches over " + text_of(*given) +
               ": what is beyond is cut off, so scale it before");
}

}  // namespace wherry::cli
