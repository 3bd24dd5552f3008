// Typed access to configuration records.
#include "keras/config.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace wherry::keras {
namespace {

using Json = nlohmann::json;

const Json null_json;

Error wrong(std::string_view key, std::string_view wanted, const Json& got) {
  return Error{.code = ErrorCode::unsupported,
               .message = cat("the option ", quoted(key), " must be ", wanted),
               .received = short_text(got)};
}

bool is_whole(const Json& json) {
  return json.is_number_integer() ||
         (json.is_number_float() && std::abs(json.get<double>()) < 9e15 &&
          json.get<double>() == std::floor(json.get<double>()));
}

int64_t whole(const Json& json) {
  return json.is_number_float() ? static_cast<int64_t>(json.get<double>()) : json.get<int64_t>();
}

void flatten(const Json& json, std::vector<double>& out) {
  if (json.is_number())
    out.push_back(json.get<double>());
  else if (json.is_array()) {
    for (const Json& element : json) flatten(element, out);
  }
}

}  // namespace

std::string short_text(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= 80 ? text : text.substr(0, 77) + "...";
}

Config::Config(const Json& json)
    : json_(json), read_(std::make_shared<std::set<std::string, std::less<>>>()) {}

const Json* Config::find(std::string_view key) const {
  read_->emplace(key);
  if (!json_.is_object()) return nullptr;
  auto place = json_.find(std::string(key));
  return place == json_.end() || place->is_null() ? nullptr : &*place;
}

bool Config::has(std::string_view key) const { return find(key) != nullptr; }

const Json& Config::member(std::string_view key) const {
  const Json* json = find(key);
  return json ? *json : null_json;
}

Expected<int64_t> Config::integer(std::string_view key) const {
  const Json* json = find(key);
  if (!json || !is_whole(*json)) return wrong(key, "a whole number", json ? *json : null_json);
  return whole(*json);
}

Expected<int64_t> Config::integer(std::string_view key, int64_t absent) const {
  if (!has(key)) return absent;
  return integer(key);
}

Expected<double> Config::real(std::string_view key, double absent) const {
  const Json* json = find(key);
  if (!json) return absent;
  if (json->is_array() && json->size() == 1 && (*json)[0].is_number())
    return (*json)[0].get<double>();
  if (!json->is_number()) return wrong(key, "a number", *json);
  return json->get<double>();
}

Expected<bool> Config::flag(std::string_view key, bool absent) const {
  const Json* json = find(key);
  if (!json) return absent;
  if (json->is_number_integer()) return json->get<int64_t>() != 0;
  if (!json->is_boolean()) return wrong(key, "true or false", *json);
  return json->get<bool>();
}

Expected<std::string> Config::text(std::string_view key, std::string_view absent) const {
  const Json* json = find(key);
  if (!json) return std::string(absent);
  if (!json->is_string()) return wrong(key, "a word", *json);
  return json->get<std::string>();
}

Expected<std::vector<int64_t>> Config::integers(std::string_view key, size_t count,
                                                int64_t absent) const {
  if (!has(key)) return std::vector<int64_t>(count, absent);
  std::vector<int64_t> list = TRY(integer_list(key));
  if (list.size() == 1) list.resize(count, list[0]);
  if (list.size() != count) return wrong(key, cat(count, " whole numbers"), member(key));
  return list;
}

Expected<std::vector<int64_t>> Config::integer_list(std::string_view key) const {
  const Json* json = find(key);
  std::vector<int64_t> list;
  if (!json) return list;
  if (is_whole(*json)) return std::vector<int64_t>{whole(*json)};
  if (!json->is_array()) return wrong(key, "a list of whole numbers", *json);
  for (const Json& element : *json) {
    if (!element.is_null() && !is_whole(element))
      return wrong(key, "a list of whole numbers", *json);
    list.push_back(element.is_null() ? -1 : whole(element));
  }
  return list;
}

Expected<std::vector<double>> Config::reals(std::string_view key) const {
  std::vector<double> list;
  flatten(member(key), list);
  return list;
}

Expected<std::vector<std::vector<int64_t>>> Config::integer_rows(std::string_view key,
                                                                 size_t rows) const {
  const Json* json = find(key);
  std::vector<std::vector<int64_t>> result;
  if (!json) return wrong(key, "given", null_json);
  if (is_whole(*json)) return std::vector<std::vector<int64_t>>(rows, {whole(*json), whole(*json)});
  if (!json->is_array()) return wrong(key, "whole numbers", *json);
  // [a, b] of a one-dimensional layer is one row; of others it is a symmetric amount a row.
  bool flat = std::all_of(json->begin(), json->end(), is_whole);
  if (flat && rows == 1 && json->size() == 2)
    return std::vector<std::vector<int64_t>>{{whole((*json)[0]), whole((*json)[1])}};
  for (const Json& element : *json) {
    std::vector<int64_t> row;
    if (is_whole(element)) row = {whole(element), whole(element)};
    for (size_t i = 0; element.is_array() && i < element.size(); ++i) {
      if (!is_whole(element[i])) return wrong(key, "whole numbers", *json);
      row.push_back(whole(element[i]));
    }
    if (row.size() == 1) row.push_back(row[0]);
    if (row.size() != 2) return wrong(key, "pairs of whole numbers", *json);
    result.push_back(std::move(row));
  }
  if (result.size() != rows) return wrong(key, cat(rows, " pairs of whole numbers"), *json);
  return result;
}

std::vector<std::string> Config::unread(const std::vector<std::string_view>& ignored) const {
  std::vector<std::string> keys;
  if (!json_.is_object()) return keys;
  for (const auto& [key, value] : json_.items()) {
    bool known = value.is_null() || read_->count(key) ||
                 std::find(ignored.begin(), ignored.end(), key) != ignored.end();
    if (!known) keys.push_back(cat(key, " = ", short_text(value)));
  }
  return keys;
}

}  // namespace wherry::keras
