// Checks the house rules over the source tree. What exceptions.txt names is let pass; it may only
// shrink.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tidy.h"

namespace wherry::tidy {
namespace {

namespace fs = std::filesystem;

const char* const folders[] = {"src",   "include",    "tools",   "bindings",
                               "tests", "benchmarks", "examples"};

bool is_read(const std::string& path) {
  return is_cpp(path) || ends_with(path, ".py") || ends_with(path, ".sh") ||
         ends_with(path, ".cmake");
}

SourceFile read_file(const fs::path& root, const std::string& path) {
  SourceFile file{path, {}};
  std::ifstream stream(root / path);
  for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
  return file;
}

Tree read_tree(const fs::path& root) {
  Tree tree;
  for (const char* folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      std::string path = fs::relative(entry.path(), root).generic_string();
      if (entry.is_regular_file() && path.find("__pycache__") == std::string::npos)
        tree.paths.push_back(path);
    }
  }
  std::sort(tree.paths.begin(), tree.paths.end());
  for (const std::string& path : tree.paths) {
    if (is_read(path)) tree.sources.push_back(read_file(root, path));
  }
  return tree;
}

using Exceptions = std::map<std::pair<std::string, std::string>, size_t>;

/// Lines "rule path count"; '#' starts a comment.
Exceptions read_exceptions(const fs::path& path) {
  Exceptions exceptions;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string rule, file;
    size_t count = 1;
    if (!(words >> rule >> file)) continue;
    words >> count;
    exceptions[{rule, file}] = count;
  }
  return exceptions;
}

void print(const Rule& rule, const Finding& finding) {
  std::string place = finding.path;
  if (finding.line) place += ":" + std::to_string(finding.line);
  std::printf("%s: %s [%s: %s]\n", place.c_str(), finding.message.c_str(), rule.name, rule.meaning);
}

/// Prints what a rule finds beyond its exceptions; returns how many complaints that makes.
size_t apply(const Rule& rule, const Tree& tree, Exceptions& exceptions) {
  std::map<std::string, std::vector<Finding>> by_file;
  for (Finding& finding : rule.check(tree)) by_file[finding.path].push_back(std::move(finding));
  size_t complaints = 0;
  for (const auto& [path, findings] : by_file) {
    auto found = exceptions.find({rule.name, path});
    size_t allowed = found == exceptions.end() ? 0 : found->second;
    if (found != exceptions.end()) exceptions.erase(found);
    if (findings.size() == allowed) continue;
    ++complaints;
    if (findings.size() < allowed)
      std::printf("exceptions.txt: %s %s %zu: only %zu are left, lower the number\n", rule.name,
                  path.c_str(), allowed, findings.size());
    else
      for (const Finding& finding : findings) print(rule, finding);
  }
  return complaints;
}

}  // namespace
}  // namespace wherry::tidy

int main(int count, char** arguments) {
  using namespace wherry::tidy;
  if (count != 2) {
    std::fputs("usage: tidy ROOT\n  checks the house rules in the source tree ROOT\n", stderr);
    return 2;
  }
  std::filesystem::path root = arguments[1];
  Tree tree = read_tree(root);
  if (tree.sources.empty()) {
    std::fprintf(stderr, "no source files in %s\n", arguments[1]);
    return 2;
  }
  Exceptions exceptions = read_exceptions(root / "tools/tidy/exceptions.txt");
  size_t complaints = 0;
  for (const Rule& rule : all_rules()) complaints += apply(rule, tree, exceptions);
  for (const auto& [key, number] : exceptions) {
    std::printf("exceptions.txt: %s %s %zu: nothing is left of it, remove the line\n",
                key.first.c_str(), key.second.c_str(), number);
    ++complaints;
  }
  std::printf("%zu files read, %zu complaints\n", tree.sources.size(), complaints);
  return complaints ? 1 : 0;
}
