// The 8-bit depthwise convolution in plain C++: one channel at a time, two taps in a group.
#include "kernels/depthwise/depthwise_i8_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {
namespace {

struct One {
  static constexpr size_t width = 1, vectors = 1, taps = 2;
  using Raw = int32_t;
  using Int = int32_t;

  static Raw load(const uint8_t* p, bool is_signed) {
    return is_signed ? static_cast<int8_t>(*p) : *p;
  }
  static Raw load_few(const uint8_t* p, size_t, bool is_signed) { return load(p, is_signed); }
  static Int load_int(const void* p) {
    Int value;
    __builtin_memcpy(&value, p, 4);
    return value;
  }
  static void interleave(const Raw (&raws)[2], Int (&mixed)[1]) {
    mixed[0] = static_cast<Int>(static_cast<uint32_t>(raws[1]) << 16 |
                                (static_cast<uint32_t>(raws[0]) & 0xffff));
  }
  static Int dot(Int sum, Int left, Int right) { return add_pairs(sum, left, right); }
  static Int requantise(Int sum, const float* scale, const DepthwiseI8Block& b) {
    const float y = static_cast<float>(sum) * *scale;
    const float above = y > b.low ? y : b.low;
    return static_cast<Int>(__builtin_nearbyintf(above < b.high ? above : b.high));
  }
  static void store(uint8_t* p, const Int (&results)[1], const DepthwiseI8Block& b) {
    *p = static_cast<uint8_t>(results[0] + b.zero_point);
  }
  static void store_few(uint8_t* p, const Int (&results)[1], const DepthwiseI8Block& b) {
    store(p, results, b);
  }
};

}  // namespace

const DepthwiseI8Kernel depthwise_i8 = {
    .taps_in_group = 2, .vectors = 1, .width_count = 1, .widths = {depthwise_i8_width<One>}};

}  // namespace wherry::kernels::scalar
