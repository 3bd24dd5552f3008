// The options of custom operators: a FlexBuffer map of names to numbers, texts and lists of
// numbers.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace wherry {

class CustomOptions {
 public:
  /// Empty bytes are an empty map. Errors: malformed; `op` names the operator in messages.
  static Expected<CustomOptions> read(std::span<const uint8_t> bytes, std::string_view op);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Errors: missing, or of another kind.
  Expected<int64_t> integer(std::string_view name) const;
  Expected<double> real(std::string_view name) const;
  Expected<bool> boolean(std::string_view name) const;
  Expected<std::string> text(std::string_view name) const;
  Expected<std::vector<int64_t>> integers(std::string_view name) const;
  // `fallback` when missing; errors when of another kind.
  Expected<int64_t> integer(std::string_view name, int64_t fallback) const;
  Expected<double> real(std::string_view name, double fallback) const;
  Expected<bool> boolean(std::string_view name, bool fallback) const;

  enum class Kind : uint8_t { other, integer, real, boolean, text, list };
  struct Entry {
    std::string name;
    Kind kind = Kind::other;
    std::vector<double> reals;  ///< one for a number, several for a list
    std::vector<int64_t> integers;
    std::string text;
  };

 private:
  const Entry* find(std::string_view name) const;
  Expected<const Entry*> get(std::string_view name) const;

  std::string op_;
  std::vector<Entry> entries_;
};

}  // namespace wherry
