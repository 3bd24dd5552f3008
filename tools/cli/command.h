// What a verb of the command line is, and the options all verbs share.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "console.h"
#include "wherry/error.h"

/// The value of an Expected, or return its error from the enclosing function.
#define TRY(...)                             \
  ({                                         \
    auto&& try_result_ = (__VA_ARGS__);      \
    if (!try_result_) [[unlikely]]           \
      return std::move(try_result_).error(); \
    std::move(try_result_).value();          \
  })

namespace wherry::cli {

/// Options every verb takes; threads those that compute.
struct Common {
  bool json = false, quiet = false, verbose = false;
  std::string color = "auto";
  int threads = 1;
};

/// The exit code of a verb that did its work: 0, or 1 when a check found a problem.
using Outcome = Expected<int>;

/// Adds the verb's options to `app` and returns what runs it after parsing. `console` is ready by
/// then.
using Setup = std::function<Outcome()> (*)(CLI::App& app, const Common& common, Console& console);

struct Command {
  const char* name;
  const char* summary;
  const char* examples;  ///< three lines
  Setup setup;
  bool computes = true;  ///< has work for --threads
};

extern const Command convert_command, quantize_command, check_command, run_command,
    evaluate_command, inspect_command, bench_command;

}  // namespace wherry::cli
