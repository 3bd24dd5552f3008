// Pictures: decoding JPEG, PNG and BMP to RGB, and fitting them to a model's input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/mapped_file.h"

namespace wherry {

/// Interleaved RGB, 8 bits a channel, rows top to bottom.
struct Image {
  int width = 0, height = 0;
  std::vector<uint8_t> pixels;
};

/// True when the bytes begin like a JPEG, PNG or BMP file.
bool is_image(std::span<const std::byte> bytes);
/// Grey, palette and alpha pictures become RGB (alpha is dropped). Errors: malformed, too_large
/// (over 2^28 pixels), unsupported.
Expected<Image> decode_image(std::span<const std::byte> bytes);

/// Bilinear with half-pixel centres, as RESIZE_BILINEAR with half_pixel_centers and tf.image.resize
/// do; the result has `channels` (1: luminance by ITU-R 601, 3: RGB) values of 0..255 a pixel, as
/// floats.
std::vector<float> resized(const Image& image, int width, int height, int channels);

namespace image_formats {
Expected<Image> decode_jpeg(std::span<const std::byte> bytes);
Expected<Image> decode_png(std::span<const std::byte> bytes);
Expected<Image> decode_bmp(std::span<const std::byte> bytes);
/// Errors for empty or oversized pictures; also what callers reserve.
Status check_extent(uint64_t width, uint64_t height);
}  // namespace image_formats

}  // namespace wherry
