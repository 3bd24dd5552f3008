// Reads the index of a folder of cases and the list of known differences.
#include "conformance/corpus.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace wherry::conformance {
namespace {

using Json = nlohmann::json;

Expected<Json> read_list(const std::string& path) {
  std::ifstream stream(path);
  Json json = Json::parse(stream, nullptr, false);
  ENSURE_CODE(ErrorCode::cannot_read, json.is_array(), path, " is no list in JSON");
  for (const Json& entry : json)
    ENSURE_CODE(ErrorCode::cannot_read, entry.is_object(), path,
                " has entries that are no records");
  return json;
}

Rule rule_of(const Json& json) {
  if (!json.is_object()) return {};
  return {json.value("atol", 0.0), json.value("rtol", 0.0), json.value("lsb", 0),
          json.value("either", false)};
}

}  // namespace

Selection::Selection(std::string_view words) {
  if (words.find('/') != std::string_view::npos) {
    prefix_ = words;
    return;
  }
  for (std::string_view word : split(words, ',')) {
    if (!word.empty()) operators_.emplace_back(word);
  }
}

bool Selection::contains(const Case& item) const {
  if (!prefix_.empty()) return item.full_name().starts_with(prefix_);
  return operators_.empty() ||
         std::find(operators_.begin(), operators_.end(), item.op) != operators_.end();
}

Expected<std::vector<Case>> read_index(const std::string& folder, const Selection& selection) {
  Json index = TRY(read_list(folder + "/index.json"));
  std::vector<Case> cases;
  for (const Json& entry : index) {
    Case item{.op = entry.value("op", ""),
              .name = entry.value("case", ""),
              .type = entry.value("type", ""),
              .rule = rule_of(entry.value("rule", Json())),
              .invokes = entry.value("invokes", 1)};
    if (selection.contains(item)) cases.push_back(std::move(item));
  }
  return cases;
}

Expected<std::map<std::string, std::string>> read_known_differences(const std::string& path,
                                                                    std::string_view engine) {
  std::map<std::string, std::string> known;
  for (const Json& entry : TRY(read_list(path))) {
    std::string name = entry.value("case", ""), reason = entry.value("reason", "");
    ENSURE_CODE(ErrorCode::cannot_read, !name.empty() && !reason.empty(), path,
                " has an entry without case or reason");
    Json engines = entry.value("engines", Json::array({engine}));
    if (std::find(engines.begin(), engines.end(), engine) != engines.end()) known[name] = reason;
  }
  return known;
}

}  // namespace wherry::conformance
