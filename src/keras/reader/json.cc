// Parses Keras' JSON with nlohmann-json, after a look at depth and at Python's special numbers.
#include "keras/reader/json.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace wherry::keras {
namespace {

constexpr size_t largest_text = size_t{256} << 20;
constexpr int largest_depth = 200;

struct SpecialNumber {
  std::string_view token;
  std::string_view marker;  // a JSON string that no Keras file holds
  double value;
};
constexpr SpecialNumber special_numbers[] = {
    {"NaN", "\"\\u0001NaN\"", std::numeric_limits<double>::quiet_NaN()},
    {"Infinity", "\"\\u0001Infinity\"", std::numeric_limits<double>::infinity()},
    {"-Infinity", "\"\\u0001-Infinity\"", -std::numeric_limits<double>::infinity()}};

/// One past the closing quote of the string that begins at `start`.
size_t end_of_string(std::string_view text, size_t start) {
  for (size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

/// Copies the text with markers in the place of special numbers, and checks the depth.
Expected<std::string> with_markers(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64);
  int depth = 0;
  for (size_t i = 0; i < text.size();) {
    char c = text[i];
    size_t end = c == '"' ? end_of_string(text, i) : i + 1;
    std::string_view piece = text.substr(i, end - i);
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    ENSURE_CODE(ErrorCode::too_large, depth <= largest_depth,
                "the model's configuration is nested more than ", largest_depth, " levels deep");
    if (c == 'N' || c == 'I' || c == '-') {
      for (const SpecialNumber& number : special_numbers) {
        if (!text.substr(i).starts_with(number.token)) continue;
        piece = number.marker;
        end = i + number.token.size();
      }
    }
    out += piece;
    i = end;
  }
  return out;
}

void restore_numbers(nlohmann::json& value) {
  if (value.is_structured()) {
    for (nlohmann::json& element : value) restore_numbers(element);
    return;
  }
  if (!value.is_string()) return;
  const std::string& text = value.get_ref<const std::string&>();
  if (text.empty() || text[0] != '\1') return;
  for (const SpecialNumber& number : special_numbers) {
    if (std::string_view(text).substr(1) != number.token) continue;
    value = number.value;
    return;
  }
}

}  // namespace

Expected<nlohmann::json> parse_json(std::string_view text) {
  ENSURE_CODE(ErrorCode::too_large, text.size() <= largest_text, "the model's configuration is ",
              human_bytes(text.size()), " of text");
  std::string prepared = TRY(with_markers(text));
  try {
    nlohmann::json value = nlohmann::json::parse(prepared);
    restore_numbers(value);
    return value;
  } catch (const nlohmann::json::exception& problem) {
    std::string received = problem.what();
    for (char& letter : received) {
      if (static_cast<unsigned char>(letter) >= 127) letter = '?';
    }
    return Error{.code = ErrorCode::malformed,
                 .message = "the model's configuration is not valid JSON",
                 .received = std::move(received),
                 .advice = "give what model.to_json() returns, or save the model again"};
  }
}

}  // namespace wherry::keras
