// What files say and how they are called: opening sentences, macros, names, passes, generated
// files.
#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

#include "tidy.h"

namespace wherry::tidy {
namespace {

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool has(const Tree& tree, const std::string& path) {
  return std::binary_search(tree.paths.begin(), tree.paths.end(), path);
}

/// The comment or documentation string at the top of a file without its marks, or nothing.
std::string opening_comment(const SourceFile& file) {
  std::string mark = is_cpp(file.path) ? "//" : "#";
  size_t i = !file.lines.empty() && starts_with(file.lines[0], "#!") ? 1 : 0;
  if (i < file.lines.size() && starts_with(file.lines[i], "\"\"\"")) return file.lines[i].substr(3);
  std::string text;
  for (; i < file.lines.size() && starts_with(file.lines[i], mark); ++i)
    text += file.lines[i].substr(mark.size());
  return text;
}

bool is_pass(const SourceFile& file) {
  if (!starts_with(file.path, "src/passes/") || !ends_with(file.path, ".cc")) return false;
  static const std::regex definition("constinit const Pass [a-z_0-9]+.*");
  return std::any_of(file.lines.begin(), file.lines.end(),
                     [](const std::string& line) { return std::regex_match(line, definition); });
}

}  // namespace

std::vector<Finding> check_opening_sentences(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    std::string text = opening_comment(file);
    size_t words = static_cast<size_t>(std::count(text.begin(), text.end(), ' '));
    if (words < 2 || text.find_first_of(".:") == std::string::npos)
      findings.push_back({file.path, 1, "opens without a sentence that says what it is for"});
  }
  return findings;
}

std::vector<Finding> check_macros(const Tree& tree) {
  static const std::set<std::string> allowed = {"TRY", "ENSURE", "ENSURE_CODE", "CHECK", "X"};
  static const std::regex form(R"(\s*#\s*define\s+([A-Za-z_0-9]+).*)");
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (!is_cpp(file.path)) continue;
    for (size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (std::regex_match(file.lines[i], match, form) && !allowed.count(match[1].str()))
        findings.push_back({file.path, i + 1, "defines the macro " + match[1].str()});
    }
  }
  return findings;
}

std::vector<Finding> check_file_names(const Tree& tree) {
  static const std::regex vague("((.*_)?(utils?|helpers?|misc)|common)\\.(cc|h|py|sh)");
  static const std::regex generated(".*(_generated\\.h|_list\\.inc|\\.pyc|\\.o|\\.a)");
  std::vector<Finding> findings;
  for (const std::string& path : tree.paths) {
    if (std::regex_match(file_name(path), vague))
      findings.push_back({path, 0, "has a name that says nothing about its contents"});
    if (std::regex_match(path, generated))
      findings.push_back({path, 0, "is generated and does not belong into the tree"});
  }
  return findings;
}

std::vector<Finding> check_passes(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (!is_pass(file)) continue;
    std::string text = opening_comment(file);
    if (text.find("before") == std::string::npos || text.find("after") == std::string::npos)
      findings.push_back({file.path, 1, "a pass shows a graph before and after at the top"});
    std::string golden = file.path.substr(0, file.path.size() - 2) + "ir";
    if (!has(tree, golden)) findings.push_back({file.path, 0, "a pass has a golden " + golden});
  }
  return findings;
}

std::vector<Finding> check_tests(const Tree& tree) {
  static const std::regex form(R"((TEST|TEST_F|TEST_P)\(([A-Za-z0-9]+),\s*([A-Za-z0-9_]+)\).*)");
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    for (size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_match(file.lines[i], match, form)) continue;
      std::string name = match[3].str();
      auto capitals = std::count_if(name.begin(), name.end(),
                                    [](unsigned char c) { return std::isupper(c) != 0; });
      if (capitals < 2 || starts_with(name, "Test") || starts_with(name, "DISABLED_"))
        findings.push_back({file.path, i + 1, "the test '" + name + "' is not named as a fact"});
    }
  }
  return findings;
}

}  // namespace wherry::tidy
