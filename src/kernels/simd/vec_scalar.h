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
};

}  // namespace wherry::kernels::scalar
