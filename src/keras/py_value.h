// What Keras wrote down as configuration of a layer or arguments of a call, as Python had it.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/tensor_type.h"

namespace wherry::keras {

/// A tensor between layers: a value of the graph and, by number, the mask that goes with it.
struct KerasTensor {
  ValueId value = no_value;
  int mask = -1;  ///< see Masks; -1: every step counts
};

/// One value. Copies share their contents, which never change.
class PyValue {
 public:
  enum class Kind : uint8_t {
    none,
    boolean,
    integer,
    real,
    text,
    list,  ///< also tuples and arrays
    dict,
    slice,  ///< a list of start, stop and step
    ellipsis,
    tensor,
  };
  using Entry = std::pair<std::string, PyValue>;

  PyValue() = default;
  static PyValue of(bool value);
  static PyValue of(int64_t value);
  static PyValue of(double value);
  static PyValue of(std::string text);
  static PyValue of(const char* text) { return of(std::string(text)); }
  static PyValue of(KerasTensor tensor);
  static PyValue list(std::vector<PyValue> items);
  static PyValue dict(std::vector<Entry> entries);
  static PyValue slice(PyValue start, PyValue stop, PyValue step);
  static PyValue ellipsis();

  Kind kind() const { return kind_; }
  bool is_none() const { return kind_ == Kind::none; }
  bool is_text() const { return kind_ == Kind::text; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_dict() const { return kind_ == Kind::dict; }
  bool is_tensor() const { return kind_ == Kind::tensor; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  /// An integer, a real number or a truth value.
  bool is_number() const;

  bool truth() const { return integer_ != 0; }
  /// Of an integer, of a truth value, or of a real number without a fraction.
  int64_t integer() const;
  double real() const;
  bool has_integer() const;  ///< whether integer() loses nothing
  std::string_view text() const;
  KerasTensor tensor() const;
  /// Of a list or a slice.
  const std::vector<PyValue>& items() const;
  const std::vector<Entry>& entries() const;
  /// The value of a key in a dict; null when there is none, or this is no dict.
  const PyValue* find(std::string_view key) const;
  /// As find, but None in place of null.
  const PyValue& at(std::string_view key) const;

  /// As Python would print it, shortened: for messages.
  std::string shown() const;
  bool operator==(const PyValue& other) const;

 private:
  struct Body;
  void show(std::string& out) const;
  Kind kind_ = Kind::none;
  union {
    int64_t integer_ = 0;
    double real_;
  };
  int mask_ = -1;
  std::shared_ptr<const Body> body_;
};

/// Plain JSON: special classes stay dicts.
PyValue from_json(const nlohmann::json& json);

/// {"class_name": NAME, ...}: NAME, or nothing.
std::string_view class_name_of(const PyValue& record);
/// Turns Keras' written forms of slices, tuples, arrays and the like into what they stand for.
PyValue without_wrappers(const PyValue& value);

}  // namespace wherry::keras
