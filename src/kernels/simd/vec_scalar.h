// Plain C++ as the vector type of kernel templates: one float. It judges all the others.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/half.h"

namespace wherry::kernels::scalar {

/// sum plus the products of both halves of left and right as int16, wrapping as 32 bits.
inline int32_t add_pairs(int32_t sum, int32_t left, int32_t right) {
  const int32_t low = int32_t{static_cast<int16_t>(left)} * static_cast<int16_t>(right);
  return static_cast<int32_t>(uint32_t(sum) + uint32_t(low) +
                              uint32_t((left >> 16) * (right >> 16)));
}

struct Wide {
  using Vec = float;
  using Int = int32_t;
  static constexpr size_t lanes = 1;

  static Vec zero() { return 0; }
  static Vec set(float x) { return x; }
  static Vec load(const float* p) { return *p; }
  static void store(float* p, Vec x) { *p = x; }
  static Vec load_first(const float* p, size_t n) { return n ? *p : 0; }
  static void store_first(float* p, Vec x, size_t n) {
    if (n) *p = x;
  }
  static Vec add(Vec a, Vec b) { return a + b; }
  static Vec sub(Vec a, Vec b) { return a - b; }
  static Vec mul(Vec a, Vec b) { return a * b; }
  static Vec div(Vec a, Vec b) { return a / b; }
  /// The second operand wins when one is not a number.
  static Vec min(Vec a, Vec b) { return a < b ? a : b; }
  static Vec max(Vec a, Vec b) { return a > b ? a : b; }
  /// a * b + c, rounded twice: fused multiply-add in software would be very slow.
  static Vec fma(Vec a, Vec b, Vec c) { return a * b + c; }
  static Vec sqrt(Vec x) { return __builtin_sqrtf(x); }
  static Vec abs(Vec x) { return __builtin_fabsf(x); }
  /// x >= 0 ? a : b; b when x is not a number.
  static Vec if_not_negative(Vec x, Vec a, Vec b) { return x >= 0 ? a : b; }
  /// 2^n for n from -126 to 127.
  static Vec power_of_two(Int n) {
    const uint32_t bits = static_cast<uint32_t>(n + 127) << 23;
    Vec value;
    __builtin_memcpy(&value, &bits, 4);
    return value;
  }
  static Int half_of(Int n) { return n >> 1; }
  // Sums, differences and products of integers wrap, as those of the vector units do.
  static Int sub_int(Int a, Int b) { return static_cast<Int>(uint32_t(a) - uint32_t(b)); }
  /// The first n lanes from memory, `fill` in the others.
  static Vec load_first_or(const float* p, size_t n, Vec fill) { return n ? *p : fill; }
  /// Zeros but in the first n lanes.
  static Vec keep_first(Vec x, size_t n) { return n ? x : 0; }
  /// The magnitude of x with the sign of y.
  static Vec copy_sign(Vec x, Vec y) { return __builtin_copysignf(x, y); }
  /// Towards zero; the value must fit.
  static Int truncate(Vec x) {
    return x >= -2147483648.0f && x < 2147483648.0f ? static_cast<Int>(x) : INT32_MIN;
  }
  static float sum(Vec x) { return x; }
  static float max_of(Vec x) { return x; }

  static Int set_int(int32_t x) { return x; }
  static Int load_int(const void* p) { return *static_cast<const int32_t*>(p); }
  static Int add_int(Int a, Int b) { return static_cast<Int>(uint32_t(a) + uint32_t(b)); }
  static Int mul_int(Int a, Int b) { return static_cast<Int>(uint32_t(a) * uint32_t(b)); }
  static Vec to_float(Int x) { return static_cast<float>(x); }
  /// To the nearest integer, ties to even; the value must fit.
  static Int to_int(Vec x) {
    return x >= -2147483648.0f && x < 2147483648.0f ? static_cast<Int>(__builtin_nearbyintf(x))
                                                    : INT32_MIN;
  }
  static Int min_int(Int a, Int b) { return a < b ? a : b; }
  static Int max_int(Int a, Int b) { return a > b ? a : b; }
  static Int and_int(Int a, Int b) { return a & b; }
  static Int shift_right(Int x, int n) { return x >> n; }
  static Int shift_left(Int x, int n) { return static_cast<Int>(static_cast<uint32_t>(x) << n); }
  /// The high half of 2ab, rounded to nearest, ties up.
  static Int high_multiply(Int a, Int b) {
    return static_cast<Int>((int64_t{a} * b + (int64_t{1} << 30)) >> 31);
  }
  /// Bytes, widened.
  static Int load_bytes(const uint8_t* p, bool is_signed) {
    return is_signed ? static_cast<int8_t>(*p) : *p;
  }
  static Int load_first_bytes(const uint8_t* p, size_t n, bool is_signed) {
    return n ? load_bytes(p, is_signed) : 0;
  }
  /// int16 elements, widened.
  static Int load_words(const int16_t* p) { return *p; }
  static Int load_first_words(const int16_t* p, size_t n) { return n ? *p : 0; }
  /// The low halves of the lanes.
  static void store_words(int16_t* p, Int x) { *p = static_cast<int16_t>(x); }
  static void store_first_words(int16_t* p, Int x, size_t n) {
    if (n) store_words(p, x);
  }
  /// float16 elements, widened.
  static Vec load_halves(const uint16_t* p) { return half_to_float(*p); }
  static Vec load_first_halves(const uint16_t* p, size_t n) { return n ? load_halves(p) : 0; }
  static void store_int(int32_t* p, Int x) { *p = x; }
  static void store_first_int(int32_t* p, Int x, size_t n) {
    if (n) *p = x;
  }
  static Int load_first_int(const int32_t* p, size_t n) { return n ? *p : 0; }
  static int32_t sum_int(Int x) { return x; }
  static void store_bytes(void* p, Int x) { *static_cast<uint8_t*>(p) = static_cast<uint8_t>(x); }
  static void store_first_bytes(void* p, Int x, size_t n) {
    if (n) store_bytes(p, x);
  }
};

}  // namespace wherry::kernels::scalar
