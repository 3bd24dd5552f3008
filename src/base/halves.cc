// Converts in blocks of a fixed size, which compilers make vector instructions of.
#include "base/halves.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace wherry {
namespace {

constexpr size_t block = 16;

/// condition ? yes : no without a branch, which vectors do not have.
constexpr uint32_t chosen(bool condition, uint32_t yes, uint32_t no) {
  uint32_t mask = 0u - static_cast<uint32_t>(condition);
  return (yes & mask) | (no & ~mask);
}

constexpr uint32_t half_of(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  uint32_t sign = (bits >> 16) & 0x8000, rest = bits & 0x7fffffff;
  int32_t magnitude = static_cast<int32_t>(rest);  // vectors compare signed numbers faster
  uint32_t normal = (rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13;
  // Below the smallest normal half the float unit rounds, at 2^-24.
  uint32_t subnormal = std::bit_cast<uint32_t>(std::bit_cast<float>(rest) + 0.5f) - 0x3f000000;
  uint32_t result = chosen(magnitude < 0x38800000, subnormal, normal);
  result = chosen(magnitude >= 0x477ff000, 0x7c00, result);
  result = chosen(magnitude > 0x7f800000, 0x7e00 | ((rest >> 13) & 0x3ff), result);
  return sign | result;
}

constexpr float float_of(uint16_t bits) {
  uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16;
  int32_t magnitude = bits & 0x7fff;
  uint32_t normal = (static_cast<uint32_t>(magnitude) << 13) + 0x38000000 +
                    chosen(magnitude >= 0x7c00, 0x38000000, 0);
  uint32_t subnormal = std::bit_cast<uint32_t>(static_cast<float>(magnitude) * 0x1p-24f);
  return std::bit_cast<float>(sign | chosen(magnitude < 0x400, subnormal, normal));
}

struct Block {
  float floats[block] = {};
  uint16_t halves[block] = {};

  /// Non-zero when a finite float becomes infinite.
  uint32_t narrow() {
    uint32_t lost = 0, wide[block];
    for (size_t i = 0; i < block; ++i) {
      int32_t magnitude = static_cast<int32_t>(std::bit_cast<uint32_t>(floats[i]) & 0x7fffffff);
      lost |= static_cast<uint32_t>((magnitude >= 0x477ff000) & (magnitude < 0x7f800000));
    }
    // In two steps: compilers narrow whole vectors better than single results.
    for (size_t i = 0; i < block; ++i) wide[i] = half_of(floats[i]);
    for (size_t i = 0; i < block; ++i) halves[i] = static_cast<uint16_t>(wide[i]);
    return lost;
  }

  void widen() {
    for (size_t i = 0; i < block; ++i) floats[i] = float_of(halves[i]);
  }
};

}  // namespace

bool floats_to_halves(std::span<const std::byte> floats, std::span<std::byte> halves) {
  Block some;
  uint32_t lost = 0;
  size_t count = halves.size() / 2, i = 0;
  for (; i + block <= count; i += block) {
    std::memcpy(some.floats, floats.data() + 4 * i, sizeof some.floats);
    lost |= some.narrow();
    std::memcpy(halves.data() + 2 * i, some.halves, sizeof some.halves);
  }
  Block rest;
  std::memcpy(rest.floats, floats.data() + 4 * i, 4 * (count - i));
  lost |= rest.narrow();
  std::memcpy(halves.data() + 2 * i, rest.halves, 2 * (count - i));
  return lost == 0;
}

void halves_to_floats(std::span<const std::byte> halves, std::span<std::byte> floats) {
  Block some;
  size_t count = halves.size() / 2, i = 0;
  for (; i + block <= count; i += block) {
    std::memcpy(some.halves, halves.data() + 2 * i, sizeof some.halves);
    some.widen();
    std::memcpy(floats.data() + 4 * i, some.floats, sizeof some.floats);
  }
  Block rest;
  std::memcpy(rest.halves, halves.data() + 2 * i, 2 * (count - i));
  rest.widen();
  std::memcpy(floats.data() + 4 * i, rest.floats, 4 * (count - i));
}

}  // namespace wherry
