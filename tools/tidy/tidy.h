// What the rules of tidy share: a source file as lines, a finding, and the list of rules.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace wherry::tidy {

/// A file of the tree; its path is relative to the root, with '/'.
struct SourceFile {
  std::string path;
  std::vector<std::string> lines;
};

/// The whole tree: paths of all files, contents of those that rules read.
struct Tree {
  std::vector<std::string> paths;
  std::vector<SourceFile> sources;
};

/// One place that breaks a rule.
struct Finding {
  std::string path;
  size_t line = 0;  ///< from 1; 0: the file as a whole
  std::string message;
};

struct Rule {
  const char* name;
  const char* meaning;
  std::vector<Finding> (*check)(const Tree& tree);
};

std::span<const Rule> all_rules();

// The rules, by subject.
std::vector<Finding> check_includes(const Tree& tree);
std::vector<Finding> check_instruction_set_files(const Tree& tree);
std::vector<Finding> check_opening_sentences(const Tree& tree);
std::vector<Finding> check_file_lengths(const Tree& tree);
std::vector<Finding> check_function_lengths(const Tree& tree);
std::vector<Finding> check_parameters(const Tree& tree);
std::vector<Finding> check_line_lengths(const Tree& tree);
std::vector<Finding> check_macros(const Tree& tree);
std::vector<Finding> check_file_names(const Tree& tree);
std::vector<Finding> check_passes(const Tree& tree);
std::vector<Finding> check_tests(const Tree& tree);

// Vocabulary of the rules.
bool is_cpp(const std::string& path);
bool starts_with(const std::string& text, const std::string& start);
bool ends_with(const std::string& text, const std::string& end);

}  // namespace wherry::tidy
