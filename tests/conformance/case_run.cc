// Loads a case, feeds it step by step to an engine and compares the outputs.
#include "conformance/case_run.h"

#include "data/npy.h"
#include "runtime/session.h"
#include "runtime/support.h"
#include "tflite/reader.h"
#include "tflite/writer.h"

namespace wherry::conformance {
namespace {

/// The arrays of an .npz by name.
class Arrays {
 public:
  static Expected<Arrays> read(const std::string& path) {
    Arrays result;
    result.entries_ = TRY(parse_npz(TRY(map_file(path))));
    for (const auto& [name, tensor] : result.entries_) result.views_[name] = tensor.view();
    return result;
  }
  const TensorView* find(const std::string& name) const {
    auto place = views_.find(name);
    return place == views_.end() ? nullptr : &place->second;
  }

 private:
  std::vector<std::pair<std::string, Tensor>> entries_;
  std::map<std::string, TensorView> views_;
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

/// The model as it comes back from a file that we have written.
Expected<Model> written_and_read(const Model& model) {
  Model back = TRY(tflite::read(share(TRY(tflite::write(model)).bytes())));
  std::string change = difference(model, back);
  ENSURE(change.empty(), "written and read back it differs: ", change);
  return back;
}

Expected<std::shared_ptr<const SharedModel>> load(const std::string& path, bool round_trip) {
  Model model = TRY(tflite::read_file(path));
  if (round_trip) model = TRY(written_and_read(model));
  auto shared = TRY(SharedModel::create(std::move(model)));
  TRY(check_support(shared->model));
  return shared;
}

/// `suffix` of the names of the arrays: "_0", "_1" ... when there are several invocations.
Status run_step(Runner& runner, const Arrays& arrays, const std::string& suffix, const Rule& rule) {
  std::vector<TensorView> inputs;
  for (size_t i = 0; i < runner.model().main().inputs.size(); ++i) {
    const TensorView* input = arrays.find(cat("in", i, suffix));
    ENSURE(input, "the case has no input ", i);
    inputs.push_back(*input);
  }
  std::vector<Tensor> outputs = TRY(runner.run(inputs).context("while running"));
  for (size_t i = 0; i < outputs.size(); ++i) {
    const TensorView* want = arrays.find(cat("out", i, suffix));
    if (!want) continue;
    std::string problem =
        compare(outputs[i].view(), *want, arrays.find(cat("opt", i, suffix)), rule);
    ENSURE(problem.empty(), "out", i, suffix, ": ", problem);
  }
  return {};
}

Status run(const std::string& stem, const Case& item, const RunOptions& options) {
  auto shared = TRY(load(stem + ".tflite", options.round_trip).context("while loading"));
  Arrays arrays = TRY(Arrays::read(stem + ".npz"));
  Rule rule = item.rule;
  if (options.accept_lsb) rule.lsb = std::max(rule.lsb, 1);
  Runner runner(shared, options.engine);
  for (int step = 0; step < item.invokes; ++step)
    TRY(run_step(runner, arrays, item.invokes > 1 ? cat("_", step) : "", rule));
  return {};
}

}  // namespace

std::string run_case(const std::string& folder, const Case& item, const RunOptions& options) {
  Status status = run(folder + "/" + item.full_name(), item, options);
  return status ? std::string() : status.error().text();
}

}  // namespace wherry::conformance
