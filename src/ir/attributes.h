// Options of operators: one plain struct per operator in a type-erased immutable box, described by
// a field list that serves the file format, the text form, JSON and documentation alike.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ir/dtype.h"

namespace wherry {

using Bytes = std::vector<uint8_t>;

enum class Padding : int8_t { same = 0, valid = 1 };
enum class Activation : int8_t {
  none = 0,
  relu = 1,
  relu_n1_to_1 = 2,
  relu6 = 3,
  tanh = 4,
  sign_bit = 5
};

/// Words for the enumerators 0, 1, 2 ... of E in text, JSON and documentation: specialise for each
/// enumeration used as an attribute.
template <class E>
struct EnumNames;
template <>
struct EnumNames<Padding> {
  static constexpr std::string_view names[] = {"same", "valid"};
};
template <>
struct EnumNames<Activation> {
  static constexpr std::string_view names[] = {"none",  "relu", "relu_n1_to_1",
                                               "relu6", "tanh", "sign_bit"};
};

enum class FieldKind : uint8_t {
  boolean,
  int8,
  int32,
  int64,
  uint32,
  real,
  text,
  bytes,
  int32_list,
  int64_list,
  real_list,
  enumeration,
  dtype,
};

/// One option: its name, its vtable slot in the FlatBuffers option table, and where it stands in
/// the struct.
struct Field {
  std::string_view name;
  int slot;  ///< -1: not stored in the option table
  FieldKind kind;
  void* (*access)(void* attributes);
  std::span<const std::string_view> names = {};  ///< of an enumeration
  double absent = 0;  ///< the schema's default: what a missing scalar means in a file (the struct's
                      ///< own default is what makes sense when building a node)

  template <class T>
  T& in(void* attributes) const {
    return *static_cast<T*>(access(attributes));
  }
  template <class T>
  const T& in(const void* attributes) const {
    return *static_cast<const T*>(access(const_cast<void*>(attributes)));
  }
};

template <class T>
constexpr FieldKind field_kind() {
  if constexpr (std::is_same_v<T, bool>)
    return FieldKind::boolean;
  else if constexpr (std::is_same_v<T, DType>)
    return FieldKind::dtype;
  else if constexpr (std::is_enum_v<T>)
    return FieldKind::enumeration;
  else if constexpr (std::is_same_v<T, int8_t>)
    return FieldKind::int8;
  else if constexpr (std::is_same_v<T, int32_t>)
    return FieldKind::int32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return FieldKind::int64;
  else if constexpr (std::is_same_v<T, uint32_t>)
    return FieldKind::uint32;
  else if constexpr (std::is_same_v<T, float>)
    return FieldKind::real;
  else if constexpr (std::is_same_v<T, std::string>)
    return FieldKind::text;
  else if constexpr (std::is_same_v<T, Bytes>)
    return FieldKind::bytes;
  else if constexpr (std::is_same_v<T, std::vector<int32_t>>)
    return FieldKind::int32_list;
  else if constexpr (std::is_same_v<T, std::vector<int64_t>>)
    return FieldKind::int64_list;
  else if constexpr (std::is_same_v<T, std::vector<float>>)
    return FieldKind::real_list;
}

template <class Class, class T>
Class class_of_member(T Class::*);
template <class Class, class T>
T type_of_member(T Class::*);

/// field<&Softmax::beta>("beta", 0). Enumerations must be of underlying type int8_t.
template <auto Member>
constexpr Field field(std::string_view name, int slot, double absent = 0) {
  using Class = decltype(class_of_member(Member));
  using T = decltype(type_of_member(Member));
  Field result{name, slot, field_kind<T>(), [](void* attributes) -> void* {
                 return &(static_cast<Class*>(attributes)->*Member);
               }};
  result.absent = absent;
  if constexpr (std::is_enum_v<T> && !std::is_same_v<T, DType>) {
    static_assert(sizeof(T) == 1);
    result.names = EnumNames<T>::names;
  }
  return result;
}

/// How the options of one operator are made, compared and stored.
struct AttributesType {
  std::span<const Field> fields;
  int option_tag = 0;    ///< member of the union BuiltinOptions; 0: none
  int option_tag_2 = 0;  ///< member of the union BuiltinOptions2; 0: none
  std::shared_ptr<void> (*make)();
  std::shared_ptr<void> (*copy)(const void*);
  bool (*equal)(const void*, const void*);
};

/// `fields` is an array next to the struct: `constexpr Field softmax_fields[] = {...};`
template <class T>
constexpr AttributesType attributes_type(std::span<const Field> fields, int option_tag,
                                         int option_tag_2 = 0) {
  return {fields,
          option_tag,
          option_tag_2,
          [] { return std::shared_ptr<void>(std::make_shared<T>()); },
          [](const void* a) {
            return std::shared_ptr<void>(std::make_shared<T>(*static_cast<const T*>(a)));
          },
          [](const void* a, const void* b) {
            return *static_cast<const T*>(a) == *static_cast<const T*>(b);
          }};
}

/// Options of operators that have none.
struct NoAttributes {
  bool operator==(const NoAttributes&) const = default;
};
inline constexpr AttributesType no_attributes = attributes_type<NoAttributes>({}, 0);

/// An immutable box around one options struct; copies share it.
class Attributes {
 public:
  Attributes() = default;
  Attributes(const AttributesType& type, std::shared_ptr<const void> data)
      : type_(&type), data_(std::move(data)) {}
  template <class T>
  static Attributes of(const AttributesType& type, T value) {
    return {type, std::make_shared<T>(std::move(value))};
  }
  /// The defaults of `type`.
  static Attributes defaults(const AttributesType& type) { return {type, type.make()}; }

  template <class T>
  const T& as() const {
    return *static_cast<const T*>(data_.get());
  }
  const void* data() const { return data_.get(); }
  const AttributesType* type() const { return type_; }
  bool operator==(const Attributes& other) const {
    return type_ == other.type_ &&
           (data_ == other.data_ ||
            (data_ && other.data_ && type_->equal(data_.get(), other.data_.get())));
  }

 private:
  const AttributesType* type_ = nullptr;
  std::shared_ptr<const void> data_;
};

}  // namespace wherry
