// Reads the words for pixel preprocessing.
#include "data/preprocess.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace wherry {
namespace {

constexpr const char* words_of_all = "write none, auto, 0..1, -1..1 or mean=a,b,c;std=a,b,c";

Expected<std::array<float, 3>> three(std::string_view text, std::string_view spec) {
  std::vector<std::string_view> parts = split(text, ',');
  std::array<float, 3> values{};
  bool valid = parts.size() == 1 || parts.size() == 3;
  for (size_t i = 0; valid && i < 3; ++i) {
    double value = 0;
    valid = parse_number(trimmed(parts[parts.size() == 1 ? 0 : i]), value);
    values[i] = static_cast<float>(value);
  }
  if (valid) return values;
  return Error{.code = ErrorCode::usage,
               .message = "a preprocessing takes one or three numbers after '='",
               .received = std::string(spec),
               .advice = words_of_all};
}

}  // namespace

Expected<Preprocess> parse_preprocess(std::string_view spec) {
  Preprocess result;
  if (spec.empty() || spec == "none") return result;
  if (spec == "auto") return Preprocess{.automatic = true};
  if (spec == "0..1") return Preprocess{.std = {255, 255, 255}};
  if (spec == "-1..1") return Preprocess{{127.5f, 127.5f, 127.5f}, {127.5f, 127.5f, 127.5f}};
  for (std::string_view part : split(spec, ';')) {
    if (part.starts_with("mean=")) {
      result.mean = TRY(three(part.substr(5), spec));
    } else if (part.starts_with("std=")) {
      result.std = TRY(three(part.substr(4), spec));
      for (float value : result.std)
        ENSURE_CODE(ErrorCode::usage, value != 0, "std must not be 0 in ", quoted(spec));
    } else {
      return Error{.code = ErrorCode::usage,
                   .message = "unknown preprocessing",
                   .received = std::string(spec),
                   .advice = words_of_all};
    }
  }
  return result;
}

std::string_view suited_preprocess(const TensorType& input) {
  const bool bytes = input.dtype == DType::u8 || input.dtype == DType::i8;
  if (!bytes || !input.quantized()) return "none";
  const float stored_low = input.dtype == DType::u8 ? 0.0f : -128.0f,
              zero = static_cast<float>(input.zero_point()),
              low = (stored_low - zero) * input.scale(),
              high = (stored_low + 255 - zero) * input.scale();
  constexpr float slack = 0.25f;  // ranges are those that calibration saw
  if (std::fabs(high - 1) > slack) return "none";
  return std::fabs(low) <= slack ? "0..1" : std::fabs(low + 1) <= slack ? "-1..1" : "none";
}

bool reach_beyond_one(std::span<const std::byte> pixels) {
  return std::any_of(pixels.begin(), pixels.end(),
                     [](std::byte value) { return value > std::byte{1}; });
}

}  // namespace wherry
