// The wherry command line: picks the verb, reads its options, runs it.
#include <cstdio>
#include <functional>

#include "command.h"
#include "signals.h"
#include "wrong_words.h"

namespace wherry::cli {
namespace {

const Command* const commands[] = {&convert_command,  &quantize_command, &run_command,
                                   &evaluate_command, &check_command,    &inspect_command,
                                   &bench_command};

void add_common(CLI::App& app, Common& common, bool computes) {
  app.add_flag("--json", common.json, "print the result as JSON on stdout");
  app.add_flag("-q,--quiet", common.quiet, "no progress, notes or warnings");
  app.add_flag("-v,--verbose", common.verbose, "more about what happens");
  app.add_option("--color", common.color, "colours on stderr")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  if (!computes) return;
  app.add_option("--threads", common.threads, "threads to compute with")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Command* command : commands) names.push_back(command->name);
  return names;
}

int no_verb(Console& console, int count, char** words) {
  Error error{.code = ErrorCode::usage, .message = "say what to do: wherry VERB ..."};
  bool unknown = count > 1 && words[1][0] != '-';
  if (unknown) error.message = "there is no verb '" + std::string(words[1]) + "'";
  if (unknown) error.received = words[1];
  std::string names;
  for (const std::string& name : verb_names()) names += (names.empty() ? "" : ", ") + name;
  error.advice = "the verbs are " + names;
  std::string near = unknown ? nearest(words[1], verb_names()) : "";
  if (!near.empty()) error.advice = "did you mean " + near + "? " + error.advice;
  return console.fail(error);
}

/// Options after the one that is wrong were not read any more; this one decides how to say so.
bool asks_for_json(int count, char** words) {
  for (int i = 1; i < count; ++i) {
    if (std::string_view(words[i]) == "--json") return true;
  }
  return false;
}

int run(int count, char** words) {
  CLI::App app("wherry: saved Keras models to small .tflite files, and .tflite files to answers",
               "wherry");
  app.set_version_flag("--version", WHERRY_VERSION);
  app.require_subcommand(1);
  Common common;
  Console console;
  std::vector<std::pair<CLI::App*, std::function<Outcome()>>> verbs;
  for (const Command* command : commands) {
    CLI::App* verb = app.add_subcommand(command->name, command->summary);
    verb->footer(std::string("Examples:\n") + command->examples);
    add_common(*verb, common, command->computes);
    verbs.emplace_back(verb, command->setup(*verb, common, console));
  }
  auto chosen = [&]() -> CLI::App* {
    return app.get_subcommands().empty() ? nullptr : app.get_subcommands()[0];
  };
  try {
    app.parse(count, words);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& problem) {
    console.configure(asks_for_json(count, words), common.quiet, common.verbose, common.color);
    return chosen() ? console.fail(usage_error(problem, chosen())) : no_verb(console, count, words);
  }
  console.configure(common.json, common.quiet, common.verbose, common.color);
  handle_signals(console);
  for (auto& [verb, body] : verbs) {
    if (!verb->parsed()) continue;
    Outcome outcome = body();
    console.end_progress();
    const bool printed = std::fflush(stdout) == 0;
    if (outcome && !printed)
      outcome = Error{.code = ErrorCode::cannot_write,
                      .message = "the result cannot be written to standard output",
                      .advice = "look where it goes: the disk may be full"};
    return outcome ? *outcome : console.fail(outcome.error());
  }
  return 2;
}

}  // namespace
}  // namespace wherry::cli

int main(int count, char** words) {
  using namespace wherry;
  try {
    return cli::run(count, words);
  } catch (const std::bad_alloc&) {
    return cli::Console().fail({.code = ErrorCode::too_large, .message = "not enough memory"});
  } catch (const std::exception& problem) {
    return cli::Console().fail({.code = ErrorCode::internal, .message = problem.what()});
  }
}
