// Inputs and outputs of a graph: descriptions, data, running.
#include "api/internals.h"
#include "runtime/support.h"

namespace wherry {
namespace v1 {

Interpreter::State::Feed& Interpreter::State::feed(int index) {
  auto [place, added] = feeds.try_emplace(index);
  if (added) {
    for (ValueId id : graph(index).inputs)
      place->second.shapes.push_back(graph(index).value(id).type.shape);
    place->second.size_mismatch = std::make_unique<bool[]>(graph(index).inputs.size() + 1);
  }
  return place->second;
}

Status Runner::Implementation::prepare() const {
  Status status = runner().prepare(feed().shapes);
  if (!status && status.error().code == ErrorCode::unsupported)
    return all_unsupported(state->internal(), std::move(status).error());
  return status;
}

TensorView Runner::Implementation::output(int i) const {
  return runner().value(outputs[static_cast<size_t>(i)]);
}

int Runner::input_count() const { return static_cast<int>(implementation_->inputs.size()); }
int Runner::output_count() const { return static_cast<int>(implementation_->outputs.size()); }
int Runner::graph_index() const { return implementation_->graph; }
bool Runner::prepared() const {
  return implementation_->runner().prepared() &&
         implementation_->runner().input_shapes() == implementation_->feed().shapes;
}

std::string Runner::input_name(int i) const {
  return implementation_->has_input(i) ? implementation_->input_names[static_cast<size_t>(i)] : "";
}
std::string Runner::output_name(int i) const {
  return implementation_->has_output(i) ? implementation_->output_names[static_cast<size_t>(i)]
                                        : "";
}

namespace {

Expected<int> find_name(const std::vector<std::string>& names, std::string_view name,
                        std::string_view what) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<int>(i);
  }
  std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string_view near = nearest(name, candidates);
  Error error{.code = ErrorCode::usage, .message = cat("there is no ", what, " ", quoted(name))};
  error.received = std::string(name);
  error.advice =
      near.empty() ? cat("the ", what, "s are ", names) : cat("did you mean ", quoted(near), "?");
  return error;
}

}  // namespace

Expected<int> Runner::input_index(std::string_view name) const {
  return find_name(implementation_->input_names, name, "input");
}
Expected<int> Runner::output_index(std::string_view name) const {
  return find_name(implementation_->output_names, name, "output");
}

TensorInfo Runner::input_info(int i) const {
  if (!implementation_->has_input(i)) return {};
  return tensor_info(implementation_->inputs[static_cast<size_t>(i)]);
}
TensorInfo Runner::output_info(int i) const {
  if (!implementation_->has_output(i)) return {};
  return tensor_info(implementation_->outputs[static_cast<size_t>(i)]);
}

TensorInfo Runner::tensor_info(int tensor) const {
  const Graph& graph = implementation_->structure();
  if (tensor < 0 || static_cast<size_t>(tensor) >= graph.values.size()) return {};
  TensorView view = implementation_->runner().value(tensor);
  TensorType type = *view.type;
  for (size_t k = 0; k < graph.inputs.size(); ++k) {
    if (graph.inputs[k] == tensor) type.shape = implementation_->feed().shapes[k];
  }
  TensorInfo info = describe(graph.value(tensor), tensor, type);
  if (type.dtype == DType::string) info.bytes = static_cast<int64_t>(view.data ? view.bytes : 0);
  return info;
}

std::span<const std::byte> Runner::tensor_bytes(int tensor) const {
  const Graph& graph = implementation_->structure();
  if (tensor < 0 || static_cast<size_t>(tensor) >= graph.values.size()) return {};
  TensorView view = implementation_->runner().value(tensor);
  if (view.data) return {view.data, view.bytes};
  return implementation_->state->model.constant(implementation_->graph, tensor);
}

Status Runner::resize(int i, std::span<const int64_t> shape) {
  ENSURE_CODE(ErrorCode::usage, implementation_->has_input(i), "there is no input ", i,
              "; the graph has ", input_count());
  Shape wanted(shape);
  for (int64_t extent : shape)
    ENSURE_CODE(ErrorCode::usage, extent >= 0, "the input ", quoted(input_name(i)),
                " cannot have the shape ", wanted);
  TRY(wanted.checked_elements().context(cat("while resizing the input ", quoted(input_name(i)))));
  int position = implementation_->positions[static_cast<size_t>(i)];
  implementation_->feed().shapes[static_cast<size_t>(position)] = std::move(wanted);
  return {};
}

Status Runner::prepare() { return implementation_->prepare(); }

std::span<std::byte> Runner::input_bytes(int i) {
  if (!implementation_->has_input(i)) return {};
  Status status = implementation_->prepare();
  if (!status) {
    implementation_->feed().problem = std::make_unique<Error>(std::move(status).error());
    return {};
  }
  TensorView view =
      implementation_->runner().value(implementation_->inputs[static_cast<size_t>(i)]);
  return {view.data, view.bytes};
}

std::span<const std::byte> Runner::output_bytes(int i) const {
  if (!implementation_->has_output(i)) return {};
  TensorView view = implementation_->output(i);
  return view.data ? std::span<const std::byte>(view.data, view.bytes)
                   : std::span<const std::byte>();
}

std::span<std::byte> Runner::checked_input(int i, ElementType wanted) {
  Interpreter::State::Feed& feed = implementation_->feed();
  auto fail = [&](std::string message) {
    Error error{.code = ErrorCode::usage, .message = std::move(message)};
    if (!feed.problem) feed.problem = std::make_unique<Error>(std::move(error));
    return std::span<std::byte>();
  };
  if (!implementation_->has_input(i))
    return fail(cat("there is no input ", i, "; the graph has ", input_count()));
  const Value& value =
      implementation_->structure().value(implementation_->inputs[static_cast<size_t>(i)]);
  if (public_type(value.type.dtype) != wanted) {
    return fail(cat("the input ", quoted(value.name), " holds elements of ",
                    name_of(public_type(value.type.dtype)), ", it was written as ",
                    name_of(wanted)));
  }
  return input_bytes(i);
}

std::span<const std::byte> Runner::checked_output(int i, ElementType wanted) const {
  if (!implementation_->has_output(i)) return {};
  const Value& value =
      implementation_->structure().value(implementation_->outputs[static_cast<size_t>(i)]);
  if (public_type(value.type.dtype) != wanted) return {};
  return output_bytes(i);
}

bool* Runner::size_mismatch(int i) {
  Interpreter::State::Feed& feed = implementation_->feed();
  const bool known = implementation_->has_input(i);
  return &feed.size_mismatch[known ? implementation_->positions[static_cast<size_t>(i)]
                                   : static_cast<int>(feed.shapes.size())];
}

int Runner::noted(Expected<int> index) {
  if (index) return *index;
  std::unique_ptr<Error>& problem = implementation_->feed().problem;
  if (!problem) problem = std::make_unique<Error>(std::move(index).error());
  return -1;
}

Status Runner::set_input(int i, std::span<const float> values) {
  ENSURE_CODE(ErrorCode::usage, implementation_->has_input(i), "there is no input ", i,
              "; the graph has ", input_count());
  TRY(implementation_->prepare());
  TensorView view =
      implementation_->runner().value(implementation_->inputs[static_cast<size_t>(i)]);
  return store_real(values, view).context(cat("while setting the input ", quoted(input_name(i))));
}

Expected<std::vector<float>> Runner::output_as_float(int i) const {
  ENSURE_CODE(ErrorCode::usage, implementation_->has_output(i), "there is no output ", i,
              "; the graph has ", output_count());
  TensorView view = implementation_->output(i);
  ENSURE_CODE(ErrorCode::usage, view.data, "the output ", quoted(output_name(i)),
              " has no value: run first");
  return load_real(view);
}

Status Runner::set_string_bytes(int i, std::span<const std::byte> bytes) {
  ENSURE_CODE(ErrorCode::usage, implementation_->has_input(i), "there is no input ", i,
              "; the graph has ", input_count());
  TRY(implementation_->prepare());
  ValueId id = implementation_->inputs[static_cast<size_t>(i)];
  const TensorType& type = *implementation_->runner().value(id).type;
  ENSURE_CODE(ErrorCode::usage, type.dtype == DType::string, "the input ", quoted(input_name(i)),
              " holds no strings but ", type.dtype);
  AlignedBuffer copy(bytes.size());
  ENSURE_CODE(ErrorCode::too_large, copy, "no memory for ", bytes.size(), " bytes of strings");
  std::copy(bytes.begin(), bytes.end(), copy.data());
  TRY(strings_of({&type, copy.data(), copy.size()}));
  return implementation_->runner().set_strings(implementation_->positions[static_cast<size_t>(i)],
                                               bytes);
}

Status Runner::set_strings(int i, std::span<const std::string> strings) {
  return set_string_bytes(i, string_bytes(strings));
}

Expected<std::vector<std::string>> Runner::output_strings(int i) const {
  ENSURE_CODE(ErrorCode::usage, implementation_->has_output(i), "there is no output ", i,
              "; the graph has ", output_count());
  TensorView view = implementation_->output(i);
  ENSURE_CODE(ErrorCode::usage, view.data && view.dtype() == DType::string, "the output ",
              quoted(output_name(i)), " holds no strings");
  std::vector<std::string> result;
  for (std::string_view text : TRY(strings_of(view))) result.emplace_back(text);
  return result;
}

/// Forgets what was wrong: each run reports it once.
Status Runner::Implementation::what_was_given() const {
  Interpreter::State::Feed& feed = this->feed();
  const std::unique_ptr<Error> problem = std::move(feed.problem);
  std::string wrong;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const size_t position = static_cast<size_t>(positions[i]);
    if (!feed.size_mismatch[position]) continue;
    wrong += cat(wrong.empty() ? "" : ", ", quoted(input_names[i]), " takes ",
                 feed.shapes[position].elements(), " elements ", text_of(feed.shapes[position]));
  }
  std::fill_n(feed.size_mismatch.get(), feed.shapes.size() + 1, false);
  if (problem) return *problem;
  ENSURE_CODE(ErrorCode::usage, wrong.empty(), "another number of elements was assigned: ", wrong);
  return {};
}

Status Runner::run() {
  Interpreter::State& state = *implementation_->state;
  const Status given = implementation_->what_was_given();
  if (!given) return given.error();
  TRY(implementation_->prepare());
  state.profile.clear();
  state.run_start = std::chrono::steady_clock::now();
  state.session->cancel(false);
  return state.session->run(implementation_->runner());
}

}  // namespace v1
}  // namespace wherry
