// Observes the range of every float activation.
#include <algorithm>
#include <cmath>

#include "quantize/distribution.h"
#include "runtime/session.h"

namespace wherry::quantize {
namespace {

using Distributions = std::map<ValueId, Distribution>;

bool observed(const TensorView& view) {
  return view.data && view.dtype() == DType::f32 && view.elements() > 0;
}

/// The first value whose elements are not all numbers.
ValueId note_all(GraphRunner& runner, Distributions& distributions) {
  const Graph& graph = runner.graph();
  for (ValueId id = 0; id < static_cast<ValueId>(graph.values.size()); ++id) {
    if (graph.value(id).constant) continue;
    TensorView view = runner.value(id);
    if (!observed(view)) continue;
    auto elements = view.span<const float>();
    if (!std::all_of(elements.begin(), elements.end(), [](float x) { return std::isfinite(x); }))
      return id;
    distributions[id].add(elements);
  }
  return no_value;
}

}  // namespace

Expected<Ranges> calibrate(const Model& model, size_t count, size_t threads,
                           const std::function<Expected<std::vector<Tensor>>(size_t)>& sample) {
  ENSURE_CODE(ErrorCode::usage, count > 0, "calibration needs at least one sample");
  SessionOptions options;
  options.plan.preserve_values = true;
  options.plan.threads = threads;
  Session session(TRY(SharedModel::create(model)), options);
  Distributions distributions;
  for (size_t i = 0; i < count; ++i) {
    std::vector<Tensor> inputs = TRY(sample(i));
    std::vector<TensorView> views;
    for (const Tensor& tensor : inputs) views.push_back(tensor.view());
    TRY(session.run(views).context(cat("while calibrating with sample ", i)));
    ValueId bad = note_all(session.runner(0), distributions);
    if (bad == no_value) continue;
    return Error{.code = ErrorCode::invalid_data,
                 .message = cat("the tensor ", quoted(model.main().value(bad).name),
                                " takes a value that is no number"),
                 .received = "NaN or infinity",
                 .advice = "check the calibration data and its preprocessing"};
  }
  Ranges ranges;
  for (const auto& [id, distribution] : distributions)
    ranges[id] = {distribution.seen(), distribution.best()};
  return ranges;
}

}  // namespace wherry::quantize
