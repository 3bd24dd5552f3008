// Builds and splits strings, without streams or locales.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace wherry {

inline void append(std::string& out, std::string_view text) { out += text; }
inline void append(std::string& out, const char* text) { out += text; }
inline void append(std::string& out, const std::string& text) { out += text; }
inline void append(std::string& out, char c) { out += c; }
inline void append(std::string& out, bool value) { out += value ? "true" : "false"; }
void append(std::string& out, double value);  ///< shortest text that reads back as the same double
void append(std::string& out, float value);   ///< shortest text that reads back as the same float
template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool> &&
         !std::is_same_v<T, char>) void append(std::string& out, T value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}
/// Any range of printable elements: "[1, 2, 3]".
template <class R>
requires(requires(const R& r) {
  r.begin();
  r.end();
} && !std::is_convertible_v<const R&, std::string_view>) void append(std::string& out,
                                                                     const R& range) {
  out += '[';
  bool first = true;
  for (const auto& element : range) {
    if (!first) out += ", ";
    first = false;
    append(out, element);
  }
  out += ']';
}

/// All arguments as one string.
template <class... Args>
std::string cat(const Args&... args) {
  std::string out;
  (append(out, args), ...);
  return out;
}

/// 'text' in single quotes, control characters replaced: for names that come from files.
std::string quoted(std::string_view text);
std::string lower(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trimmed(std::string_view text);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// "12.3 kB", "4.5 MB": for people; exact figures belong in JSON.
std::string human_bytes(uint64_t bytes);
/// The whole text as a number, or false.
bool parse_number(std::string_view text, int64_t& value);
bool parse_number(std::string_view text, double& value);
/// The candidate nearest to `word` by edit distance, or empty when none is close.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace wherry
