// wherry run: load the model, transform the data, run inference, interpret the output.
#include <algorithm>
#include <memory>

#include "answers.h"
#include "command.h"
#include "feeding.h"
#include "labels.h"
#include "output_file.h"
#include "resizing.h"
#include "wherry/data.h"

namespace wherry::cli {
namespace {

struct Settings {
  std::string model, output, labels, kernels = "fast", signature;
  InputOptions data;
  std::vector<std::string> resizes;
  int top = 0;
  bool explain = false;
};

/// Names of the written arrays: out<i>, or out<i>_<step>, and the output's own name where it
/// differs.
void collect_outputs(const Runner& runner, const std::string& suffix, std::vector<Array>& arrays) {
  for (int i = 0; i < runner.output_count(); ++i) {
    Array array = fetch(runner, i);
    std::string name = array.name;
    array.name = "out" + std::to_string(i) + suffix;
    arrays.push_back(array);
    bool taken = std::any_of(arrays.begin(), arrays.end(),
                             [&](const Array& other) { return other.name == name + suffix; });
    bool plain = !name.empty() && name.find('/') == std::string::npos &&
                 name.find("..") == std::string::npos && name[0] != '\\';
    if (taken || !plain) continue;
    array.name = name + suffix;
    arrays.push_back(std::move(array));
  }
}

std::string explanation(const Interpreter& interpreter) {
  std::vector<std::vector<std::string>> rows = {
      {"node", "operator", "fate", "implementation", "refused"}};
  for (const NodePlan& node : interpreter.plan()) {
    std::string refused;
    for (const NodePlan::Refusal& refusal : node.refusals)
      refused += (refused.empty() ? "" : "; ") + refusal.implementation + ": " + refusal.reason;
    rows.push_back({std::to_string(node.graph) + "." + std::to_string(node.node), node.op,
                    node.fate, node.implementation, refused});
  }
  return "instruction set: " + std::string(interpreter.cpu()) + "\n" + table(rows);
}

nlohmann::json json_of(const std::vector<NodePlan>& plan) {
  nlohmann::json nodes = nlohmann::json::array();
  for (const NodePlan& node : plan) {
    nlohmann::json refusals = nlohmann::json::array();
    for (const NodePlan::Refusal& refusal : node.refusals)
      refusals.push_back({{"implementation", refusal.implementation}, {"reason", refusal.reason}});
    nodes.push_back({{"graph", node.graph},
                     {"node", node.node},
                     {"op", node.op},
                     {"fate", node.fate},
                     {"implementation", node.implementation},
                     {"refusals", refusals}});
  }
  return nodes;
}

class Run {
 public:
  Run(const Settings& settings, const Common& common, Console& console)
      : settings_(settings), common_(common), console_(console) {}

  Outcome run() {
    output_ = TRY(output());
    Model model = TRY(Model::load(settings_.model));
    Kernels kernels = settings_.kernels == "reference" ? Kernels::reference : Kernels::fast;
    Interpreter interpreter =
        TRY(Interpreter::create(model, {.threads = common_.threads, .kernels = kernels}));
    Runner runner = interpreter;
    if (!settings_.signature.empty()) runner = TRY(interpreter.signature(settings_.signature));
    TRY(resize_inputs(runner, settings_.resizes));
    Status done = run_steps(runner);
    if (!done) return with_way_out(std::move(done).error(), runner, settings_.resizes);
    if (settings_.explain) explain(interpreter);
    return finish(runner);
  }

 private:
  Status run_steps(Runner& runner) {
    Steps steps = TRY(read_inputs(runner, settings_.data, console_));
    for (auto& [step, inputs] : steps) {
      TRY(feed(runner, inputs));
      TRY(runner.run());
      collect_outputs(runner, steps.size() > 1 ? "_" + std::to_string(step) : "", arrays_);
    }
    return {};
  }

  void explain(const Interpreter& interpreter) {
    console_.print(explanation(interpreter));
    explanation_ = {{"instruction_set", interpreter.cpu()}, {"plan", json_of(interpreter.plan())}};
  }

  Outcome finish(const Runner& runner) {
    std::vector<std::string> labels;
    if (!settings_.labels.empty()) labels = TRY(read_labels(settings_.labels));
    const size_t top = settings_.top > 0 ? static_cast<size_t>(settings_.top)
                       : labels.empty()  ? 0
                                         : 5;
    Answers answers(top, std::move(labels));
    for (int i = 0; i < runner.output_count(); ++i) answers.add(runner, i);
    nlohmann::json json = {
        {"schema", "wherry.run/1"}, {"model", settings_.model}, {"outputs", answers.json()}};
    json.update(explanation_);
    if (!output_.empty()) TRY(write_npz(output_, arrays_));
    if (!output_.empty() && is_standard_output(output_)) return 0;
    console_.print(answers.text());
    console_.print(json);
    return 0;
  }

  /// Where --output leads.
  Expected<std::string> output() const {
    if (settings_.output.empty()) return std::string();
    std::vector<std::string> sources = {settings_.model, settings_.labels};
    for (const std::string& input : settings_.data.inputs)
      sources.push_back(name_and_value(input).second);
    return output_file(settings_.output, sources, console_);
  }

  const Settings& settings_;
  const Common& common_;
  Console& console_;
  std::string output_;
  std::vector<Array> arrays_;
  nlohmann::json explanation_ = nlohmann::json::object();  ///< of --explain
};

std::function<Outcome()> setup(CLI::App& app, const Common& common, Console& console) {
  auto settings = std::make_shared<Settings>();
  app.add_option("model", settings->model, "a .tflite file")->required()->type_name("MODEL");
  app.add_option("--input", settings->data.inputs,
                 "data: FILE, or NAME=FILE for one of several inputs (repeatable)")
      ->allow_extra_args(false)
      ->type_name("[NAME=]FILE");
  app.add_option("--output", settings->output,
                 "write all outputs to this .npz file; -: standard output")
      ->type_name("FILE.npz");
  app.add_option("--labels", settings->labels, "a text file with one class name a line")
      ->type_name("FILE");
  app.add_option("--top", settings->top, "print the K largest values of each output")
      ->type_name("K")
      ->check(CLI::Range(1, 100000));
  auto* preprocess = app.add_option("--preprocess", settings->data.preprocess,
                                    "pixels: none, 0..1, -1..1, mean=a,b,c;std=a,b,c, or auto, "
                                    "what suits a quantised input")
                         ->type_name("SPEC")
                         ->capture_default_str();
  app.add_option("--kernels", settings->kernels,
                 "fast, or reference (plain, bit for bit as the stock reference kernels)")
      ->check(CLI::IsMember({"fast", "reference"}))
      ->capture_default_str();
  app.add_option("--signature", settings->signature, "run this signature")->type_name("KEY");
  app.add_option("--resize", settings->resizes, "give an input another shape (repeatable)")
      ->allow_extra_args(false)
      ->type_name("NAME=1,224,224,3");
  app.add_flag("--explain", settings->explain,
               "print which implementation each node got, and why faster ones refused");
  return [settings, preprocess, &common, &console] {
    settings->data.preprocess_given =
        preprocess->count() > 0 && settings->data.preprocess != "auto";
    return Run(*settings, common, console).run();
  };
}

}  // namespace

const Command run_command = {
    "run", "one inference: data in, answers out",
    "  wherry run digits.tflite --input seven.png --top 3\n"
    "  wherry run net.tflite --input x=a.npy --input y=b.npy --output answers.npz\n"
    "  wherry run net.tflite --input cat.jpg --preprocess -1..1 --labels labels.txt\n",
    setup};

}  // namespace wherry::cli
