// Turns class names into the names that .keras files use for groups.
#include "keras/reader/weights.h"

namespace wherry::keras {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '_'; }

/// An underscore between any character and a capital that small letters follow.
std::string split_before_words(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    out += text[i++];
    if (i + 1 >= text.size() || !is_upper(text[i]) || !is_lower(text[i + 1])) continue;
    out += '_';
    out += text[i++];
    while (i < text.size() && is_lower(text[i])) out += text[i++];
  }
  return out;
}

/// An underscore between a small letter and a capital.
std::string split_before_capitals(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    out += text[i++];
    if (i >= text.size() || !is_lower(out.back()) || !is_upper(text[i])) continue;
    out += '_';
    out += text[i++];
  }
  return out;
}

}  // namespace

std::string snake_case(std::string_view class_name) {
  size_t package = class_name.rfind('>');
  if (package != std::string_view::npos) class_name.remove_prefix(package + 1);
  std::string word;
  for (char c : class_name) {
    if (is_word(c)) word += c;
  }
  return lower(split_before_capitals(split_before_words(word)));
}

}  // namespace wherry::keras
