// Which pixels of an image each pixel of the resized one is made of, along one axis.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace wherry::op {

/// How pixels of images of different sizes correspond.
struct ResizeModes {
  bool align_corners, half_pixel_centers;
};

/// Between elements `low` and `high`, `part` of the way.
template <class Part>
struct Between {
  int64_t low, high;
  Part part;
};

inline std::vector<Between<float>> float_positions(int64_t in, int64_t out, ResizeModes modes) {
  float scale = modes.align_corners && out > 1
                    ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                    : static_cast<float>(in) / static_cast<float>(out);
  std::vector<Between<float>> result(static_cast<size_t>(out));
  for (size_t i = 0; i < result.size(); ++i) {
    float at = modes.half_pixel_centers ? (static_cast<float>(i) + 0.5f) * scale - 0.5f
                                        : static_cast<float>(i) * scale;
    int64_t low = std::clamp<int64_t>(static_cast<int64_t>(std::floor(at)), 0, in - 1);
    int64_t high = std::clamp<int64_t>(static_cast<int64_t>(std::ceil(at)), 0, in - 1);
    result[i] = {low, high, at - static_cast<float>(low)};
  }
  return result;
}

/// Positions in 1/1024 of an element.
inline std::vector<Between<int64_t>> fixed_positions(int64_t in, int64_t out, ResizeModes modes) {
  int64_t scale = modes.align_corners && out > 1 ? ((in - 1) * 1024 + (out - 1) / 2) / (out - 1)
                                                 : (in * 1024 + out / 2) / out;
  std::vector<Between<int64_t>> result(static_cast<size_t>(out));
  for (size_t i = 0; i < result.size(); ++i) {
    int64_t at = static_cast<int64_t>(i) * scale;
    if (modes.half_pixel_centers) at += scale / 2 - 512;
    int64_t low = std::clamp<int64_t>(at / 1024, 0, in - 1);
    int64_t high = std::clamp<int64_t>((at + 1023) / 1024, 0, in - 1);
    result[i] = {low, high, at - 1024 * low};
  }
  return result;
}

/// The pixel that position `position` of the larger image copies.
inline int64_t nearest(int64_t position, int64_t in, int64_t out, ResizeModes modes) {
  float scale = modes.align_corners && out > 1
                    ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                    : static_cast<float>(in) / static_cast<float>(out);
  float at = (static_cast<float>(position) + (modes.half_pixel_centers ? 0.5f : 0.0f)) * scale;
  float whole = modes.align_corners ? std::round(at) : std::floor(at);
  return std::clamp<int64_t>(static_cast<int64_t>(whole), 0, in - 1);
}

}  // namespace wherry::op
