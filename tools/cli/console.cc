// Prints results, progress and errors.
#include "console.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

namespace wherry::cli {

void Console::configure(bool json, bool quiet, bool verbose, const std::string& color) {
  json_ = json, quiet_ = quiet, verbose_ = verbose;
  terminal_ = isatty(STDERR_FILENO) != 0;
  const char* no_color = std::getenv("NO_COLOR");
  color_ = color == "always" || (color == "auto" && terminal_ && (!no_color || !*no_color));
}

void Console::print(const std::string& text) const {
  if (!json_) std::fputs(text.c_str(), stdout);
}

void Console::print(const nlohmann::json& result) const {
  if (json_)
    std::printf("%s\n",
                result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void Console::note(const std::string& text) const {
  if (!quiet_) std::fprintf(stderr, "%s\n", text.c_str());
}

void Console::warn(const std::string& text) const {
  if (!quiet_) std::fprintf(stderr, "%s %s\n", paint("33", "warning:").c_str(), text.c_str());
}

std::string Console::paint(const char* code, const std::string& text) const {
  return color_ ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
}

void Console::progress(const std::string& stage, double share) {
  if (quiet_) return;
  if (terminal_) {
    int filled = static_cast<int>(share * 24);
    std::string bar = std::string(static_cast<size_t>(filled), '#') +
                      std::string(static_cast<size_t>(24 - filled), '.');
    std::fprintf(stderr, "\r[%s] %-40.40s", bar.c_str(), stage.c_str());
    std::fflush(stderr);
    bar_shown_ = true;
    return;
  }
  // Counting stages ("calibrate 3 of 100") print once.
  std::string word = stage.substr(0, stage.find(' '));
  if (word != stage_) std::fprintf(stderr, "%s\n", word.c_str());
  stage_ = word;
}

void Console::end_progress() {
  if (bar_shown_) std::fprintf(stderr, "\r%70s\r", "");
  bar_shown_ = false;
}

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return 2;
    case ErrorCode::unsupported:
      return 4;
    case ErrorCode::verification_failed:
      return 5;
    case ErrorCode::cancelled:
      return 130;
    case ErrorCode::internal:
      return 70;
    default:
      return 3;
  }
}

namespace {

nlohmann::json object_of(const Error& error) {
  // Without a place in the model, what was being done says where.
  std::string where = error.where;
  for (size_t i = 0; error.where.empty() && i < error.context.size(); ++i)
    where += (i ? ", " : "") + error.context[i];
  nlohmann::json result = {{"schema", "wherry.error/1"},
                           {"code", static_cast<int>(error.code)},
                           {"where", where},
                           {"message", error.message},
                           {"received", error.received},
                           {"advice", error.advice}};
  if (!error.context.empty()) result["context"] = error.context;
  for (const Error& detail : error.details) result["details"].push_back(object_of(detail));
  return result;
}

/// Operators that cannot run as one table: node and tensors, what is wrong, version and types, what
/// is supported instead.
std::string parts_of(const Error& error) {
  bool nodes = !error.details.empty();
  for (const Error& detail : error.details)
    nodes = nodes && detail.where.find("node ") != std::string::npos && detail.details.empty();
  if (!nodes) return error.text();
  Error rest = error;
  rest.details.clear();
  std::string text = rest.text();
  std::vector<std::vector<std::string>> rows = {{"node", "problem", "received", "nearest"}};
  for (const Error& detail : error.details)
    rows.push_back({detail.where, detail.message, detail.received, detail.advice});
  return text + "\n" + table(rows);
}

}  // namespace

std::string Console::text_of(const Error& error) const {
  std::string text = paint("31;1", "error:") + " " + parts_of(error);
  if (verbose_)
    text +=
        std::string("\n  raised at ") + error.raised.file + ":" + std::to_string(error.raised.line);
  return text + "\n";
}

std::string Console::json_of(const Error& error) {
  return object_of(error).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int Console::fail(const Error& error) {
  end_progress();
  std::fputs(text_of(error).c_str(), stderr);
  if (error.code == ErrorCode::internal) {
    std::fprintf(stderr,
                 "this is a bug of wherry: please report it with the command line and, if you can, "
                 "the model\n");
  }
  if (json_) std::fputs(json_of(error).c_str(), stdout);
  return exit_code_of(error.code);
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  std::vector<bool> right;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    right.resize(widths.size(), true);
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
      bool number =
          row[i].empty() || row[i] == "-" || std::isdigit(static_cast<unsigned char>(row[i][0]));
      if (&row != &rows[0] && !number) right[i] = false;
    }
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      std::string padding(widths[i] - row[i].size(), ' ');
      line += (i ? "  " : "") + (right[i] ? padding + row[i] : row[i] + padding);
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

std::string shell_word(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || std::strchr("_-./+=:,@%", c);
  });
  std::string word;
  if (name.empty() || name[0] == '-') word = "./";
  if (plain) return word + name;
  word += "'";
  for (char c : name) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string bytes_text(uint64_t bytes) {
  const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 999.95 && unit < 4) value /= 1000, ++unit;
  return (unit ? fixed(value, 1) : std::to_string(bytes)) + " " + units[unit];
}

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

}  // namespace wherry::cli
