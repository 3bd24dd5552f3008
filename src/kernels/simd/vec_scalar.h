// Plain C++ as the vector type of kernel templates: one float. It judges all the others.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels::scalar {

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

  static Int set_int(int32_t x) { return x; }
  static Int load_int(const void* p) { return *static_cast<const int32_t*>(p); }
  static Int add_int(Int a, Int b) { return a + b; }
  static Int mul_int(Int a, Int b) { return a * b; }
  static Vec to_float(Int x) { return static_cast<float>(x); }
  /// To the nearest integer, ties to even; the value must fit.
  static Int to_int(Vec x) { return static_cast<Int>(__builtin_nearbyintf(x)); }
  static void store_bytes(void* p, Int x) { *static_cast<uint8_t*>(p) = static_cast<uint8_t>(x); }
  static void store_first_bytes(void* p, Int x, size_t n) {
    if (n) store_bytes(p, x);
  }
};

}  // namespace wherry::kernels::scalar
