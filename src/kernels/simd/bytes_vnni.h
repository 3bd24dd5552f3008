// Vectors of 64, 32 and 16 bytes with AVX-512 VNNI, as parameters of kernel templates.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

namespace wherry::kernels::x86_vnni {

/// Everything is forced inline: no function of this header may reach the linker.
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
  [[gnu::always_inline]] static Vec at_most(Vec y, float high) {
    return _mm512_min_ps(_mm512_set1_ps(high), y);
  }
  [[gnu::always_inline]] static Int to_int(Vec y) { return _mm512_cvtps_epi32(y); }
  [[gnu::always_inline]] static Int pack32(Int a, Int b) { return _mm512_packs_epi32(a, b); }
  [[gnu::always_inline]] static Int pack16(Int a, Int b) { return _mm512_packs_epi16(a, b); }
  [[gnu::always_inline]] static Int add16(Int x, int16_t y) {
    return _mm512_adds_epi16(x, _mm512_set1_epi16(y));
  }
  [[gnu::always_inline]] static Int clamp8(Int x, char low, char high) {
    return _mm512_min_epi8(_mm512_max_epi8(x, _mm512_set1_epi8(low)), _mm512_set1_epi8(high));
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
  [[gnu::always_inline]] static Vec at_most(Vec y, float high) {
    return _mm256_min_ps(_mm256_set1_ps(high), y);
  }
  [[gnu::always_inline]] static Int to_int(Vec y) { return _mm256_cvtps_epi32(y); }
  [[gnu::always_inline]] static Int pack32(Int a, Int b) { return _mm256_packs_epi32(a, b); }
  [[gnu::always_inline]] static Int pack16(Int a, Int b) { return _mm256_packs_epi16(a, b); }
  [[gnu::always_inline]] static Int add16(Int x, int16_t y) {
    return _mm256_adds_epi16(x, _mm256_set1_epi16(y));
  }
  [[gnu::always_inline]] static Int clamp8(Int x, char low, char high) {
    return _mm256_min_epi8(_mm256_max_epi8(x, _mm256_set1_epi8(low)), _mm256_set1_epi8(high));
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
  [[gnu::always_inline]] static Vec at_most(Vec y, float high) {
    return _mm_min_ps(_mm_set1_ps(high), y);
  }
  [[gnu::always_inline]] static Int to_int(Vec y) { return _mm_cvtps_epi32(y); }
  [[gnu::always_inline]] static Int pack32(Int a, Int b) { return _mm_packs_epi32(a, b); }
  [[gnu::always_inline]] static Int pack16(Int a, Int b) { return _mm_packs_epi16(a, b); }
  [[gnu::always_inline]] static Int add16(Int x, int16_t y) {
    return _mm_adds_epi16(x, _mm_set1_epi16(y));
  }
  [[gnu::always_inline]] static Int clamp8(Int x, char low, char high) {
    return _mm_min_epi8(_mm_max_epi8(x, _mm_set1_epi8(low)), _mm_set1_epi8(high));
  }
};

}  // namespace wherry::kernels::x86_vnni
