// Where words go: results to stdout, messages and progress to stderr.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "wherry/error.h"

namespace wherry::cli {

class Console {
 public:
  void configure(bool json, bool quiet, bool verbose, const std::string& color);

  bool json() const { return json_; }
  bool verbose() const { return verbose_; }
  /// Text for people on stdout; nothing with --json.
  void print(const std::string& text) const;
  /// The result as JSON on stdout; nothing without --json.
  void print(const nlohmann::json& result) const;
  /// A line on stderr; nothing with -q.
  void note(const std::string& text) const;
  void warn(const std::string& text) const;
  /// A bar when stderr is a terminal, else one line per stage; nothing with -q.
  void progress(const std::string& stage, double share);
  void end_progress();
  /// The error in four parts on stderr, and as JSON on stdout with --json. Returns the exit code.
  int fail(const Error& error);
  /// What fail() prints.
  std::string text_of(const Error& error) const;
  static std::string json_of(const Error& error);

 private:
  std::string paint(const char* code, const std::string& text) const;
  bool json_ = false, quiet_ = false, verbose_ = false, color_ = false, terminal_ = false,
       bar_shown_ = false;
  std::string stage_;
};

int exit_code_of(ErrorCode code);

/// Rows as a table with aligned columns; the first row is the heading, numbers (by their first
/// character) align right.
std::string table(const std::vector<std::vector<std::string>>& rows);
/// A name of a file as a word of a command line, to be pasted into a shell.
std::string shell_word(const std::string& name);
/// "12.3 kB".
std::string bytes_text(uint64_t bytes);
/// A number with `digits` places after the point.
std::string fixed(double value, int digits);

}  // namespace wherry::cli
