// The 8-bit depthwise convolution with AVX-512 VNNI: 64, 32 or 16 channels, four taps in a group.
#include <immintrin.h>

#include "kernels/depthwise/depthwise_i8_body.h"

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
  [[gnu::always_inline]] static Int requantise(Int sum, const float* scale,
                                               const DepthwiseI8Block& b) {
    return Ops::to_int(Ops::clamp(Ops::scaled(sum, scale), b.low, b.high));
  }
  [[gnu::always_inline]] static Int bytes_of(const Int (&results)[4], int32_t zero_point) {
    const auto zero = static_cast<int16_t>(zero_point);
    return Ops::pack16(Ops::add_low_byte(Ops::pack32(results[0], results[1]), zero),
                       Ops::add_low_byte(Ops::pack32(results[2], results[3]), zero));
  }
  [[gnu::always_inline]] static void store(uint8_t* p, const Int (&results)[4],
                                           int32_t zero_point) {
    Ops::store_bytes(p, bytes_of(results, zero_point));
  }
  [[gnu::always_inline]] static void store_few(uint8_t* p, const Int (&results)[4], size_t n,
                                               int32_t zero_point) {
    Ops::store_first(p, bytes_of(results, zero_point), n);
  }
};

struct Bytes64 {
  static constexpr size_t width = 64;
  using Int = __m512i;
  using Vec = __m512;
  [[gnu::always_inline]] static Int load_bytes(const void* p) { return _mm512_loadu_si512(p); }
  [[gnu::always_inline]] static Int load_first(const void* p, size_t n) {
    return _mm512_maskz_loadu_epi8((__mmask64{1} << n) - 1, p);
  }
  [[gnu::always_inline]] static void store_bytes(void* p, Int x) { _mm512_storeu_si512(p, x); }
  [[gnu::always_inline]] static void store_first(void* p, Int x, size_t n) {
    _mm512_mask_storeu_epi8(p, (__mmask64{1} << n) - 1, x);
  }
  [[gnu::always_inline]] static Int flip(Int x, char bits) {
    return _mm512_xor_si512(x, _mm512_set1_epi8(bits));
  }
  [[gnu::always_inline]] static Int low8(Int a, Int b) { return _mm512_unpacklo_epi8(a, b); }
  [[gnu::always_inline]] static Int high8(Int a, Int b) { return _mm512_unpackhi_epi8(a, b); }
  [[gnu::always_inline]] static Int low16(Int a, Int b) { return _mm512_unpacklo_epi16(a, b); }
  [[gnu::always_inline]] static Int high16(Int a, Int b) { return _mm512_unpackhi_epi16(a, b); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm512_dpbusd_epi32(sum, left, right);
  }
  [[gnu::always_inline]] static Vec scaled(Int sum, const float* scale) {
    return _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(scale));
  }
  [[gnu::always_inline]] static Vec clamp(Vec y, float low, float high) {
    return _mm512_min_ps(_mm512_set1_ps(high), _mm512_max_ps(_mm512_set1_ps(low), y));
  }
  [[gnu::always_inline]] static Int to_int(Vec y) { return _mm512_cvtps_epi32(y); }
  [[gnu::always_inline]] static Int pack32(Int a, Int b) { return _mm512_packs_epi32(a, b); }
  [[gnu::always_inline]] static Int pack16(Int a, Int b) { return _mm512_packus_epi16(a, b); }
  [[gnu::always_inline]] static Int add_low_byte(Int x, int16_t zero) {
    return _mm512_and_si512(_mm512_add_epi16(x, _mm512_set1_epi16(zero)), _mm512_set1_epi16(0xff));
  }
};

struct Bytes32 {
  static constexpr size_t width = 32;
  using Int = __m256i;
  using Vec = __m256;
  [[gnu::always_inline]] static Int load_bytes(const void* p) {
    return _mm256_loadu_si256(static_cast<const Int*>(p));
  }
  [[gnu::always_inline]] static Int load_first(const void* p, size_t n) {
    return _mm256_maskz_loadu_epi8((__mmask32{1} << n) - 1, p);
  }
  [[gnu::always_inline]] static void store_bytes(void* p, Int x) {
    _mm256_storeu_si256(static_cast<Int*>(p), x);
  }
  [[gnu::always_inline]] static void store_first(void* p, Int x, size_t n) {
    _mm256_mask_storeu_epi8(p, (__mmask32{1} << n) - 1, x);
  }
  [[gnu::always_inline]] static Int flip(Int x, char bits) {
    return _mm256_xor_si256(x, _mm256_set1_epi8(bits));
  }
  [[gnu::always_inline]] static Int low8(Int a, Int b) { return _mm256_unpacklo_epi8(a, b); }
  [[gnu::always_inline]] static Int high8(Int a, Int b) { return _mm256_unpackhi_epi8(a, b); }
  [[gnu::always_inline]] static Int low16(Int a, Int b) { return _mm256_unpacklo_epi16(a, b); }
  [[gnu::always_inline]] static Int high16(Int a, Int b) { return _mm256_unpackhi_epi16(a, b); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm256_dpbusd_epi32(sum, left, right);
  }
  [[gnu::always_inline]] static Vec scaled(Int sum, const float* scale) {
    return _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_loadu_ps(scale));
  }
  [[gnu::always_inline]] static Vec clamp(Vec y, float low, float high) {
    return _mm256_min_ps(_mm256_set1_ps(high), _mm256_max_ps(_mm256_set1_ps(low), y));
  }
  [[gnu::always_inline]] static Int to_int(Vec y) { return _mm256_cvtps_epi32(y); }
  [[gnu::always_inline]] static Int pack32(Int a, Int b) { return _mm256_packs_epi32(a, b); }
  [[gnu::always_inline]] static Int pack16(Int a, Int b) { return _mm256_packus_epi16(a, b); }
  [[gnu::always_inline]] static Int add_low_byte(Int x, int16_t zero) {
    return _mm256_and_si256(_mm256_add_epi16(x, _mm256_set1_epi16(zero)), _mm256_set1_epi16(0xff));
  }
};

struct Bytes16 {
  static constexpr size_t width = 16;
  using Int = __m128i;
  using Vec = __m128;
  [[gnu::always_inline]] static Int load_bytes(const void* p) {
    return _mm_loadu_si128(static_cast<const Int*>(p));
  }
  [[gnu::always_inline]] static Int load_first(const void* p, size_t n) {
    return _mm_maskz_loadu_epi8(static_cast<__mmask16>((1u << n) - 1), p);
  }
  [[gnu::always_inline]] static void store_bytes(void* p, Int x) {
    _mm_storeu_si128(static_cast<Int*>(p), x);
  }
  [[gnu::always_inline]] static void store_first(void* p, Int x, size_t n) {
    _mm_mask_storeu_epi8(p, static_cast<__mmask16>((1u << n) - 1), x);
  }
  [[gnu::always_inline]] static Int flip(Int x, char bits) {
    return _mm_xor_si128(x, _mm_set1_epi8(bits));
  }
  [[gnu::always_inline]] static Int low8(Int a, Int b) { return _mm_unpacklo_epi8(a, b); }
  [[gnu::always_inline]] static Int high8(Int a, Int b) { return _mm_unpackhi_epi8(a, b); }
  [[gnu::always_inline]] static Int low16(Int a, Int b) { return _mm_unpacklo_epi16(a, b); }
  [[gnu::always_inline]] static Int high16(Int a, Int b) { return _mm_unpackhi_epi16(a, b); }
  [[gnu::always_inline]] static Int dot(Int sum, Int left, Int right) {
    return _mm_dpbusd_epi32(sum, left, right);
  }
  [[gnu::always_inline]] static Vec scaled(Int sum, const float* scale) {
    return _mm_mul_ps(_mm_cvtepi32_ps(sum), _mm_loadu_ps(scale));
  }
  [[gnu::always_inline]] static Vec clamp(Vec y, float low, float high) {
    return _mm_min_ps(_mm_set1_ps(high), _mm_max_ps(_mm_set1_ps(low), y));
  }
  [[gnu::always_inline]] static Int to_int(Vec y) { return _mm_cvtps_epi32(y); }
  [[gnu::always_inline]] static Int pack32(Int a, Int b) { return _mm_packs_epi32(a, b); }
  [[gnu::always_inline]] static Int pack16(Int a, Int b) { return _mm_packus_epi16(a, b); }
  [[gnu::always_inline]] static Int add_low_byte(Int x, int16_t zero) {
    return _mm_and_si128(_mm_add_epi16(x, _mm_set1_epi16(zero)), _mm_set1_epi16(0xff));
  }
};

}  // namespace

const DepthwiseI8Kernel depthwise_i8 = {
    .taps_in_group = 4,
    .vectors = 4,
    .width_count = 3,
    .widths = {depthwise_i8_width<Quads<Bytes64>>, depthwise_i8_width<Quads<Bytes32>>,
               depthwise_i8_width<Quads<Bytes16>>}};

}  // namespace wherry::kernels::x86_vnni
