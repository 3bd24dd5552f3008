// wherry check: says what of a Keras file does not convert.
#include <memory>

#include "command.h"
#include "wherry/converter.h"

namespace wherry::cli {
namespace {

nlohmann::json json_of(const std::string& model, const CheckReport& report) {
  nlohmann::json problems = nlohmann::json::array();
  for (const LayerProblem& problem : report.problems) {
    problems.push_back({{"where", problem.where},
                        {"reason", problem.reason},
                        {"received", problem.received},
                        {"advice", problem.advice}});
  }
  return {{"schema", "wherry.check/1"},
          {"model", model},
          {"converts", report.problems.empty()},
          {"dialect", report.dialect},
          {"problems", problems},
          {"operators", report.operators},
          {"minimum_runtime", report.minimum_runtime}};
}

std::string text_of(const std::string& model, const CheckReport& report) {
  if (report.problems.empty())
    return model + ": every layer converts; needs TensorFlow Lite " + report.minimum_runtime +
           " or newer\n";
  std::string text = model + ": " + std::to_string(report.problems.size()) +
                     (report.problems.size() == 1 ? " layer does" : " layers do") +
                     " not convert\n";
  for (const LayerProblem& problem : report.problems) {
    text += "  " + problem.where + ": " + problem.reason + "\n";
    if (!problem.received.empty()) text += "    received: " + problem.received + "\n";
    if (!problem.advice.empty()) text += "    try: " + problem.advice + "\n";
  }
  return text;
}

std::function<Outcome()> setup(CLI::App& app, const Common&, Console& console) {
  auto model = std::make_shared<std::string>();
  app.add_option("model", *model, "a saved Keras model: .h5 or .keras")
      ->required()
      ->type_name("MODEL");
  return [model, &console]() -> Outcome {
    CheckReport report = TRY(check_keras(*model));
    if (console.verbose() && !report.dialect.empty()) console.note("source: " + report.dialect);
    console.print(text_of(*model, report));
    console.print(json_of(*model, report));
    return report.problems.empty() ? 0 : 1;
  };
}

}  // namespace

const Command check_command = {"check",
                               "says which layers of a Keras model do not convert, and why",
                               "  wherry check model.keras\n  wherry check model.h5 --json\n  "
                               "wherry check model.h5 && wherry convert model.h5 -o model.tflite\n",
                               setup};

}  // namespace wherry::cli
