// A layer's configuration record, read key by key, without the JSON library in every file.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace wherry::keras {

/// A view of one JSON object. Remembers which keys were read, so that keys nobody understands can
/// be reported. Accessors return errors that name the key and what was received.
class Config {
 public:
  /// `json` outlives the view; it need not be an object: then every key is absent.
  explicit Config(const nlohmann::json& json);

  /// Present and not null.
  bool has(std::string_view key) const;
  Expected<int64_t> integer(std::string_view key) const;
  Expected<int64_t> integer(std::string_view key, int64_t absent) const;
  Expected<double> real(std::string_view key, double absent) const;
  Expected<bool> flag(std::string_view key, bool absent) const;
  Expected<std::string> text(std::string_view key, std::string_view absent) const;
  /// A list of integers; one integer stands for `count` equal ones. Absent: `count` times `absent`.
  Expected<std::vector<int64_t>> integers(std::string_view key, size_t count, int64_t absent) const;
  /// A list of integers of any length, null as -1; one integer is a list of one. Absent: empty.
  Expected<std::vector<int64_t>> integer_list(std::string_view key) const;
  /// Numbers, nested lists flattened.
  Expected<std::vector<double>> reals(std::string_view key) const;
  /// Rows of integers ("padding": [[1, 2], [3, 4]]); a plain integer or list is widened to `rows`
  /// rows of two.
  Expected<std::vector<std::vector<int64_t>>> integer_rows(std::string_view key, size_t rows) const;
  /// The raw member, null when absent; for records inside (wrapped layers, activations given as
  /// objects).
  const nlohmann::json& member(std::string_view key) const;
  const nlohmann::json& json() const { return json_; }

  /// Keys that were never read, whose value is not null, and which are not in `ignored`: "key =
  /// value".
  std::vector<std::string> unread(const std::vector<std::string_view>& ignored) const;

 private:
  const nlohmann::json* find(std::string_view key) const;
  const nlohmann::json& json_;
  std::shared_ptr<std::set<std::string, std::less<>>> read_;
};

/// A short JSON text for messages, cut after some 80 characters.
std::string short_text(const nlohmann::json& json);

}  // namespace wherry::keras
