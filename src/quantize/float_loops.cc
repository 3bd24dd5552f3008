// Works in blocks of a fixed size, which compilers make vector instructions of.
#include "quantize/float_loops.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace wherry::quantize {
namespace {

constexpr size_t block = 16;
constexpr int32_t infinity_bits = 0x7f800000;

/// Floats without their sign are ordered like their bits.
int32_t magnitude_bits(float value) { return std::bit_cast<int32_t>(value) & 0x7fffffff; }

int32_t counted(int32_t bits) { return bits > infinity_bits ? 0 : bits; }

/// The largest float below one half: adding one half itself would carry 0.49999997 to 1.
constexpr float below_half = 0.49999997f;

struct Rounding {
  float scale;

  int32_t of(float element) const {
    const float quotient = element / scale;
    const float number = quotient == quotient ? quotient : 0;
    const float low = number < -127.0f ? -127.0f : number, within = low > 127.0f ? 127.0f : low;
    return static_cast<int32_t>(within + std::copysign(below_half, within));
  }

  void block_of(const float* from, int8_t* to) const {
    int32_t rounded[block];
    for (size_t i = 0; i < block; ++i) rounded[i] = of(from[i]);
    for (size_t i = 0; i < block; ++i) to[i] = static_cast<int8_t>(rounded[i]);
  }
};

}  // namespace

std::span<const float> floats_in(std::span<const std::byte> bytes, std::vector<float>& copy) {
  const size_t count = bytes.size() / sizeof(float);
  if (std::bit_cast<uintptr_t>(bytes.data()) % alignof(float) == 0)
    return {reinterpret_cast<const float*>(bytes.data()), count};
  copy.resize(count);
  if (count) std::memcpy(copy.data(), bytes.data(), count * sizeof(float));
  return copy;
}

float largest_magnitude(std::span<const float> elements) {
  int32_t lanes[block] = {};
  size_t i = 0;
  for (; i + block <= elements.size(); i += block) {
    for (size_t lane = 0; lane < block; ++lane) {
      const int32_t bits = counted(magnitude_bits(elements[i + lane]));
      lanes[lane] = bits > lanes[lane] ? bits : lanes[lane];
    }
  }
  int32_t largest = *std::max_element(lanes, lanes + block);
  for (; i < elements.size(); ++i)
    largest = std::max(largest, counted(magnitude_bits(elements[i])));
  return std::bit_cast<float>(largest);
}

void raise_magnitudes(std::span<float> largest, std::span<const float> elements, float factor) {
  auto raised = [&](size_t i) {
    const float magnitude = std::abs(elements[i] * factor);
    return largest[i] < magnitude ? magnitude : largest[i];
  };
  size_t i = 0;
  for (; i + block <= elements.size(); i += block) {
    float some[block];
    for (size_t k = 0; k < block; ++k) some[k] = raised(i + k);
    std::memcpy(largest.data() + i, some, sizeof some);
  }
  for (; i < elements.size(); ++i) largest[i] = raised(i);
}

void round_to_int8(std::span<const float> elements, float scale, std::span<int8_t> out) {
  const Rounding rounding{scale};
  size_t i = 0;
  for (; i + block <= elements.size(); i += block)
    rounding.block_of(elements.data() + i, out.data() + i);
  for (; i < elements.size(); ++i) out[i] = static_cast<int8_t>(rounding.of(elements[i]));
}

void multiply(std::span<const float> elements, float factor, std::span<const float> factors,
              std::span<float> out) {
  size_t i = 0;
  for (; i + block <= elements.size(); i += block) {
    float some[block];
    for (size_t k = 0; k < block; ++k) some[k] = elements[i + k] * (factor * factors[i + k]);
    std::memcpy(out.data() + i, some, sizeof some);
  }
  for (; i < elements.size(); ++i) out[i] = elements[i] * (factor * factors[i]);
}

}  // namespace wherry::quantize
