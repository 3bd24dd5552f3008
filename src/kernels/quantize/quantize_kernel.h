// From floats to stored integers and back: what the kernels are given.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// y[i] = clamp(round(x[i] / scale) + zero_point, low, high), ties away from zero; with
/// `multiply` set x[i] * scale stands for the quotient.
struct QuantizeF32 {
  const float* x;
  void* y;  ///< bytes or int16
  size_t count;
  float scale;
  bool multiply = false;
  int32_t zero_point;
  int32_t low, high;
};

/// y[i] = (x[i] - zero_point) * scale
struct DequantizeF32 {
  const void* x;  ///< bytes or int16
  float* y;
  size_t count;
  bool is_signed = true;  ///< of bytes
  float scale;
  int32_t zero_point;
};

/// The smallest and largest element, 0 being one of them.
struct RangeF32 {
  float low = 0, high = 0;
};

struct QuantizeKernel {
  void (*to_bytes)(const QuantizeF32&);
  void (*to_words)(const QuantizeF32&);
  void (*from_bytes)(const DequantizeF32&);
  void (*from_words)(const DequantizeF32&);
  void (*from_halves)(const uint16_t* x, float* y, size_t count);
  RangeF32 (*range)(const float* x, size_t count);
};

namespace scalar {
extern const QuantizeKernel quantize;
}
namespace x86_avx2 {
extern const QuantizeKernel quantize;
}
namespace x86_avx512 {
extern const QuantizeKernel quantize;
}

}  // namespace wherry::kernels
