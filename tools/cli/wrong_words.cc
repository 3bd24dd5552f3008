// Finds the option that was meant.
#include "wrong_words.h"

#include <algorithm>

namespace wherry::cli {
namespace {

/// Letters to add, drop or exchange (two neighbours at a time, too) until one word is the other.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t k = 0; k <= b.size(); ++k) {
      if (i == 0 || k == 0) {
        cost[i][k] = i + k;
        continue;
      }
      cost[i][k] = std::min({cost[i - 1][k] + 1, cost[i][k - 1] + 1,
                             cost[i - 1][k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1)});
      bool swapped = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (swapped) cost[i][k] = std::min(cost[i][k], cost[i - 2][k - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string> option_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t least = std::max<size_t>(2, word.size() / 2);
  for (const std::string& candidate : candidates) {
    // The beginning of a longer word is a likely slip as well.
    bool begun = word.size() > 3 && candidate.compare(0, word.size(), word) == 0;
    size_t steps = begun ? 1 : distance(word, candidate);
    if (steps < least) best = candidate, least = steps;
  }
  return best;
}

Error usage_error(const CLI::ParseError& problem, const CLI::App* verb) {
  std::string name = verb ? verb->get_name() + " " : "";
  Error error{.code = ErrorCode::usage, .message = problem.what()};
  error.advice = "wherry " + name + "--help";
  bool unknown = verb && dynamic_cast<const CLI::ExtrasError*>(&problem);
  if (!unknown) return error;
  std::vector<std::string> rest = verb->remaining();
  if (rest.empty()) return error;
  std::string word = rest[0].substr(0, rest[0].find('='));
  error.received = rest[0];
  if (word.size() < 2 || word[0] != '-') {
    error.message = "'" + word + "' is one word too many for " + verb->get_name();
    return error;
  }
  error.message = "there is no option " + word + " of " + verb->get_name();
  std::string near = nearest(word, option_names(*verb));
  if (!near.empty()) error.advice = "did you mean " + near + "? See " + error.advice;
  return error;
}

}  // namespace wherry::cli
