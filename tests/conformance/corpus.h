// A folder of recorded cases: its index, and the list of differences we accept, with reasons.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "conformance/compare.h"

namespace wherry::conformance {

/// One recorded case; see generator/README.md for the files behind it.
struct Case {
  std::string op, name, type;
  Rule rule;
  int invokes = 1;
  std::string full_name() const { return op + "/" + name; }
};

/// Which cases to run: "" all, "ADD,MUL" operators, "ADD/int8" cases of one by their beginning.
class Selection {
 public:
  explicit Selection(std::string_view words);
  bool contains(const Case& item) const;

 private:
  std::vector<std::string> operators_;
  std::string prefix_;
};

/// The cases of FOLDER/index.json that are selected, in its order.
Expected<std::vector<Case>> read_index(const std::string& folder, const Selection& selection);

/// Cases that are known to differ, by full name, with the reason. An entry is
/// {"case": ..., "reason": ..., "engines": [...]}; without "engines" it holds for all.
Expected<std::map<std::string, std::string>> read_known_differences(const std::string& path,
                                                                    std::string_view engine);

}  // namespace wherry::conformance
