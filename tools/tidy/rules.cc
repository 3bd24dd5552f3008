// The list of rules, and what they share.
#include "tidy.h"

namespace wherry::tidy {

std::span<const Rule> all_rules() {
  static constexpr Rule rules[] = {
      {"includes", "a folder includes only what the table of layers allows", check_includes},
      {"islands", "files of one instruction set include nothing foreign",
       check_instruction_set_files},
      {"sentence", "every file opens with a sentence that says what it is for",
       check_opening_sentences},
      {"file", "files stay under 400 lines", check_file_lengths},
      {"function", "functions stay under 40 lines", check_function_lengths},
      {"parameters", "more than four parameters become a struct", check_parameters},
      {"line", "lines stay under 100 columns", check_line_lengths},
      {"macro", "only TRY, ENSURE, CHECK and X are macros", check_macros},
      {"name", "file names say something, and generated files stay out", check_file_names},
      {"pass", "a pass shows before and after in its header and has a golden file", check_passes},
      {"test", "tests are named as facts", check_tests},
  };
  return rules;
}

bool starts_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_cpp(const std::string& path) { return ends_with(path, ".cc") || ends_with(path, ".h"); }

}  // namespace wherry::tidy
