// How pixel values become the numbers a model expects.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "ir/tensor_type.h"

namespace wherry {

/// value = (pixel - mean) / std, pixel in 0..255.
struct Preprocess {
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> std = {1, 1, 1};
  bool automatic = false;  ///< to be asked for each input what suits it
  float apply(float pixel, int channel) const {
    size_t c = static_cast<size_t>(channel % 3);
    return (pixel - mean[c]) / std[c];
  }
};

/// "none", "auto", "0..1", "-1..1" or "mean=a,b,c;std=a,b,c" (one number stands for all three).
/// Errors: usage.
Expected<Preprocess> parse_preprocess(std::string_view spec);

/// The words for what suits pixels of 0..255: "0..1" or "-1..1" where these are the numbers that a
/// quantised input of 8 bits holds, else "none".
std::string_view suited_preprocess(const TensorType& input);

/// Whether uint8 numbers are more than 0 and 1, as pixels are: what "auto" scales.
bool reach_beyond_one(std::span<const std::byte> pixels);

}  // namespace wherry
