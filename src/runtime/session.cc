// State of one interpreter, and calls from graph to graph.
#include "runtime/session.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace wherry {

Session::Session(std::shared_ptr<const SharedModel> shared, SessionOptions options)
    : shared_(std::move(shared)),
      options_(options),
      pool_(std::max<size_t>(1, options.plan.threads)) {}

GraphRunner& Session::runner(int graph) {
  CHECK(graph >= 0 && static_cast<size_t>(graph) < model().graphs.size());
  std::unique_ptr<GraphRunner>& place = runners_[graph];
  if (!place) place = std::make_unique<GraphRunner>(*this, graph);
  return *place;
}

Status Session::run(GraphRunner& runner) {
  steps_ = 0;
  depth_ = 1;
  TRY(runner.run());
  return check_cancelled();  // during the last step
}

Expected<std::vector<Tensor>> Session::run(std::span<const TensorView> inputs, int graph) {
  steps_ = 0;
  depth_ = 1;
  return run_on(runner(graph), inputs);
}

Status Session::spend_step() {
  ENSURE_CODE(ErrorCode::cancelled, ++steps_ <= options_.max_steps, "stopped after ",
              options_.max_steps, " steps");
  return check_cancelled();
}

Status Session::check_cancelled() const {
  ENSURE_CODE(ErrorCode::cancelled, !cancelled_.load(std::memory_order_relaxed), "cancelled");
  return {};
}

namespace {

/// Zero in the type's own terms: for quantised types the zero point.
void fill_initial(Tensor& tensor) {
  int32_t zero_point = tensor.type.zero_point();
  if (tensor.type.dtype == DType::i16)
    std::fill_n(tensor.view().as<int16_t>(), tensor.buffer.size() / 2,
                static_cast<int16_t>(zero_point));
  else if (tensor.type.dtype == DType::i8 || tensor.type.dtype == DType::u8)
    std::memset(tensor.buffer.data(), zero_point & 0xff, tensor.buffer.size());
  else
    std::memset(tensor.buffer.data(), 0, tensor.buffer.size());
}

}  // namespace

Expected<TensorView> Session::variable(const Value& value) {
  auto place = variables_.find(&value);
  if (place == variables_.end()) {
    int64_t bytes = TRY(byte_size(value.type.dtype, TRY(value.type.shape.checked_elements())));
    int64_t limit = options_.plan.max_bytes;
    ENSURE_CODE(
        ErrorCode::too_large, limit == 0 || bytes <= limit - variable_bytes_, "the variable ",
        quoted(value.name), " needs ", human_bytes(static_cast<uint64_t>(bytes)),
        ", with the others more than the limit of ", human_bytes(static_cast<uint64_t>(limit)));
    Tensor tensor = TRY(Tensor::sized(value.type, static_cast<size_t>(bytes)));
    place = variables_.emplace(&value, std::move(tensor)).first;
    variable_bytes_ += bytes;
    blank_variables_.push_back(&place->second);
  }
  return place->second.view();
}

void Session::fill_new_variables() {
  for (Tensor* tensor : blank_variables_) fill_initial(*tensor);
  blank_variables_.clear();
}

void Session::reset_variables() {
  for (auto& [value, tensor] : variables_) fill_initial(tensor);
  blank_variables_.clear();
}

std::vector<const GraphRunner*> Session::planned() const {
  std::map<int, const GraphRunner*> found;
  for (const auto& [graph, runner] : runners_) {
    if (runner->prepared()) found[graph] = runner.get();
  }
  for (const auto& [graph, runners] : nested_) {
    if (!runners.empty() && runners[0]->prepared()) found.try_emplace(graph, runners[0].get());
  }
  std::vector<const GraphRunner*> result;
  for (const auto& [graph, runner] : found) result.push_back(runner);
  return result;
}

/// A runner of this graph that no other node is running.
Expected<GraphRunner*> Session::idle_runner(int graph) {
  std::vector<std::unique_ptr<GraphRunner>>& runners = nested_[graph];
  for (auto& runner : runners) {
    if (!runner->busy) return runner.get();
  }
  runners.push_back(std::make_unique<GraphRunner>(*this, graph));
  return runners.back().get();
}

Expected<std::vector<Tensor>> Session::call_graph(int graph, std::span<const TensorView> inputs) {
  ENSURE(graph >= 0 && static_cast<size_t>(graph) < model().graphs.size(),
         "the model has no graph ", graph);
  ENSURE(depth_ < options_.max_depth, "graphs call each other more than ", options_.max_depth,
         " deep");
  GraphRunner* runner = TRY(idle_runner(graph));
  runner->busy = true;
  ++depth_;
  auto result = run_on(*runner, inputs);
  --depth_;
  runner->busy = false;
  return result;
}

Expected<std::vector<Tensor>> Session::run_on(GraphRunner& runner,
                                              std::span<const TensorView> inputs) {
  const Graph& graph = runner.graph();
  std::vector<Shape> shapes;
  for (const TensorView& input : inputs) shapes.push_back(input.shape());
  TRY(runner.prepare(std::move(shapes)));
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Value& value = graph.value(graph.inputs[i]);
    ENSURE_CODE(ErrorCode::invalid_data, inputs[i].dtype() == value.type.dtype, "the input ",
                quoted(value.name), " has type ", value.type.dtype, ", got ", inputs[i].dtype());
    if (value.type.dtype == DType::string) {
      TRY(runner.set_strings(static_cast<int>(i), {inputs[i].data, inputs[i].bytes}));
      continue;
    }
    TensorView place = runner.input(static_cast<int>(i));
    ENSURE_CODE(ErrorCode::invalid_data, place.bytes == inputs[i].bytes, "the input ",
                quoted(value.name), " needs ", place.bytes, " bytes, got ", inputs[i].bytes);
    if (place.bytes) std::memcpy(place.data, inputs[i].data, place.bytes);
  }
  TRY(runner.run());
  std::vector<Tensor> outputs;
  for (size_t i = 0; i < graph.outputs.size(); ++i)
    outputs.push_back(TRY(Tensor::copy_of(runner.output(static_cast<int>(i)))));
  return outputs;
}

}  // namespace wherry
