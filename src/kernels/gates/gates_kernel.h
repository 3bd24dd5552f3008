// The logistic function and tanh of 16-bit fixed-point numbers, as TFLite's LSTM kernels compute
// them: exponentials by a short series and one factor for each power of two, division by Newton.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wherry::kernels {

/// y[i] = f(x[i]) with 15 fraction bits; x has `integer_bits` bits before the point. y may be x.
struct Gates {
  const int16_t* x;
  int16_t* y;
  size_t count;
  int integer_bits;  ///< logistic: 3; tanh: 0 to 14
};

struct GatesKernel {
  void (*logistic)(const Gates&);
  void (*tanh)(const Gates&);
};

namespace scalar {
extern const GatesKernel gates;
}
namespace x86_avx2 {
extern const GatesKernel gates;
}
namespace x86_avx512 {
extern const GatesKernel gates;
}

}  // namespace wherry::kernels
