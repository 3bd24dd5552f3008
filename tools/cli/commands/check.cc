// wherry check: says what of a Keras file does not convert.
#include <memory>

#include "command.h"
#include "wherry/converter.h"

namespace wherry::cli {
namespace {

struct Settings {
  std::string model;
  CheckOptions options;
  bool recipe_template = false;
};

nlohmann::json json_of(const std::vector<TensorSummary>& tensors) {
  nlohmann::json list = nlohmann::json::array();
  for (const TensorSummary& tensor : tensors)
    list.push_back({{"name", tensor.name}, {"type", tensor.type}, {"shape", tensor.shape}});
  return list;
}

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
          {"layers", report.layers},
          {"classes", report.classes},
          {"problems", problems},
          {"operators", report.operators},
          {"inputs", json_of(report.inputs)},
          {"outputs", json_of(report.outputs)},
          {"minimum_runtime", report.minimum_runtime},
          {"warnings", report.warnings}};
}

std::string counted(const std::map<std::string, int>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  return text;
}

std::string tensor_lines(const char* title, const std::vector<TensorSummary>& tensors) {
  std::string text;
  for (const TensorSummary& tensor : tensors)
    text += title + tensor.name + "  " + tensor.type + tensor.shape + "\n";
  return text;
}

std::string problem_lines(const CheckReport& report) {
  std::string text;
  for (const LayerProblem& problem : report.problems) {
    text += "  " + problem.where + (problem.where.empty() ? "" : ": ") + problem.reason + "\n";
    if (!problem.received.empty()) text += "    received: " + problem.received + "\n";
    if (!problem.advice.empty()) text += "    try: " + problem.advice + "\n";
  }
  return text;
}

std::string text_of(const std::string& model, const CheckReport& report) {
  size_t problems = report.problems.size();
  std::string text = model + ": ";
  text += problems == 0 ? "every layer converts"
                        : std::to_string(problems) + (problems == 1 ? " reason" : " reasons") +
                              " why it does not convert";
  text += "\n  source     " + report.dialect + "\n";
  if (report.layers > 0)
    text += "  layers     " + std::to_string(report.layers) + ": " + counted(report.classes) + "\n";
  if (problems > 0) return text + problem_lines(report);
  text += "  operators  " + counted(report.operators) + "\n";
  text += "  runtime    TensorFlow Lite " + report.minimum_runtime + " or newer\n";
  return text + tensor_lines("  input      ", report.inputs) +
         tensor_lines("  output     ", report.outputs);
}

std::function<Outcome()> setup(CLI::App& app, const Common&, Console& console) {
  auto settings = std::make_shared<Settings>();
  app.add_option("model", settings->model, "a saved Keras model: .h5 or .keras")
      ->required()
      ->type_name("MODEL");
  app.add_option("--config", settings->options.config,
                 "what model.to_json() returns, where MODEL holds weights alone")
      ->type_name("FILE.json");
  auto* recipe = app.add_option("--recipe", settings->options.recipe,
                                "what layers of Python code compute: see docs/recipes.md")
                     ->type_name("FILE.json");
  app.add_flag("--recipe-template", settings->recipe_template,
               "print a recipe file to fill in, for all layers that are Python code")
      ->excludes(recipe);
  return [settings, &console]() -> Outcome {
    if (settings->recipe_template) {
      std::string text = TRY(recipe_template(settings->model, settings->options.config));
      console.print(text);
      if (console.json()) console.print(nlohmann::json::parse(text));
      return 0;
    }
    CheckReport report = TRY(check_keras(settings->model, settings->options));
    for (const std::string& warning : report.warnings) console.warn(warning);
    console.print(text_of(settings->model, report));
    console.print(json_of(settings->model, report));
    return report.problems.empty() ? 0 : 1;
  };
}

}  // namespace

const Command check_command = {
    "check", "says which layers of a Keras model do not convert, and why",
    "  wherry check model.keras\n"
    "  wherry check model.h5 && wherry convert model.h5 -o model.tflite\n"
    "  wherry check model.keras --recipe-template > recipe.json\n",
    setup, /*computes=*/false};

}  // namespace wherry::cli
