// Loops over the floats of constants, which may be hundreds of megabytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wherry::quantize {

/// `bytes` as floats: where they are when they are aligned, else copied to `copy`.
std::span<const float> floats_in(std::span<const std::byte> bytes, std::vector<float>& copy);

/// The largest absolute value; what is not a number does not count.
float largest_magnitude(std::span<const float> elements);

/// largest[i] = max(largest[i], |elements[i] * factor|)
void raise_magnitudes(std::span<float> largest, std::span<const float> elements, float factor);

/// out[i] = elements[i] / scale, halves away from zero, within [-127, 127]; 0 for what is not a
/// number.
void round_to_int8(std::span<const float> elements, float scale, std::span<int8_t> out);

/// out[i] = elements[i] * (factor * factors[i])
void multiply(std::span<const float> elements, float factor, std::span<const float> factors,
              std::span<float> out);

}  // namespace wherry::quantize
