// Reads label files.
#include "labels.h"

#include <cctype>
#include <fstream>

namespace wherry::cli {
namespace {

/// "12  tench" -> 12 and "tench"; -1 when the line does not begin with a number and a blank.
long leading_number(const std::string& line, size_t& rest) {
  size_t end = 0;
  while (end < line.size() && std::isdigit(static_cast<unsigned char>(line[end]))) ++end;
  if (end == 0 || end > 6 || end == line.size()) return -1;
  size_t after = line[end] == ':' ? end + 1 : end;
  if (after >= line.size() || line[after] != ' ') return -1;
  rest = line.find_first_not_of(' ', after);
  return rest == std::string::npos ? -1 : std::stol(line.substr(0, end));
}

}  // namespace

Expected<std::vector<std::string>> read_labels(const std::string& path) {
  std::ifstream file(path);
  if (!file || file.peek() == std::ifstream::traits_type::eof())
    return Error{.code = ErrorCode::cannot_read,
                 .message = "the labels '" + path + "' cannot be read, or are empty",
                 .advice = "give a text file with one class name a line"};
  std::vector<std::string> labels;
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    size_t rest = 0;
    long number = leading_number(line, rest);
    if (number < 0) {
      labels.push_back(line);
      continue;
    }
    if (static_cast<size_t>(number) >= labels.size())
      labels.resize(static_cast<size_t>(number) + 1);
    labels[static_cast<size_t>(number)] = line.substr(rest);
  }
  return labels;
}

}  // namespace wherry::cli
