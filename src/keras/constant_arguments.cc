// Makes tensors of what a layer is called with.
#include "keras/constant_arguments.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// Shape and elements of nested lists.
struct Nested {
  Shape shape;
  std::vector<double> elements;
  DType dtype = DType::boolean;

  /// False when the lists are ragged or hold something else than numbers.
  bool add(const PyValue& value, int depth = 0) {
    if (value.is_number()) {
      if (depth != shape.rank()) return false;
      if (value.kind() == PyValue::Kind::real) dtype = DType::f32;
      if (value.is_integer() && dtype == DType::boolean) dtype = DType::i32;
      if (value.is_integer() && value.integer() != static_cast<int32_t>(value.integer()))
        dtype = dtype == DType::f32 ? dtype : DType::i64;
      elements.push_back(value.real());
      return true;
    }
    if (!value.is_list()) return false;
    int64_t size = static_cast<int64_t>(value.items().size());
    if (depth == shape.rank() && elements.empty()) shape.push_back(size);
    if (depth >= shape.rank() || shape[depth] != size) return false;
    return std::all_of(value.items().begin(), value.items().end(),
                       [&](const PyValue& item) { return add(item, depth + 1); });
  }
};

/// The number without its fraction, within the range of int64; 0 for what is no number.
int64_t whole(double number) {
  constexpr double beyond = 9223372036854775808.0;
  if (number >= beyond) return std::numeric_limits<int64_t>::max();
  return number >= -beyond ? static_cast<int64_t>(number)
         : number < 0      ? std::numeric_limits<int64_t>::min()
                           : 0;
}

template <class T>
Constant constant_data(const std::vector<double>& elements) {
  using Stored = std::conditional_t<std::is_same_v<T, bool>, uint8_t, T>;
  std::vector<Stored> stored;
  stored.reserve(elements.size());
  for (double element : elements) {
    if constexpr (std::is_same_v<T, bool>)
      stored.push_back(element != 0);
    else if constexpr (std::is_floating_point_v<T>)
      stored.push_back(static_cast<T>(element));
    else
      stored.push_back(static_cast<T>(whole(element)));
  }
  return Constant::of(std::move(stored));
}

bool is_array(const PyValue& value) {
  Nested nested;
  return value.is_list() && nested.add(value) && !nested.elements.empty();
}

Expected<PyValue> made_tensor(Emitter& emitter, const PyValue& numbers) {
  return PyValue::of(KerasTensor{TRY(constant_of_numbers(emitter, numbers))});
}

/// The argument with tensors in place of its arrays, and of the numbers in a list with tensors.
Expected<PyValue> completed(Emitter& emitter, const PyValue& argument) {
  if (is_array(argument)) return made_tensor(emitter, argument);
  if (!argument.is_list() || !holds_tensor(argument)) return argument;
  std::vector<PyValue> items;
  for (const PyValue& item : argument.items()) {
    bool is_number = item.is_number() || is_array(item);
    items.push_back(is_number ? TRY(made_tensor(emitter, item)) : item);
  }
  return PyValue::list(std::move(items));
}

/// What Keras' own layers call their first argument.
constexpr std::string_view first_names[] = {"inputs",   "x",      "query", "sequences",
                                            "sequence", "images", "data"};

void place_first(LayerCall& call) {
  if (!call.positional.empty()) return;
  for (std::string_view name : first_names) {
    const PyValue* given = call.find_named(name);
    if (!given || !holds_tensor(*given)) continue;
    call.positional.push_back(*given);
    std::erase_if(call.named, [&](const PyValue::Entry& entry) { return entry.first == name; });
    return;
  }
}

}  // namespace

bool holds_tensor(const PyValue& value) {
  if (value.is_tensor()) return true;
  return std::any_of(value.items().begin(), value.items().end(), holds_tensor);
}

Expected<ValueId> constant_of_numbers(Emitter& emitter, const PyValue& value,
                                      std::optional<DType> dtype) {
  Nested nested;
  if (!nested.add(value))
    return Error{.code = ErrorCode::unsupported,
                 .message = "an argument is no tensor and no list of numbers",
                 .where = place_of(emitter.origin()),
                 .received = value.shown()};
  DType stored = dtype.value_or(nested.dtype);
  std::optional<Constant> data;
  for_type<float, int32_t, int64_t, int8_t, uint8_t, int16_t, uint16_t, uint32_t, bool>(
      stored, [&]<class T>() { data = constant_data<T>(nested.elements); });
  ENSURE_CODE(ErrorCode::unsupported, data.has_value(), "a constant of type ", stored,
              " is not supported");
  return emitter.shared_constant("constant", {stored, nested.shape, {}, {}}, std::move(*data));
}

Status complete_arguments(Emitter& emitter, LayerCall& call) {
  for (PyValue& argument : call.positional) argument = TRY(completed(emitter, argument));
  for (auto& [name, argument] : call.named) argument = TRY(completed(emitter, argument));
  place_first(call);
  return {};
}

}  // namespace wherry::keras
