// Prints a document made from the library's definitions, or checks that a file is that document.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "tables.h"

namespace {

constexpr const char* usage =
    "usage: docgen operators|keras_layers [--check FILE]\n"
    "  prints the document; with --check fails when FILE is not the same\n";

/// 0 when the file holds the text, else 1 with the first line that differs.
int check(const std::string& path, const std::string& kind, const std::string& text) {
  std::ifstream stream(path);
  std::string stored{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stored == text) return 0;
  int line = 1;
  for (size_t i = 0; i < std::min(stored.size(), text.size()) && stored[i] == text[i]; ++i)
    line += text[i] == '\n' ? 1 : 0;
  std::fprintf(stderr, "%s is stale from line %d on; make it with: docgen %s > %s\n", path.c_str(),
               line, kind.c_str(), path.c_str());
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  std::string kind = count > 1 ? arguments[1] : "";
  bool checks = count == 4 && std::string(arguments[2]) == "--check";
  if ((kind != "operators" && kind != "keras_layers") || (count != 2 && !checks)) {
    std::fputs(usage, stderr);
    return 2;
  }
  std::string text =
      kind == "operators" ? wherry::docgen::operators() : wherry::docgen::keras_layers();
  if (checks) return check(arguments[3], kind, text);
  std::fputs(text.c_str(), stdout);
  return 0;
}
