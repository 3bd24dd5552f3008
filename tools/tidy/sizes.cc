// Small things: lengths of files, functions, lines and lists of parameters.
#include <algorithm>
#include <cctype>

#include "tidy.h"

namespace wherry::tidy {
namespace {

constexpr size_t longest_file = 400, longest_function = 40, longest_line = 100, most_parameters = 4;

/// A definition that starts in column 1: [first, last] are line indices, `last` is its lone "}".
struct Definition {
  size_t first, last;
};

/// clang-format puts functions of a namespace in column 1 and their closing brace alone there;
/// tables end with "};" and are no functions.
std::vector<Definition> functions_of(const SourceFile& file) {
  std::vector<Definition> functions;
  size_t first = 0;
  bool open = false;
  for (size_t i = 0; i < file.lines.size(); ++i) {
    const std::string& line = file.lines[i];
    if (!line.empty() && (std::isalpha(static_cast<unsigned char>(line[0])) || line[0] == '[')) {
      if (!open || !starts_with(file.lines[first], "template")) first = i;
      open = true;
    }
    if (line == "}" && open) functions.push_back({first, i});
    if (starts_with(line, "}")) open = false;
  }
  return functions;
}

/// A line of raw text cannot be broken by clang-format: the next literal would have to begin there.
bool is_raw_text(const std::string& line) {
  size_t begin = line.find_first_not_of(' ');
  return begin != std::string::npos && line.compare(begin, 3, "R\"(") == 0;
}

/// The text from the name to the closing parenthesis of the parameters; empty for other blocks.
std::string parameters_of(const SourceFile& file, const Definition& function) {
  std::string text;
  size_t i = function.first;
  while (i < function.last && starts_with(file.lines[i], "template")) ++i;
  for (; i < function.last; ++i) {
    text += file.lines[i];
    if (ends_with(file.lines[i], "{")) break;
  }
  size_t begin = text.find('(');
  if (begin == std::string::npos || starts_with(text, "namespace")) return {};
  int depth = 0;
  for (size_t at = begin; at < text.size(); ++at) {
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (depth == 0) return text.substr(begin + 1, at - begin - 1);
  }
  return {};
}

size_t count_parameters(const std::string& parameters) {
  if (std::all_of(parameters.begin(), parameters.end(),
                  [](unsigned char c) { return std::isspace(c); }))
    return 0;
  int depth = 0;
  size_t count = 1;
  for (char c : parameters) {
    depth += c == '(' || c == '<' || c == '{' ? 1 : c == ')' || c == '>' || c == '}' ? -1 : 0;
    count += c == ',' && depth == 0 ? 1 : 0;
  }
  return count;
}

}  // namespace

std::vector<Finding> check_file_lengths(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (is_cpp(file.path) && file.lines.size() > longest_file)
      findings.push_back({file.path, 0,
                          "has " + std::to_string(file.lines.size()) + " lines, more than " +
                              std::to_string(longest_file)});
  }
  return findings;
}

std::vector<Finding> check_function_lengths(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (!is_cpp(file.path)) continue;
    for (const Definition& function : functions_of(file)) {
      size_t length = function.last - function.first + 1;
      if (length > longest_function)
        findings.push_back({file.path, function.first + 1,
                            "a function of " + std::to_string(length) + " lines, more than " +
                                std::to_string(longest_function)});
    }
  }
  return findings;
}

std::vector<Finding> check_parameters(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    // Kernels take raw pointers and extents: their contract is a function type in a table.
    if (!is_cpp(file.path) || starts_with(file.path, "src/kernels/")) continue;
    for (const Definition& function : functions_of(file)) {
      size_t count = count_parameters(parameters_of(file, function));
      if (count > most_parameters)
        findings.push_back(
            {file.path, function.first + 1,
             std::to_string(count) + " parameters: make them a struct with named fields"});
    }
  }
  return findings;
}

std::vector<Finding> check_line_lengths(const Tree& tree) {
  std::vector<Finding> findings;
  for (const SourceFile& file : tree.sources) {
    if (!is_cpp(file.path)) continue;
    for (size_t i = 0; i < file.lines.size(); ++i) {
      size_t columns =
          static_cast<size_t>(std::count_if(file.lines[i].begin(), file.lines[i].end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
          }));
      if (columns > longest_line && !is_raw_text(file.lines[i]))
        findings.push_back(
            {file.path, i + 1,
             std::to_string(columns) + " columns, more than " + std::to_string(longest_line)});
    }
  }
  return findings;
}

}  // namespace wherry::tidy
