// Observes the range of every float activation.
#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

struct Collector {
  const Graph* graph;
  Ranges ranges;
  ValueId bad = no_value;

  void note(ValueId id, const TensorView& view) {
    if (view.dtype() != DType::f32 || view.elements() == 0 || graph->value(id).constant) return;
    auto elements = view.span<const float>();
    float low = elements[0], high = elements[0];
    bool finite = true;
    for (float x : elements) {
      low = std::min(low, x), high = std::max(high, x);
      finite = finite && std::isfinite(x);
    }
    if (!finite && bad == no_value) bad = id;
    auto [place, added] = ranges.try_emplace(id, Range{low, high});
    if (!added)
      place->second = {std::min(place->second.min, low), std::max(place->second.max, high)};
  }
};

void observe(void* owner, const Graph& graph, ValueId id, const TensorView& view) {
  auto& collector = *static_cast<Collector*>(owner);
  if (&graph == collector.graph) collector.note(id, view);
}

}  // namespace

Expected<Ranges> calibrate(const Model& model, size_t count,
                           const std::function<Expected<std::vector<Tensor>>(size_t)>& sample) {
  ENSURE_CODE(ErrorCode::usage, count > 0, "calibration needs at least one sample");
  Collector collector{.graph = &model.main()};
  Evaluator evaluator(model);
  evaluator.observe(&observe, &collector);
  for (size_t i = 0; i < count; ++i) {
    std::vector<Tensor> inputs = TRY(sample(i));
    std::vector<TensorView> views;
    for (const Tensor& tensor : inputs) views.push_back(tensor.view());
    TRY(evaluator.run(views).context(cat("while calibrating with sample ", i)));
    if (collector.bad == no_value) continue;
    return Error{.code = ErrorCode::invalid_data,
                 .message = cat("the tensor ", quoted(model.main().value(collector.bad).name),
                                " takes a value that is no number"),
                 .received = "NaN or infinity",
                 .advice = "check the calibration data and its preprocessing"};
  }
  return std::move(collector.ranges);
}

}  // namespace wherry::quantize
