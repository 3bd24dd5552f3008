// FarmHash Fingerprint64, in one variant per length class.
#include "ops/indexing/fingerprint.h"

#include <bit>
#include <cstring>
#include <utility>

namespace wherry {
namespace {

constexpr uint64_t prime_0 = 0xc3a5c85c97cb3127, prime_1 = 0xb492b66fbe98f273,
                   prime_2 = 0x9ae16a3b2f90404f;

/// Little-endian words at byte offsets, also counted from the end.
struct Words {
  const std::byte* data;
  size_t size;
  template <class T = uint64_t>
  uint64_t at(size_t offset) const {
    T word;
    std::memcpy(&word, data + offset, sizeof word);
    return word;
  }
  uint64_t from_end(size_t distance) const { return at(size - distance); }
};

uint64_t fold(uint64_t x) { return x ^ (x >> 47); }

uint64_t mix(uint64_t a, uint64_t b, uint64_t factor) {
  uint64_t first = fold((a ^ b) * factor);
  return fold((b ^ first) * factor) * factor;
}

uint64_t hash_up_to_16(Words words) {
  uint64_t size = words.size, factor = prime_2 + 2 * size;
  if (size >= 8) {
    uint64_t a = words.at(0) + prime_2, b = words.from_end(8);
    return mix(std::rotr(b, 37) * factor + a, (std::rotr(a, 25) + b) * factor, factor);
  }
  if (size >= 4)
    return mix(size + (words.at<uint32_t>(0) << 3), words.at<uint32_t>(size - 4), factor);
  if (size == 0) return prime_2;
  uint64_t head = words.at<uint8_t>(0) + (words.at<uint8_t>(size / 2) << 8),
           tail = size + (words.at<uint8_t>(size - 1) << 2);
  return fold(head * prime_2 ^ tail * prime_0) * prime_2;
}

/// The two halves that lengths from 17 on begin with.
std::pair<uint64_t, uint64_t> ends(Words words, uint64_t factor) {
  uint64_t a = words.at(0) * prime_1, b = words.at(8), c = words.from_end(8) * factor,
           d = words.from_end(16) * prime_2;
  return {std::rotr(a + b, 43) + std::rotr(c, 30) + d, a + std::rotr(b + prime_2, 18) + c};
}

uint64_t hash_up_to_32(Words words) {
  uint64_t factor = prime_2 + 2 * words.size;
  auto [a, b] = ends(words, factor);
  return mix(a, b, factor);
}

uint64_t hash_up_to_64(Words words) {
  uint64_t factor = prime_2 + 2 * words.size, head = words.at(0) * prime_2;
  uint64_t a = head + words.at(8), c = words.from_end(8) * factor;
  uint64_t first = std::rotr(a, 43) + std::rotr(c, 30) + words.from_end(16) * prime_2;
  uint64_t second = mix(first, head + std::rotr(words.at(8) + prime_2, 18) + c, factor);
  uint64_t e = words.at(16) * factor, f = words.at(24);
  uint64_t g = (first + words.from_end(32)) * factor, h = (second + words.from_end(24)) * factor;
  return mix(std::rotr(e + f, 43) + std::rotr(g, 30) + h, e + std::rotr(f + head, 18) + g, factor);
}

/// 56 bytes of state that take in blocks of 64 bytes.
struct State {
  uint64_t x, y, z;
  std::pair<uint64_t, uint64_t> v = {0, 0}, w = {0, 0};

  static std::pair<uint64_t, uint64_t> absorb(Words words, uint64_t a, uint64_t b) {
    a += words.at(0);
    b = std::rotr(b + a + words.at(24), 21);
    uint64_t before = a;
    a += words.at(8) + words.at(16);
    return {a + words.at(24), b + std::rotr(a, 44) + before};
  }
  void take(Words block, uint64_t factor, uint64_t weight) {
    x = std::rotr(x + y + v.first + block.at(8), 37) * factor;
    y = std::rotr(y + v.second + block.at(48), 42) * factor;
    x ^= w.second * weight;
    y += v.first * weight + block.at(40);
    z = std::rotr(z + w.first, 33) * factor;
    v = absorb(block, v.second * factor, x + w.first);
    w = absorb({block.data + 32, 32}, z + w.second, y + block.at(16));
    std::swap(z, x);
  }
};

uint64_t hash_long(Words words) {
  constexpr uint64_t seed = 81;
  State state{seed * prime_2 + words.at(0), seed * prime_1 + 113, 0};
  state.z = fold(state.y * prime_2 + 113) * prime_2;
  size_t whole = (words.size - 1) / 64;
  for (size_t block = 0; block < whole; ++block)
    state.take({words.data + 64 * block, 64}, prime_1, 1);
  uint64_t factor = prime_1 + 2 * (state.z & 0xff);
  state.w.first += (words.size - 1) % 64;
  state.v.first += state.w.first;
  state.w.first += state.v.first;
  state.take({words.data + words.size - 64, 64}, factor, 9);
  return mix(mix(state.v.first, state.w.first, factor) + fold(state.y) * prime_0 + state.z,
             mix(state.v.second, state.w.second, factor) + state.x, factor);
}

}  // namespace

uint64_t fingerprint64(std::span<const std::byte> bytes) {
  Words words{bytes.data(), bytes.size()};
  if (words.size <= 16) return hash_up_to_16(words);
  if (words.size <= 32) return hash_up_to_32(words);
  return words.size <= 64 ? hash_up_to_64(words) : hash_long(words);
}

}  // namespace wherry
