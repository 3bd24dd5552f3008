// The 8-bit depthwise convolution with AVX-512 VNNI: 64, 32 or 16 channels, four taps in a group.
#include "kernels/depthwise/depthwise_i8_body.h"
#include "kernels/depthwise/depthwise_i8_square.h"
#include "kernels/simd/bytes_vnni.h"

namespace wherry::kernels::x86_vnni {
namespace {

/// What is the same for the three widths; Ops names the instructions of one width.
template <class Ops>
struct Quads : Ops {
  static constexpr size_t vectors = 4, taps = 4;
  using Raw = typename Ops::Int;
  using Int = typename Ops::Int;

  /// Signed bytes become unsigned by adding 128; `start` makes up for it.
  [[gnu::always_inline]] static Raw load(const uint8_t* p, bool is_signed) {
    return Ops::flip(Ops::load_bytes(p), is_signed ? static_cast<char>(0x80) : char{0});
  }
  [[gnu::always_inline]] static Raw load_few(const uint8_t* p, size_t n, bool is_signed) {
    return Ops::flip(Ops::load_first(p, n), is_signed ? static_cast<char>(0x80) : char{0});
  }
  [[gnu::always_inline]] static Int load_int(const void* p) { return Ops::load_bytes(p); }
  [[gnu::always_inline]] static void interleave(const Raw (&raws)[4], Int (&mixed)[4]) {
    const Int low01 = Ops::low8(raws[0], raws[1]), high01 = Ops::high8(raws[0], raws[1]);
    const Int low23 = Ops::low8(raws[2], raws[3]), high23 = Ops::high8(raws[2], raws[3]);
    mixed[0] = Ops::low16(low01, low23);
    mixed[1] = Ops::high16(low01, low23);
    mixed[2] = Ops::low16(high01, high23);
    mixed[3] = Ops::high16(high01, high23);
  }
  /// Above `high` the conversion to integers would overflow to the wrong side; below `low` it
  /// overflows to the right one, and the clamp of bytes does the rest.
  [[gnu::always_inline]] static Int requantise(Int sum, const float* scale,
                                               const DepthwiseI8Block& b) {
    return Ops::to_int(Ops::at_most(Ops::scaled(sum, scale), b.high));
  }
  /// Unsigned results are clamped as signed ones, 128 lower.
  [[gnu::always_inline]] static Int bytes_of(const Int (&results)[4], const DepthwiseI8Block& b) {
    const int shift = b.is_signed ? 0 : 128, zero = b.zero_point - shift;
    const Int low = Ops::add16(Ops::pack32(results[0], results[1]), static_cast<int16_t>(zero));
    const Int high = Ops::add16(Ops::pack32(results[2], results[3]), static_cast<int16_t>(zero));
    const Int bytes =
        Ops::clamp8(Ops::pack16(low, high), static_cast<char>(static_cast<int>(b.low) + zero),
                    static_cast<char>(static_cast<int>(b.high) + zero));
    return Ops::flip(bytes, static_cast<char>(shift));
  }
  [[gnu::always_inline]] static void store(uint8_t* p, const Int (&results)[4],
                                           const DepthwiseI8Block& b) {
    Ops::store_bytes(p, bytes_of(results, b));
  }
  [[gnu::always_inline]] static void store_few(uint8_t* p, const Int (&results)[4],
                                               const DepthwiseI8Block& b) {
    Ops::store_first(p, bytes_of(results, b), b.channel_count);
  }
};

}  // namespace

const DepthwiseI8Kernel depthwise_i8 = {
    .taps_in_group = 4,
    .vectors = 4,
    .width_count = 3,
    .widths = {with_square<Quads<Bytes64>>(), with_square<Quads<Bytes32>>(),
               with_square<Quads<Bytes16>>()}};

}  // namespace wherry::kernels::x86_vnni
