// Values as Keras wrote them down.
#include "keras/py_value.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace wherry::keras {

struct PyValue::Body {
  std::string text;
  std::vector<PyValue> items;
  std::vector<Entry> entries;
};

PyValue PyValue::of(bool value) {
  PyValue result;
  result.kind_ = Kind::boolean;
  result.integer_ = value;
  return result;
}

PyValue PyValue::of(int64_t value) {
  PyValue result;
  result.kind_ = Kind::integer;
  result.integer_ = value;
  return result;
}

PyValue PyValue::of(double value) {
  PyValue result;
  result.kind_ = Kind::real;
  result.real_ = value;
  return result;
}

PyValue PyValue::of(std::string text) {
  PyValue result;
  result.kind_ = Kind::text;
  result.body_ = std::make_shared<Body>(Body{.text = std::move(text)});
  return result;
}

PyValue PyValue::of(KerasTensor tensor) {
  PyValue result;
  result.kind_ = Kind::tensor;
  result.integer_ = tensor.value;
  result.mask_ = tensor.mask;
  return result;
}

PyValue PyValue::list(std::vector<PyValue> items) {
  PyValue result;
  result.kind_ = Kind::list;
  result.body_ = std::make_shared<Body>(Body{.items = std::move(items)});
  return result;
}

PyValue PyValue::dict(std::vector<Entry> entries) {
  PyValue result;
  result.kind_ = Kind::dict;
  result.body_ = std::make_shared<Body>(Body{.entries = std::move(entries)});
  return result;
}

PyValue PyValue::slice(PyValue start, PyValue stop, PyValue step) {
  PyValue result = list({std::move(start), std::move(stop), std::move(step)});
  result.kind_ = Kind::slice;
  return result;
}

PyValue PyValue::ellipsis() {
  PyValue result;
  result.kind_ = Kind::ellipsis;
  return result;
}

bool PyValue::is_number() const {
  return kind_ == Kind::integer || kind_ == Kind::real || kind_ == Kind::boolean;
}

bool PyValue::has_integer() const {
  if (kind_ != Kind::real) return is_number();
  return std::abs(real_) < 0x1p53 && real_ == std::trunc(real_);
}

int64_t PyValue::integer() const {
  if (kind_ == Kind::real) return has_integer() ? static_cast<int64_t>(real_) : 0;
  return is_number() ? integer_ : 0;
}

double PyValue::real() const {
  if (kind_ == Kind::real) return real_;
  return is_number() ? static_cast<double>(integer_) : 0;
}

std::string_view PyValue::text() const {
  return kind_ == Kind::text ? std::string_view(body_->text) : std::string_view();
}

KerasTensor PyValue::tensor() const {
  CHECK(is_tensor());
  return {static_cast<ValueId>(integer_), mask_};
}

const std::vector<PyValue>& PyValue::items() const {
  static const std::vector<PyValue> nothing;
  return kind_ == Kind::list || kind_ == Kind::slice ? body_->items : nothing;
}

const std::vector<PyValue::Entry>& PyValue::entries() const {
  static const std::vector<Entry> nothing;
  return kind_ == Kind::dict ? body_->entries : nothing;
}

const PyValue* PyValue::find(std::string_view key) const {
  for (const Entry& entry : entries()) {
    if (entry.first == key) return &entry.second;
  }
  return nullptr;
}

const PyValue& PyValue::at(std::string_view key) const {
  static const PyValue nothing{};
  const PyValue* found = find(key);
  return found ? *found : nothing;
}

bool PyValue::operator==(const PyValue& other) const {
  if (is_number() && other.is_number()) return real() == other.real();
  if (kind_ != other.kind_) return false;
  if (kind_ == Kind::tensor) return integer_ == other.integer_;
  return text() == other.text() && items() == other.items() && entries() == other.entries();
}

void PyValue::show(std::string& out) const {
  constexpr size_t enough = 120;
  auto show_all = [&out](const auto& elements, char open, char close, auto show_one) {
    out += open;
    bool first = true;
    for (const auto& element : elements) {
      if (!first) out += ", ";
      first = false;
      if (out.size() > enough) break;
      show_one(element);
    }
    out += close;
  };
  auto show_item = [&out](const PyValue& item) { item.show(out); };
  switch (kind_) {
    case Kind::none:
      out += "None";
      return;
    case Kind::boolean:
      out += truth() ? "True" : "False";
      return;
    case Kind::integer:
      return append(out, integer_);
    case Kind::real:
      return append(out, real_);
    case Kind::text:
      out += wherry::quoted(body_->text.substr(0, enough));
      return;
    case Kind::list:
      return show_all(items(), '[', ']', show_item);
    case Kind::slice:
      out += "slice";
      return show_all(items(), '(', ')', show_item);
    case Kind::ellipsis:
      out += "...";
      return;
    case Kind::tensor:
      out += "<tensor>";
      return;
    case Kind::dict:
      return show_all(entries(), '{', '}', [&out](const Entry& entry) {
        out += cat(wherry::quoted(entry.first), ": ");
        entry.second.show(out);
      });
  }
}

std::string PyValue::shown() const {
  std::string out;
  show(out);
  if (out.size() > 160) out = out.substr(0, 157) + "...";
  return out;
}

PyValue from_json(const nlohmann::json& json) {
  using Type = nlohmann::json::value_t;
  switch (json.type()) {
    case Type::boolean:
      return PyValue::of(json.get<bool>());
    case Type::number_integer:
    case Type::number_unsigned:
      return PyValue::of(json.get<int64_t>());
    case Type::number_float:
      return PyValue::of(json.get<double>());
    case Type::string:
      return PyValue::of(json.get_ref<const std::string&>());
    case Type::array: {
      std::vector<PyValue> items;
      items.reserve(json.size());
      for (const nlohmann::json& item : json) items.push_back(from_json(item));
      return PyValue::list(std::move(items));
    }
    case Type::object: {
      std::vector<PyValue::Entry> entries;
      entries.reserve(json.size());
      for (const auto& [key, value] : json.items()) entries.emplace_back(key, from_json(value));
      return PyValue::dict(std::move(entries));
    }
    default:
      return {};
  }
}

std::string_view class_name_of(const PyValue& record) { return record.at("class_name").text(); }

namespace {

/// Keras before 2.2.3 wrote arrays with their type: {"type": "ndarray", "value": 6.0}.
bool is_array(const PyValue& value) {
  return value.entries().size() == 2 && value.at("type").text() == "ndarray" && value.find("value");
}

bool is_slice(const PyValue& value) {
  return value.entries().size() == 3 && value.find("start") && value.find("stop") &&
         value.find("step");
}

PyValue slice_of(const PyValue& parts) {
  return PyValue::slice(without_wrappers(parts.at("start")), without_wrappers(parts.at("stop")),
                        without_wrappers(parts.at("step")));
}

}  // namespace

PyValue without_wrappers(const PyValue& value) {
  if (value.is_list()) {
    std::vector<PyValue> items;
    items.reserve(value.items().size());
    for (const PyValue& item : value.items()) items.push_back(without_wrappers(item));
    return PyValue::list(std::move(items));
  }
  if (!value.is_dict()) return value;
  std::string_view name = class_name_of(value);
  const PyValue& config = value.at("config");
  if (name == "__ellipsis__") return PyValue::ellipsis();
  if (name == "__tuple__") return without_wrappers(value.at("items"));
  if (name == "__slice__") return slice_of(config);
  if (name == "__numpy__" || name == "__tensor__") return without_wrappers(config.at("value"));
  if (is_slice(value)) return slice_of(value);
  if (is_array(value)) return without_wrappers(value.at("value"));
  std::vector<PyValue::Entry> entries;
  for (const auto& [key, item] : value.entries()) entries.emplace_back(key, without_wrappers(item));
  return PyValue::dict(std::move(entries));
}

}  // namespace wherry::keras
