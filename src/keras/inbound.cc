// Reads the calls of layers in the notations of all dialects.
#include "keras/inbound.h"

namespace wherry::keras {
namespace {

constexpr std::string_view constant_marker = "_CONSTANT_VALUE";

bool is_index(const PyValue& value) { return value.is_integer() && value.integer() >= 0; }

/// [name, node, tensor], with further arguments behind in Keras 2.
bool looks_like_reference(const PyValue& value) {
  const std::vector<PyValue>& parts = value.items();
  bool sized = value.is_list() && (parts.size() == 3 || parts.size() == 4);
  return sized && parts[0].is_text() && is_index(parts[1]) && is_index(parts[2]) &&
         (parts.size() == 3 || parts[3].is_dict());
}

bool is_constant(const PyValue& value) {
  return value.is_list() && value.items().size() >= 3 && value.items()[0].text() == constant_marker;
}

Error malformed_call(const LayerRecord& layer) {
  return {
      .code = ErrorCode::malformed,
      .message = cat("the inputs of layer ", quoted(layer.name), " are written in no known way"),
      .received = layer.inbound.shown()};
}

}  // namespace

bool GraphCalls::is_reference(const PyValue& value) const {
  return looks_like_reference(value) && layer_names.count(value.items()[0].text()) > 0;
}

PyValue GraphCalls::refer(const PyValue& written) {
  const std::vector<PyValue>& parts = written.items();
  references.push_back({std::string(parts[0].text()), parts[1].integer(), parts[2].integer()});
  return PyValue::of(KerasTensor{static_cast<ValueId>(references.size() - 1)});
}

/// Replaces references inside arguments, however deep.
PyValue GraphCalls::with_references(const PyValue& value) {
  if (is_reference(value)) return refer(value);
  if (is_constant(value)) return value.items()[2];
  if (class_name_of(value) == "__keras_tensor__") {
    const PyValue& history = value.at("config").at("keras_history");
    return looks_like_reference(history) ? refer(history) : value;
  }
  if (value.is_list()) {
    std::vector<PyValue> items;
    items.reserve(value.items().size());
    for (const PyValue& item : value.items()) items.push_back(with_references(item));
    return PyValue::list(std::move(items));
  }
  if (!value.is_dict()) return value;
  std::vector<PyValue::Entry> entries;
  for (const auto& [key, item] : value.entries()) entries.emplace_back(key, with_references(item));
  return PyValue::dict(std::move(entries));
}

/// The first argument; further ones by name stand behind each tensor in it.
PyValue GraphCalls::older_input(const PyValue& written, LayerCall& call) {
  bool is_tensor = looks_like_reference(written);
  if (is_tensor || is_constant(written)) {
    const std::vector<PyValue>& parts = written.items();
    for (size_t i = 3; i < parts.size() && call.named.empty(); ++i) {
      for (const auto& [key, item] : parts[i].entries())
        call.named.emplace_back(key, without_wrappers(with_references(item)));
    }
    return is_tensor ? refer(written) : without_wrappers(parts[2]);
  }
  if (written.is_list()) {
    std::vector<PyValue> items;
    for (const PyValue& item : written.items()) items.push_back(older_input(item, call));
    return PyValue::list(std::move(items));
  }
  std::vector<PyValue::Entry> entries;
  for (const auto& [key, item] : written.entries())
    entries.emplace_back(key, older_input(item, call));
  return PyValue::dict(std::move(entries));
}

LayerCall GraphCalls::older_call(const PyValue& written) {
  LayerCall call;
  PyValue input = older_input(written, call);
  bool is_single = input.is_list() && input.items().size() == 1;
  call.positional.push_back(is_single ? PyValue(input.items()[0]) : std::move(input));
  return call;
}

Expected<LayerCall> GraphCalls::newer_call(const PyValue& written) {
  LayerCall call;
  for (const PyValue& argument : written.at("args").items())
    call.positional.push_back(without_wrappers(with_references(argument)));
  for (const auto& [key, argument] : written.at("kwargs").entries())
    call.named.emplace_back(key, without_wrappers(with_references(argument)));
  return call;
}

Expected<std::vector<LayerCall>> GraphCalls::calls_of(const LayerRecord& layer) {
  std::vector<LayerCall> calls;
  for (const PyValue& written : layer.inbound.items()) {
    if (written.is_dict() && written.find("args")) {
      calls.push_back(TRY(newer_call(written)));
    } else if (written.is_list() || written.is_dict()) {
      calls.push_back(older_call(written));
    } else {
      return malformed_call(layer);
    }
  }
  return calls;
}

Expected<std::vector<Reference>> GraphCalls::ends(const PyValue& written) const {
  std::vector<Reference> found;
  if (is_reference(written)) {
    const std::vector<PyValue>& parts = written.items();
    found.push_back({std::string(parts[0].text()), parts[1].integer(), parts[2].integer()});
    return found;
  }
  ENSURE_CODE(ErrorCode::malformed, written.is_list() || written.is_dict(),
              "the model's inputs or outputs name no layer: ", written.shown());
  for (const PyValue& item : written.items()) {
    for (Reference& reference : TRY(ends(item))) found.push_back(std::move(reference));
  }
  for (const auto& [key, item] : written.entries()) {
    for (Reference& reference : TRY(ends(item))) {
      if (is_reference(item)) reference.key = key;
      found.push_back(std::move(reference));
    }
  }
  return found;
}

}  // namespace wherry::keras
