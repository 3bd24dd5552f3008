// Observes the range of every float activation.
#include <algorithm>
#include <cmath>

#include "quantize/quantize.h"
#include "runtime/session.h"

namespace wherry::quantize {
namespace {

/// Nothing for tensors without elements and for other types than f32.
std::optional<Range> range_of(const TensorView& view) {
  if (!view.data || view.dtype() != DType::f32 || view.elements() == 0) return std::nullopt;
  auto elements = view.span<const float>();
  Range range{elements[0], elements[0]};
  bool finite = true;
  for (float x : elements) {
    range.min = std::min(range.min, x), range.max = std::max(range.max, x);
    finite = finite && std::isfinite(x);
  }
  if (!finite) range.min = range.max = std::nanf("");
  return range;
}

/// The first value whose elements are not all numbers.
ValueId note_all(GraphRunner& runner, Ranges& ranges) {
  const Graph& graph = runner.graph();
  ValueId bad = no_value;
  for (ValueId id = 0; id < static_cast<ValueId>(graph.values.size()); ++id) {
    if (graph.value(id).constant) continue;
    std::optional<Range> range = range_of(runner.value(id));
    if (!range) continue;
    if (std::isnan(range->min)) {
      bad = bad == no_value ? id : bad;
      continue;
    }
    auto [place, added] = ranges.try_emplace(id, *range);
    if (!added)
      place->second = {std::min(place->second.min, range->min),
                       std::max(place->second.max, range->max)};
  }
  return bad;
}

}  // namespace

Expected<Ranges> calibrate(const Model& model, size_t count, size_t threads,
                           const std::function<Expected<std::vector<Tensor>>(size_t)>& sample) {
  ENSURE_CODE(ErrorCode::usage, count > 0, "calibration needs at least one sample");
  SessionOptions options;
  options.plan.preserve_values = true;
  options.plan.threads = threads;
  Session session(TRY(SharedModel::create(model)), options);
  Ranges ranges;
  for (size_t i = 0; i < count; ++i) {
    std::vector<Tensor> inputs = TRY(sample(i));
    std::vector<TensorView> views;
    for (const Tensor& tensor : inputs) views.push_back(tensor.view());
    TRY(session.run(views).context(cat("while calibrating with sample ", i)));
    ValueId bad = note_all(session.runner(0), ranges);
    if (bad == no_value) continue;
    return Error{.code = ErrorCode::invalid_data,
                 .message = cat("the tensor ", quoted(model.main().value(bad).name),
                                " takes a value that is no number"),
                 .received = "NaN or infinity",
                 .advice = "check the calibration data and its preprocessing"};
  }
  return ranges;
}

}  // namespace wherry::quantize
