// Orders the calls of layers by what they need, imports each, and keeps its results for others.
#include "keras/model_import.h"

#include <algorithm>
#include <queue>

namespace wherry::keras {
namespace {

/// What stands in for results when the reasons are in the state already.
Error refused() { return {.code = ErrorCode::unsupported, .message = ""}; }

}  // namespace

Status ModelImport::load() {
  layers_ = TRY(layers_of(model_, state_.dialect()));
  scopes_ = scopes_of(layers_, scope_);
  for (size_t i = 0; i < layers_.size(); ++i) {
    ENSURE_CODE(ErrorCode::malformed, layer_index_.emplace(layers_[i].name, i).second,
                "two layers are called ", quoted(layers_[i].name));
    calls_.layer_names.insert(layers_[i].name);
  }
  return {};
}

Expected<ModelResults> ModelImport::run(const LayerCall& call) {
  TRY(load());
  if (!model_.is_graph()) return run_sequence(call);
  return run_graph(TRY(bound_inputs(call)));
}

Expected<ModelResults> ModelImport::run_outermost() {
  TRY(load());
  if (!model_.is_graph()) {
    LayerRecord input = layers_[0].is_input() ? layers_[0] : TRY(implied_input());
    KerasTensor tensor = TRY(graph_input(input));
    return run_sequence({.positional = {PyValue::of(tensor)}});
  }
  std::vector<KerasTensor> inputs;
  for (const Reference& reference : TRY(calls_.ends(model_.config.at("input_layers"))))
    inputs.push_back(TRY(graph_input(layers_[layer_index_.at(reference.layer)])));
  return run_graph(inputs);
}

Expected<ModelResults> ModelImport::run_sequence(const LayerCall& outer) {
  LayerCall call = outer;
  std::vector<KerasTensor> results = call.inputs();
  bool failed = false;
  std::string last;
  for (size_t i = 0; i < layers_.size(); ++i) {
    const LayerRecord& layer = layers_[i];
    if (layer.is_input()) continue;
    last = layer.name;
    std::string path = joined_path(path_, layer.name);
    failed = failed || state_.refused.count(path);
    if (failed) continue;
    auto made = import_call(state_, graph_, layer, std::move(call), scopes_[i], path);
    if (!made) {
      state_.refuse({path, layer.class_name}, std::move(made).error());
      failed = true;
      continue;
    }
    results = made->tensors;
    std::vector<PyValue> items;
    for (KerasTensor tensor : results) items.push_back(PyValue::of(tensor));
    call = {.positional = {items.size() == 1 ? items[0] : PyValue::list(std::move(items))}};
  }
  if (failed) return refused();
  return ModelResults{results, std::vector<std::string>(results.size(), last)};
}

// A Functional model has a call of its own, from its inputs to its outputs, in front of those in
// the file. Keras 1 and 2 count it; Keras 3 counts it only where outputs are listed.
int64_t ModelImport::first_node(const LayerRecord& layer, bool at_end) const {
  if (!layer.is_model()) return 0;
  if (state_.dialect() == Dialect::keras3) return at_end && layer.is_graph() ? 1 : 0;
  return counted_from_one_.count(layer.name) ? 1 : 0;
}

Expected<size_t> ModelImport::use_of(const Reference& reference, bool at_end) const {
  auto found = layer_index_.find(reference.layer);
  ENSURE_CODE(ErrorCode::malformed, found != layer_index_.end(), "the model has no layer ",
              quoted(reference.layer), ", which others refer to");
  const std::vector<size_t>& uses = uses_of_layer_[found->second];
  int64_t index = reference.node - first_node(layers_[found->second], at_end);
  ENSURE_CODE(ErrorCode::malformed, index >= 0 && static_cast<size_t>(index) < uses.size(),
              "the model refers to call ", reference.node, " of layer ", quoted(reference.layer),
              ", which has ", uses.size(), " calls");
  return uses[static_cast<size_t>(index)];
}

Status ModelImport::add_uses() {
  uses_of_layer_.resize(layers_.size());
  for (size_t i = 0; i < layers_.size(); ++i) {
    std::vector<LayerCall> calls = TRY(calls_.calls_of(layers_[i]));
    if (layers_[i].is_input()) calls.resize(1);
    for (LayerCall& call : calls) {
      uses_of_layer_[i].push_back(uses_.size());
      uses_.push_back({.layer = i, .call = std::move(call)});
    }
  }
  return {};
}

/// Collects the references in a value.
static void collect(const PyValue& value, std::vector<size_t>& found) {
  if (value.is_tensor()) found.push_back(static_cast<size_t>(value.tensor().value));
  for (const PyValue& item : value.items()) collect(item, found);
  for (const auto& [key, item] : value.entries()) collect(item, found);
}

Status ModelImport::join_uses() {
  for (size_t i = 0; i < uses_.size(); ++i) {
    std::vector<size_t> needed;
    for (const PyValue& argument : uses_[i].call.positional) collect(argument, needed);
    for (const auto& [key, argument] : uses_[i].call.named) collect(argument, needed);
    for (size_t reference : needed) {
      size_t source = TRY(use_of(calls_.references[reference], false));
      uses_[source].readers.push_back(i);
      ++uses_[i].waiting_for;
    }
  }
  return {};
}

Status ModelImport::run_uses() {
  // Of those that are ready the first in the file comes first.
  std::priority_queue<size_t, std::vector<size_t>, std::greater<>> ready;
  for (size_t i = 0; i < uses_.size(); ++i) {
    if (uses_[i].waiting_for == 0) ready.push(i);
  }
  size_t count = 0;
  while (!ready.empty()) {
    size_t i = ready.top();
    ready.pop();
    ++count;
    if (!uses_[i].done) run_use(uses_[i]);
    for (size_t reader : uses_[i].readers) {
      if (--uses_[reader].waiting_for == 0) ready.push(reader);
    }
  }
  ENSURE_CODE(ErrorCode::malformed, count == uses_.size(),
              "layers of the model need each other's results in a circle");
  return {};
}

std::optional<PyValue> ModelImport::resolved(const PyValue& value) const {
  if (value.is_tensor()) {
    const Reference& reference = calls_.references[static_cast<size_t>(value.tensor().value)];
    auto source = use_of(reference, false);
    CHECK(static_cast<bool>(source));  // join_uses looked at all of them
    const Use& use = uses_[*source];
    if (use.failed || static_cast<size_t>(reference.tensor) >= use.results.size())
      return std::nullopt;
    return PyValue::of(use.results[static_cast<size_t>(reference.tensor)]);
  }
  bool is_slice = value.kind() == PyValue::Kind::slice;
  if (value.is_list() || is_slice) {
    std::vector<PyValue> items;
    for (const PyValue& item : value.items()) {
      auto made = resolved(item);
      if (!made) return std::nullopt;
      items.push_back(std::move(*made));
    }
    return is_slice ? PyValue::slice(items[0], items[1], items[2]) : PyValue::list(items);
  }
  if (!value.is_dict()) return value;
  std::vector<PyValue::Entry> entries;
  for (const auto& [key, item] : value.entries()) {
    auto made = resolved(item);
    if (!made) return std::nullopt;
    entries.emplace_back(key, std::move(*made));
  }
  return PyValue::dict(std::move(entries));
}

bool ModelImport::resolve(LayerCall& call) const {
  for (PyValue& argument : call.positional) {
    auto made = resolved(argument);
    if (!made) return false;
    argument = std::move(*made);
  }
  for (auto& [key, argument] : call.named) {
    auto made = resolved(argument);
    if (!made) return false;
    argument = std::move(*made);
  }
  return true;
}

void ModelImport::run_use(Use& use) {
  const LayerRecord& layer = layers_[use.layer];
  std::string path = joined_path(path_, layer.name);
  use.done = true;
  use.failed = state_.refused.count(path) || !resolve(use.call);
  if (use.failed) return;
  auto made = import_call(state_, graph_, layer, use.call, scopes_[use.layer], path);
  use.failed = !made;
  if (made)
    use.results = std::move(made->tensors);
  else
    state_.refuse({path, layer.class_name}, std::move(made).error());
}

Expected<ModelResults> ModelImport::run_graph(const std::vector<KerasTensor>& inputs) {
  TRY(add_uses());
  std::vector<Reference> ends = TRY(calls_.ends(model_.config.at("output_layers")));
  std::set<std::string> counted_from_zero;
  std::vector<Reference> all = ends;
  all.insert(all.end(), calls_.references.begin(), calls_.references.end());
  for (const Reference& reference : all) {
    if (reference.node == 0) counted_from_zero.insert(reference.layer);
  }
  for (const LayerRecord& layer : layers_) {
    if (layer.is_model() && !counted_from_zero.count(layer.name))
      counted_from_one_.insert(layer.name);
  }
  TRY(join_uses());
  std::vector<Reference> begins = TRY(calls_.ends(model_.config.at("input_layers")));
  ENSURE(begins.size() == inputs.size(), "the model has ", begins.size(),
         " inputs, but is called with ", inputs.size());
  for (size_t i = 0; i < begins.size(); ++i) {
    Use& use = uses_[TRY(use_of(begins[i], false))];
    use.results = {inputs[i]};
    use.done = true;
  }
  for (Use& use : uses_) {
    bool unfed = layers_[use.layer].is_input() && !use.done;
    if (unfed) use.done = use.failed = true;
  }
  TRY(run_uses());
  ModelResults results;
  for (const Reference& reference : ends) {
    const Use& use = uses_[TRY(use_of(reference, true))];
    if (use.failed) return refused();
    ENSURE_CODE(ErrorCode::malformed, static_cast<size_t>(reference.tensor) < use.results.size(),
                "layer ", quoted(reference.layer), " has no result ", reference.tensor);
    results.tensors.push_back(use.results[static_cast<size_t>(reference.tensor)]);
    results.names.push_back(reference.name());
  }
  return results;
}

Expected<std::vector<KerasTensor>> ModelImport::bound_inputs(const LayerCall& call) const {
  const PyValue nothing{};
  const PyValue& given = call.positional.empty() ? nothing : call.positional[0];
  const PyValue& written = model_.config.at("input_layers");
  std::vector<Reference> begins = TRY(calls_.ends(written));
  if (!given.is_dict()) return call.inputs();
  std::vector<KerasTensor> inputs;
  for (size_t i = 0; i < begins.size(); ++i) {
    std::string key = written.is_dict() && i < written.entries().size() ? written.entries()[i].first
                                                                        : begins[i].layer;
    const PyValue* tensor = given.find(key);
    if (!tensor) tensor = given.find(begins[i].layer);
    ENSURE(tensor && tensor->is_tensor(), "the model is called without its input ", quoted(key));
    inputs.push_back(tensor->tensor());
  }
  return inputs;
}

}  // namespace wherry::keras
