// Observes every float activation over the calibration data.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "quantize/bias_correction.h"
#include "quantize/distribution.h"
#include "quantize/lstm.h"
#include "quantize/repetition.h"
#include "runtime/session.h"

namespace wherry::quantize {
namespace {

class Observation {
 public:
  explicit Observation(const Graph& graph) : graph_(graph), parts_(repeated_parts(graph)) {
    for (const Node* node : corrected_nodes(graph))
      layers_[node->inputs[static_cast<size_t>(node->op->quantization.data)]].push_back({node, {}});
    for (const Node& node : graph.nodes) {
      if (!has_int8_lstm_form(graph, node)) continue;
      lstms_.emplace(node.inputs[0], &node);
      cell_states_.insert(cell_state_of(node));
    }
  }

  /// Before each run.
  void start() { noted_.assign(graph_.values.size(), false); }

  /// Takes note of a value that was computed.
  void note(ValueId id, const TensorView& view) {
    noted_[static_cast<size_t>(id)] = true;
    bool observed = bad_ == no_value && !graph_.value(id).constant && view.data &&
                    view.dtype() == DType::f32 && view.elements() > 0;
    if (!observed) return;
    auto elements = view.span<const float>();
    if (!cell_states_.count(id)) add(id, elements);
    if (bad_ != no_value) return;
    add_to_sums(id, view);
    auto [first, last] = lstms_.equal_range(id);
    for (auto lstm = first; lstm != last; ++lstm)
      add(cell_state_of(*lstm->second), cell_states(graph_, *lstm->second, view));
  }

  /// After each run: variables, and what follows from constants alone.
  void note_rest(GraphRunner& runner) {
    for (ValueId id = 0; id < static_cast<ValueId>(graph_.values.size()); ++id) {
      Place::Kind kind = runner.state().places[static_cast<size_t>(id)].kind;
      bool stays = kind == Place::constant || kind == Place::variable;
      if (stays && !noted_[static_cast<size_t>(id)]) note(id, runner.value(id));
    }
  }

  /// The first value whose elements are not all numbers.
  ValueId bad() const { return bad_; }

  Calibration result() && {
    Calibration calibration;
    for (const auto& [id, distribution] : distributions_)
      calibration.ranges[id] = {distribution.seen(), distribution.best()};
    for (const std::vector<ValueId>& part : parts_) pool(part, calibration.ranges);
    for (const auto& [id, layers] : layers_) {
      for (const Layer& layer : layers) {
        auto weights = static_cast<size_t>(layer.node->op->quantization.weights);
        std::optional<TapMeans> means = layer.sums.means();
        if (means) calibration.means[layer.node->inputs[weights]] = std::move(*means);
      }
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

  void add(ValueId id, std::span<const float> elements) {
    if (std::all_of(elements.begin(), elements.end(), [](float x) { return std::isfinite(x); }))
      distributions_[id].add(elements);
    else
      bad_ = id;
  }

  void add_to_sums(ValueId id, const TensorView& view) {
    auto place = layers_.find(id);
    if (place == layers_.end()) return;
    for (Layer& layer : place->second) {
      std::optional<Windows> windows = windows_of(graph_, *layer.node, view.shape());
      if (windows) layer.sums.add(*windows, view.span<const float>());
    }
  }

  struct Layer {
    const Node* node;
    TapSums sums;
  };
  /// From here on an activation's own numbers tell its range.
  static constexpr uint64_t enough_numbers = 10'000;
  const Graph& graph_;
  std::vector<std::vector<ValueId>> parts_;
  std::map<ValueId, Distribution> distributions_;
  std::map<ValueId, std::vector<Layer>> layers_;  ///< by their data
  /// By their data, from which the cell states follow: a run shows only the last one.
  std::multimap<ValueId, const Node*> lstms_;
  std::set<ValueId> cell_states_;
  std::vector<bool> noted_;  ///< in this run
  ValueId bad_ = no_value;
};

/// Of the graphs that a session runs, the first one is observed.
struct Watch {
  const Graph& graph;
  Observation observation;
  static void see(void* owner, const Graph& graph, ValueId id, const TensorView& view) {
    auto& watch = *static_cast<Watch*>(owner);
    if (&graph == &watch.graph) watch.observation.note(id, view);
  }
};

}  // namespace

Expected<Calibration> calibrate(
    const Model& model, size_t count, size_t threads,
    const std::function<Expected<std::vector<Tensor>>(size_t)>& sample) {
  ENSURE_CODE(ErrorCode::usage, count > 0, "calibration needs at least one sample");
  SessionOptions options;
  options.plan.observe_values = true;
  options.plan.drops_packed = true;
  options.plan.threads = threads;
  Session session(TRY(SharedModel::create(model)), options);
  Watch watch{session.model().main(), Observation(model.main())};
  Observation& observation = watch.observation;
  session.observe(&Watch::see, &watch);
  for (size_t i = 0; i < count; ++i) {
    std::vector<Tensor> inputs = TRY(sample(i));
    std::vector<TensorView> views;
    for (const Tensor& tensor : inputs) views.push_back(tensor.view());
    observation.start();
    for (size_t k = 0; k < std::min(views.size(), model.main().inputs.size()); ++k)
      observation.note(model.main().inputs[k], views[k]);
    TRY(session.run(views).context(cat("while calibrating with sample ", i)));
    observation.note_rest(session.runner(0));
    ValueId bad = observation.bad();
    if (bad == no_value) continue;
    return Error{.code = ErrorCode::invalid_data,
                 .message = cat("the tensor ", quoted(model.main().value(bad).name),
                                " takes a value that is no number"),
                 .received = "NaN or infinity",
                 .advice = "check the calibration data and its preprocessing"};
  }
  return std::move(observation).result();
}

}  // namespace wherry::quantize
