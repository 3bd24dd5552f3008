// Runs a folder of conformance cases in one process and prints who passes, per operator.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "conformance/compare.h"
#include "data/npy.h"
#include "ops/evaluate.h"
#include "runtime/session.h"
#include "runtime/support.h"
#include "tflite/reader.h"

namespace wherry::conformance {
namespace {

using Arrays = std::vector<std::pair<std::string, Tensor>>;

const TensorView* find(const std::vector<std::pair<std::string, TensorView>>& views,
                       const std::string& key) {
  for (const auto& [name, view] : views) {
    if (name == key) return &view;
  }
  return nullptr;
}

Rule rule_of(const nlohmann::json& entry, bool accept_lsb) {
  Rule rule;
  const auto& json = entry["rule"];
  if (json.is_object()) {
    rule.atol = json.value("atol", 0.0);
    rule.rtol = json.value("rtol", 0.0);
    rule.lsb = json.value("lsb", 0);
    rule.either = json.value("either", false);
  }
  if (accept_lsb && rule.lsb == 0) rule.lsb = 1;
  return rule;
}

/// Who computes: the plain evaluator, or planned sessions.
enum class Engine { evaluator, reference, fast };
struct Options {
  bool accept_lsb = false, verbose = false;
  Engine engine = Engine::evaluator;
};

/// Runs a model again and again, keeping its state.
class Runner {
 public:
  Runner(std::shared_ptr<const SharedModel> shared, Engine engine)
      : shared_(std::move(shared)), evaluator_(shared_->model) {
    SessionOptions options;
    options.plan.fast = engine == Engine::fast;
    options.plan.check_memory = true;
    if (engine != Engine::evaluator) session_ = std::make_unique<Session>(shared_, options);
  }
  const Model& model() const { return shared_->model; }
  Expected<std::vector<Tensor>> run(std::span<const TensorView> inputs) {
    return session_ ? session_->run(inputs) : evaluator_.run(inputs);
  }

 private:
  std::shared_ptr<const SharedModel> shared_;
  Evaluator evaluator_;
  std::unique_ptr<Session> session_;
};

/// Empty on success, else what went wrong.
std::string run_case(const std::string& stem, const nlohmann::json& entry, const Options& options) {
  auto model = tflite::read_file(stem + ".tflite");
  if (!model) return "load: " + model.error().text();
  auto file = map_file(stem + ".npz");
  auto arrays = file ? parse_npz(*file) : Expected<Arrays>(std::move(file).error());
  if (!arrays) return "npz: " + arrays.error().text();
  std::vector<std::pair<std::string, TensorView>> views;
  for (const auto& [name, tensor] : *arrays) views.emplace_back(name, tensor.view());
  Rule rule = rule_of(entry, options.accept_lsb);
  int invokes = entry.value("invokes", 1);
  auto shared = SharedModel::create(std::move(*model));
  Status support = shared ? check_support((*shared)->model) : Status();
  if (!shared || !support)
    return "load: " + (shared ? support.error().text() : shared.error().text());
  Runner runner(*shared, options.engine);
  for (int step = 0; step < invokes; ++step) {
    std::string suffix = invokes > 1 ? cat("_", step) : "";
    std::vector<TensorView> inputs;
    for (size_t i = 0; i < runner.model().main().inputs.size(); ++i) {
      const TensorView* input = find(views, cat("in", i, suffix));
      if (!input) return cat("no input ", i);
      inputs.push_back(*input);
    }
    auto outputs = runner.run(inputs);
    if (!outputs) return "run: " + outputs.error().text();
    for (size_t i = 0; i < outputs->size(); ++i) {
      const TensorView* want = find(views, cat("out", i, suffix));
      if (!want) continue;
      std::string problem =
          compare((*outputs)[i].view(), *want, find(views, cat("opt", i, suffix)), rule);
      if (!problem.empty()) return cat("out", i, suffix, ": ", problem);
    }
  }
  return {};
}

struct Count {
  int passed = 0, total = 0;
};

int run_all(const std::string& folder, const std::string& only, const Options& options) {
  std::ifstream stream(folder + "/index.json");
  nlohmann::json index = nlohmann::json::parse(stream, nullptr, false);
  if (!index.is_array()) return std::fprintf(stderr, "no index.json in %s\n", folder.c_str()), 2;
  std::map<std::string, Count> counts;
  Count all;
  for (const auto& entry : index) {
    std::string op = entry["op"], name = entry["case"];
    std::string full = op + "/" + name;
    bool whole = only.empty() || op == only;
    bool prefix = only.find("/") != std::string::npos && full.rfind(only, 0) == 0;
    bool wanted = whole || prefix;
    if (!wanted && only.find(',') != std::string::npos)
      wanted = ("," + only + ",").find("," + op + ",") != std::string::npos;
    if (!wanted) continue;
    std::string problem = run_case(folder + "/" + full, entry, options);
    counts[op].total += 1, all.total += 1;
    if (problem.empty())
      counts[op].passed += 1, all.passed += 1;
    else if (options.verbose)
      std::printf("FAIL %s: %s\n", full.c_str(), problem.c_str());
  }
  for (const auto& [op, count] : counts) {
    if (count.passed != count.total)
      std::printf("%-34s %4d of %4d\n", op.c_str(), count.passed, count.total);
  }
  std::printf("passed %d of %d\n", all.passed, all.total);
  return all.passed == all.total ? 0 : 1;
}

}  // namespace
}  // namespace wherry::conformance

int main(int count, char** arguments) {
  std::string folder, only;
  using namespace wherry::conformance;
  Options options;
  for (int i = 1; i < count; ++i) {
    std::string word = arguments[i];
    if (word == "--lsb")
      options.accept_lsb = true;
    else if (word == "-v")
      options.verbose = true;
    else if (word == "--reference")
      options.engine = Engine::reference;
    else if (word == "--fast")
      options.engine = Engine::fast;
    else if (folder.empty())
      folder = word;
    else
      only = word;
  }
  if (folder.empty()) {
    std::fprintf(stderr,
                 "usage: conformance FOLDER [OP[,OP...] | OP/case-prefix] [--lsb] [-v] "
                 "[--reference | --fast]\n");
    return 2;
  }
  return run_all(folder, only, options);
}
