// Element types of tensors, their names and sizes; numbers are those of the .tflite format.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/half.h"

namespace wherry {

enum class DType : int8_t {
  f32 = 0,
  f16 = 1,
  i32 = 2,
  u8 = 3,
  i64 = 4,
  string = 5,
  boolean = 6,
  i16 = 7,
  c64 = 8,
  i8 = 9,
  f64 = 10,
  c128 = 11,
  u64 = 12,
  resource = 13,
  variant = 14,
  u32 = 15,
  u16 = 16,
  i4 = 17,
  bf16 = 18,
  i2 = 19,
  u4 = 20,
  f8e4m3 = 21,
  f8e5m2 = 22,
};
inline constexpr int dtype_count = 23;

/// Short name as in the text form: "f32", "i8", "bool", "string".
std::string_view name_of(DType dtype);
/// Name as in the .tflite schema: "FLOAT32", "INT8".
std::string_view schema_name_of(DType dtype);
std::optional<DType> dtype_named(std::string_view short_name);
inline void append(std::string& out, DType dtype) { out += name_of(dtype); }

/// Bits per element; 0 for string and variant, 32 for a resource handle.
int bits_of(DType dtype);
/// Bytes of a dense tensor of `elements` elements, sub-byte types packed; 0 for strings.
Expected<int64_t> byte_size(DType dtype, int64_t elements);

/// A set of element types, as a bit mask.
class TypeSet {
 public:
  constexpr TypeSet() = default;
  constexpr TypeSet(DType dtype) : bits_(uint32_t{1} << static_cast<int>(dtype)) {}
  constexpr bool contains(DType dtype) const { return bits_ >> static_cast<int>(dtype) & 1; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr TypeSet operator|(TypeSet other) const { return from_bits(bits_ | other.bits_); }
  bool operator==(const TypeSet&) const = default;

 private:
  static constexpr TypeSet from_bits(uint32_t bits) {
    TypeSet set;
    set.bits_ = bits;
    return set;
  }
  uint32_t bits_ = 0;
};
template <class... T>
constexpr TypeSet one_of(T... dtypes) {
  return (TypeSet(dtypes) | ...);
}
/// "f32, i8, i16": for messages and documentation.
std::string names_of(TypeSet set);

inline constexpr TypeSet quantized_types = one_of(DType::i8, DType::u8, DType::i16);
inline constexpr TypeSet float_types = one_of(DType::f32, DType::f16, DType::bf16, DType::f64);
inline constexpr TypeSet any_type =
    one_of(DType::f32, DType::f16, DType::i32, DType::u8, DType::i64, DType::string, DType::boolean,
           DType::i16, DType::c64, DType::i8, DType::f64, DType::c128, DType::u64, DType::resource,
           DType::variant, DType::u32, DType::u16, DType::i4, DType::bf16, DType::i2, DType::u4,
           DType::f8e4m3, DType::f8e5m2);

/// The DType whose elements are stored as T.
template <class T>
inline constexpr DType dtype_of = DType::variant;
template <>
inline constexpr DType dtype_of<float> = DType::f32;
template <>
inline constexpr DType dtype_of<double> = DType::f64;
template <>
inline constexpr DType dtype_of<half> = DType::f16;
template <>
inline constexpr DType dtype_of<bfloat16> = DType::bf16;
template <>
inline constexpr DType dtype_of<bool> = DType::boolean;
template <>
inline constexpr DType dtype_of<int8_t> = DType::i8;
template <>
inline constexpr DType dtype_of<uint8_t> = DType::u8;
template <>
inline constexpr DType dtype_of<int16_t> = DType::i16;
template <>
inline constexpr DType dtype_of<uint16_t> = DType::u16;
template <>
inline constexpr DType dtype_of<int32_t> = DType::i32;
template <>
inline constexpr DType dtype_of<uint32_t> = DType::u32;
template <>
inline constexpr DType dtype_of<int64_t> = DType::i64;
template <>
inline constexpr DType dtype_of<uint64_t> = DType::u64;
template <>
inline constexpr DType dtype_of<std::complex<float>> = DType::c64;
template <>
inline constexpr DType dtype_of<std::complex<double>> = DType::c128;

/// Calls f.template operator()<T>() for the T among Types that stores `dtype`; false when none
/// does.
template <class... Types, class F>
bool for_type(DType dtype, F&& f) {
  return ((dtype == dtype_of<Types> ? (f.template operator()<Types>(), true) : false) || ...);
}

/// As for_type, by element width alone: uint8_t, uint16_t, uint32_t, uint64_t or complex double;
/// for operators that only move elements. False for strings and sub-byte types.
template <class F>
bool for_width(DType dtype, F&& f) {
  switch (bits_of(dtype)) {
    case 8:
      f.template operator()<uint8_t>();
      return true;
    case 16:
      f.template operator()<uint16_t>();
      return true;
    case 32:
      f.template operator()<uint32_t>();
      return true;
    case 64:
      f.template operator()<uint64_t>();
      return true;
    case 128:
      f.template operator()<std::complex<double>>();
      return true;
    default:
      return false;
  }
}

}  // namespace wherry
