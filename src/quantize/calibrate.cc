// Observes every float activation over the calibration data.
#include <algorithm>
#include <cmath>

#include "quantize/bias_correction.h"
#include "quantize/distribution.h"
#include "quantize/lstm.h"
#include "quantize/repetition.h"
#include "runtime/session.h"

namespace wherry::quantize {
namespace {

class Observation {
 public:
  explicit Observation(const Graph& graph) : parts_(repeated_parts(graph)) {
    for (ValueId id : corrected_inputs(graph)) sums_[id];
    for (const Node& node : graph.nodes) {
      if (has_int8_lstm_form(graph, node)) lstms_[cell_state_of(node)] = &node;
    }
  }

  /// Takes note of one run. The first value whose elements are not all numbers.
  ValueId note_all(GraphRunner& runner) {
    const Graph& graph = runner.graph();
    for (ValueId id = 0; id < static_cast<ValueId>(graph.values.size()); ++id) {
      if (graph.value(id).constant) continue;
      TensorView view = runner.value(id);
      bool observed = view.data && view.dtype() == DType::f32 && view.elements() > 0;
      if (!observed) continue;
      auto elements = view.span<const float>();
      if (!std::all_of(elements.begin(), elements.end(), [](float x) { return std::isfinite(x); }))
        return id;
      add_to_sum(id, view);
      auto lstm = lstms_.find(id);
      if (lstm == lstms_.end())
        distributions_[id].add(elements);
      else
        distributions_[id].add(
            cell_states(graph, *lstm->second, runner.value(lstm->second->inputs[0])));
    }
    return no_value;
  }

  /// After so many runs.
  Calibration result(size_t count) && {
    Calibration calibration;
    for (const auto& [id, distribution] : distributions_)
      calibration.ranges[id] = {distribution.seen(), distribution.best()};
    for (const std::vector<ValueId>& part : parts_) pool(part, calibration.ranges);
    for (auto& [id, mean] : sums_) {
      if (mean.elements.empty()) continue;
      for (float& element : mean.elements) element /= static_cast<float>(count);
      calibration.means.emplace(id, std::move(mean));
    }
    return calibration;
  }

 private:
  /// Few numbers in one step say little; those of all steps together say more.
  void pool(const std::vector<ValueId>& part, Ranges& ranges) const {
    Distribution together;
    for (ValueId id : part) {
      auto place = distributions_.find(id);
      if (place == distributions_.end() || place->second.count() >= enough_numbers) return;
      together.add(place->second);
    }
    for (ValueId id : part) ranges[id].best = together.best();
  }

  void add_to_sum(ValueId id, const TensorView& view) {
    auto place = sums_.find(id);
    if (place == sums_.end()) return;
    Mean& sum = place->second;
    auto elements = view.span<const float>();
    if (sum.elements.empty()) {
      sum = {view.shape(), {elements.begin(), elements.end()}};
    } else if (sum.shape != view.shape()) {
      sums_.erase(place);
    } else {
      for (size_t i = 0; i < elements.size(); ++i) sum.elements[i] += elements[i];
    }
  }

  /// From here on an activation's own numbers tell its range.
  static constexpr uint64_t enough_numbers = 10'000;
  std::vector<std::vector<ValueId>> parts_;
  std::map<ValueId, Distribution> distributions_;
  std::map<ValueId, Mean> sums_;
  /// By cell state, of which a run shows only the last one.
  std::map<ValueId, const Node*> lstms_;
};

}  // namespace

Expected<Calibration> calibrate(
    const Model& model, size_t count, size_t threads,
    const std::function<Expected<std::vector<Tensor>>(size_t)>& sample) {
  ENSURE_CODE(ErrorCode::usage, count > 0, "calibration needs at least one sample");
  SessionOptions options;
  options.plan.preserve_values = true;
  options.plan.threads = threads;
  Session session(TRY(SharedModel::create(model)), options);
  Observation observation(model.main());
  for (size_t i = 0; i < count; ++i) {
    std::vector<Tensor> inputs = TRY(sample(i));
    std::vector<TensorView> views;
    for (const Tensor& tensor : inputs) views.push_back(tensor.view());
    TRY(session.run(views).context(cat("while calibrating with sample ", i)));
    ValueId bad = observation.note_all(session.runner(0));
    if (bad == no_value) continue;
    return Error{.code = ErrorCode::invalid_data,
                 .message = cat("the tensor ", quoted(model.main().value(bad).name),
                                " takes a value that is no number"),
                 .received = "NaN or infinity",
                 .advice = "check the calibration data and its preprocessing"};
  }
  return std::move(observation).result(count);
}

}  // namespace wherry::quantize
