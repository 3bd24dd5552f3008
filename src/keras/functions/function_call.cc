// Arguments of a function's call, as numbers and as tensors.
#include "keras/functions/function_call.h"

#include <algorithm>

#include "keras/constant_arguments.h"

namespace wherry::keras {
namespace {

std::string_view first_of(std::string_view names) { return names.substr(0, names.find('|')); }

}  // namespace

std::optional<DType> dtype_of_name(std::string_view name) {
  if (name.starts_with("tf.")) name.remove_prefix(3);
  if (name.starts_with("float") || name.starts_with("bfloat") || name == "half" || name == "double")
    return DType::f32;
  constexpr std::pair<std::string_view, DType> known[] = {
      {"int8", DType::i8},    {"int16", DType::i16},    {"int32", DType::i32},
      {"int64", DType::i64},  {"uint8", DType::u8},     {"uint16", DType::u16},
      {"uint32", DType::u32}, {"bool", DType::boolean}, {"int", DType::i32}};
  for (const auto& [word, dtype] : known) {
    if (name == word) return dtype;
  }
  return std::nullopt;
}

std::optional<DType> written_dtype(const PyValue& value) {
  if (value.is_text()) return dtype_of_name(value.text());
  const PyValue& config = value.at("config");
  if (config.is_text()) return dtype_of_name(config.text());
  return dtype_of_name(config.at("name").text());
}

DType joint_dtype(DType a, DType b) {
  if (a == b || b == DType::boolean) return a;
  if (a == DType::boolean) return b;
  if (a == DType::f32 || b == DType::f32) return DType::f32;
  auto is_signed = [](DType dtype) {
    return dtype == DType::i8 || dtype == DType::i16 || dtype == DType::i32 || dtype == DType::i64;
  };
  DType wider = bits_of(a) >= bits_of(b) ? a : b, other = wider == a ? b : a;
  if (is_signed(wider) == is_signed(other)) return wider;
  if (is_signed(wider) && bits_of(wider) > bits_of(other)) return wider;
  int bits = std::max(bits_of(wider), 2 * bits_of(is_signed(wider) ? other : wider));
  return bits <= 16 ? DType::i16 : bits == 32 ? DType::i32 : DType::i64;
}

const PyValue* FunctionCall::find(std::string_view name) const {
  const PyValue* found = use_.config.find(name);
  if (const PyValue* named = use_.call.find_named(name)) found = named;
  if (found) read_.insert(found);
  return found;
}

const PyValue& FunctionCall::argument(std::string_view names, int place) const {
  static const PyValue nothing{};
  const PyValue* best = nullptr;
  for (std::string_view name : wherry::split(names, '|')) {
    const PyValue* found = find(name);
    if (found && (!best || best->is_none())) best = found;
  }
  bool placed = place >= 0 && static_cast<size_t>(place) < use_.call.positional.size();
  if (placed && (!best || best->is_none())) {
    best = &use_.call.positional[static_cast<size_t>(place)];
    read_.insert(best);
  }
  return best ? *best : nothing;
}

Status FunctionCall::only(std::string_view names, const PyValue& value) const {
  const PyValue& given = argument(names);
  if (given.is_none() || given == value) return {};
  return unsupported_argument(names, given);
}

Status FunctionCall::all_were_read() const {
  constexpr std::string_view always[] = {"name", "trainable", "dtype", "function"};
  auto check = [&](std::string_view name, const PyValue& value, bool own) -> Status {
    bool common = own ? name == "name" : std::count(std::begin(always), std::end(always), name);
    if (common || value.is_none() || read_.count(&value)) return {};
    return unsupported_argument(name, value);
  };
  for (const auto& [name, value] : use_.call.named) TRY(check(name, value, true));
  for (const auto& [name, value] : use_.config.entries()) TRY(check(name, value, use_.newer));
  for (size_t i = 0; i < use_.call.positional.size(); ++i)
    TRY(check(cat("argument ", i), use_.call.positional[i], true));
  return {};
}

/// Tensors inside whose values are known turned into these.
PyValue FunctionCall::known_value(const PyValue& value) const {
  if (value.is_list()) {
    std::vector<PyValue> items;
    for (const PyValue& item : value.items()) items.push_back(known_value(item));
    return PyValue::list(std::move(items));
  }
  if (!value.is_tensor()) return value;
  ValueId id = value.tensor().value;
  bool is_integer = dtype(id) == DType::i32 || dtype(id) == DType::i64;
  if (!is_integer || shape(id).rank() > 1) return value;
  auto values = graph_->builder.known_integers(id);
  if (!values || (*values)[0] != (*values)[1]) return value;
  if (shape(id).rank() == 0) return PyValue::of((*values)[0][0]);
  std::vector<PyValue> items;
  for (int64_t number : (*values)[0]) items.push_back(PyValue::of(number));
  return PyValue::list(std::move(items));
}

std::optional<int64_t> FunctionCall::known_integer(const PyValue& value) const {
  PyValue known = known_value(value);
  if (known.is_number() && known.has_integer()) return known.integer();
  return std::nullopt;
}

Expected<PyValue> FunctionCall::known(std::string_view names, int place) const {
  PyValue value = known_value(argument(names, place));
  if (!holds_tensor(value)) return value;
  return unsupported(cat("the argument ", quoted(first_of(names)),
                         " is computed by the model, but must be known before it runs"),
                     value.shown(), "give it as a number");
}

Error FunctionCall::wrong_kind(std::string_view names, const PyValue& value,
                               std::string_view expected) const {
  return {.code = ErrorCode::invalid_model,
          .message = cat("the argument ", quoted(first_of(names)), " of the function should be ",
                         expected),
          .where = place_of(origin_),
          .received = value.shown()};
}

Expected<int64_t> FunctionCall::integer(std::string_view names, int place,
                                        std::optional<int64_t> absent) const {
  PyValue value = TRY(known(names, place));
  if (value.is_none() && absent) return *absent;
  if (value.is_list() && value.items().size() == 1) value = PyValue(value.items()[0]);
  if (!value.is_number() || !value.has_integer()) return wrong_kind(names, value, "a whole number");
  return value.integer();
}

Expected<double> FunctionCall::real(std::string_view names, int place,
                                    std::optional<double> absent) const {
  PyValue value = TRY(known(names, place));
  if (value.is_none() && absent) return *absent;
  if (!value.is_number()) return wrong_kind(names, value, "a number");
  return value.real();
}

Expected<bool> FunctionCall::flag(std::string_view names, bool absent, int place) const {
  PyValue value = TRY(known(names, place));
  if (value.is_none()) return absent;
  if (!value.is_number()) return wrong_kind(names, value, "True or False");
  return value.real() != 0;
}

Expected<std::string> FunctionCall::text(std::string_view names, std::string_view absent,
                                         int place) const {
  const PyValue& value = argument(names, place);
  if (value.is_none()) return std::string(absent);
  if (!value.is_text()) return wrong_kind(names, value, "a word");
  return std::string(value.text());
}

Expected<std::vector<int64_t>> FunctionCall::integers(std::string_view names, int place) const {
  PyValue value = TRY(known(names, place));
  std::vector<int64_t> numbers;
  if (value.is_none()) return numbers;
  std::vector<PyValue> items = value.is_list() ? value.items() : std::vector<PyValue>{value};
  for (const PyValue& item : items) {
    if (!item.is_number() || !item.has_integer()) return wrong_kind(names, value, "whole numbers");
    numbers.push_back(item.integer());
  }
  return numbers;
}

Expected<std::vector<int64_t>> FunctionCall::sizes(std::string_view names, int count,
                                                   std::optional<int64_t> absent) const {
  std::vector<int64_t> numbers = TRY(integers(names));
  if (numbers.empty() && absent) numbers.push_back(*absent);
  if (numbers.size() == 1) numbers.resize(static_cast<size_t>(count), numbers[0]);
  bool small = std::all_of(numbers.begin(), numbers.end(), [](int64_t number) {
    return number >= 0 && number <= (int64_t{1} << 30);
  });
  if (numbers.size() == static_cast<size_t>(count) && small) return numbers;
  return wrong_kind(names, argument(names), cat(count, " sizes"));
}

Expected<std::vector<int64_t>> FunctionCall::axes(std::string_view names, ValueId x) const {
  std::vector<int64_t> resolved;
  if (!has(names)) {
    for (int i = 0; i < rank(x); ++i) resolved.push_back(i);
    return resolved;
  }
  for (int64_t at : TRY(integers(names))) resolved.push_back(TRY(axis(at, x)));
  std::sort(resolved.begin(), resolved.end());
  ENSURE(std::unique(resolved.begin(), resolved.end()) == resolved.end(),
         "an axis is named twice: ", argument(names).shown());
  return resolved;
}

Expected<DType> FunctionCall::dtype_argument(std::string_view names, DType absent,
                                             int place) const {
  const PyValue& value = argument(names, place);
  if (value.is_none()) return absent;
  std::optional<DType> dtype = written_dtype(value);
  if (dtype) return *dtype;
  return unsupported("the element type has no counterpart", value.shown());
}

Expected<ValueId> FunctionCall::constant_of(const PyValue& value, std::optional<DType> dtype) {
  if (value.is_tensor()) {
    ValueId id = value.tensor().value;
    return dtype ? cast(id, *dtype) : Expected<ValueId>(id);
  }
  if (value.is_list() && holds_tensor(value)) {
    std::vector<ValueId> parts;
    std::optional<DType> joint = dtype;
    for (const PyValue& item : value.items()) parts.push_back(TRY(constant_of(item)));
    for (size_t i = 0; i < parts.size() && !dtype; ++i) {
      bool is_weak = !holds_tensor(value.items()[i]);
      if (!is_weak || !joint) joint = this->dtype(parts[i]);
    }
    for (ValueId& part : parts) part = TRY(cast(part, *joint));
    return stack(parts, 0);
  }
  return constant_of_numbers(*this, value, dtype);
}

Expected<ValueId> FunctionCall::tensor(std::string_view names, int place) {
  const PyValue& value = argument(names, place);
  if (value.is_none()) return wrong_kind(names, value, "a tensor");
  return constant_of(value);
}

Expected<ValueId> FunctionCall::tensor_like(std::string_view names, int place, DType dtype) {
  const PyValue& value = argument(names, place);
  if (value.is_none()) return wrong_kind(names, value, "a tensor");
  return constant_of(value, dtype);
}

Expected<ValueId> FunctionCall::first() {
  constexpr std::string_view names =
      "x|input|inputs|tensor|input_tensor|features|logits|value|values|images|image|a|variable|"
      "array|input_|t|data|matrix|params";
  if (use_.call.positional.empty()) return tensor(names, -1);
  read_.insert(&use_.call.positional[0]);
  ENSURE(!use_.call.positional[0].is_none(), "the function is called without a tensor");
  return constant_of(use_.call.positional[0]);
}

Expected<std::vector<ValueId>> FunctionCall::tensors(std::string_view names, int place) {
  const PyValue& value = argument(names, place);
  std::vector<ValueId> parts;
  if (value.is_none()) return wrong_kind(names, value, "a list of tensors");
  if (!value.is_list()) return std::vector<ValueId>{TRY(constant_of(value))};
  std::optional<DType> joint, weak;
  for (const PyValue& item : value.items()) {
    ValueId part = TRY(constant_of(item));
    std::optional<DType>& meeting = holds_tensor(item) ? joint : weak;
    meeting = meeting ? joint_dtype(*meeting, dtype(part)) : dtype(part);
    parts.push_back(part);
  }
  ENSURE(!parts.empty(), "the function is called with an empty list");
  for (ValueId& part : parts) part = TRY(cast(part, joint ? *joint : *weak));
  return parts;
}

Expected<FunctionCall::Operands> FunctionCall::operands(std::string_view a, std::string_view b) {
  const PyValue &first = argument(a, 0), &second = argument(b, 1);
  if (first.is_none()) return wrong_kind(a, first, "a tensor");
  if (second.is_none()) return wrong_kind(b, second, "a tensor");
  return met(first, second);
}

Expected<FunctionCall::Operands> FunctionCall::met(const PyValue& first, const PyValue& second) {
  Operands both{TRY(constant_of(first)), TRY(constant_of(second))};
  DType left = dtype(both.a), right = dtype(both.b);
  // Numbers take the type of the tensor they meet; only fractions make floats of integers.
  auto meets = [this](DType tensor, DType number) {
    bool widens = use_.newer && (number == DType::f32 || tensor == DType::boolean);
    return widens ? joint_dtype(tensor, number) : tensor;
  };
  DType joint = joint_dtype(left, right);
  if (!holds_tensor(second) && holds_tensor(first)) joint = meets(left, right);
  if (!holds_tensor(first) && holds_tensor(second)) joint = meets(right, left);
  both.a = TRY(constant_of(first, joint));
  both.b = TRY(constant_of(second, joint));
  return both;
}

Expected<FunctionCall::Operands> FunctionCall::float_operands(std::string_view a,
                                                              std::string_view b) {
  return Operands{TRY(tensor_like(a, 0, DType::f32)), TRY(tensor_like(b, 1, DType::f32))};
}

Expected<ValueId> FunctionCall::integer_tensor(const PyValue& written) {
  PyValue value = known_value(written);
  if (value.is_number()) value = PyValue::list({value});
  ValueId made = TRY(constant_of(value, DType::i32));
  if (rank(made) == 0) return reshape(made, {Extent(1)});
  ENSURE(rank(made) == 1, "a list of numbers is expected, but the shape is ", text_of(shape(made)));
  return made;
}

Error FunctionCall::unsupported(std::string message, std::string received,
                                std::string advice) const {
  return Error{.code = ErrorCode::unsupported,
               .message = std::move(message),
               .where = place_of(origin_),
               .received = std::move(received),
               .advice = std::move(advice)};
}

Error FunctionCall::unsupported_argument(std::string_view names, const PyValue& value) const {
  return unsupported(
      cat("this value of the argument ", quoted(first_of(names)), " is not supported"),
      value.shown());
}

}  // namespace wherry::keras
