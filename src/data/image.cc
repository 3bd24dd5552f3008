// Recognises picture formats and resizes pictures.
#include "data/image.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace wherry {
namespace {

bool starts_with(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}
bool is_jpeg(std::span<const std::byte> bytes) { return starts_with(bytes, "\xff\xd8\xff"); }
bool is_png(std::span<const std::byte> bytes) { return starts_with(bytes, "\x89PNG\r\n\x1a\n"); }
bool is_bmp(std::span<const std::byte> bytes) { return starts_with(bytes, "BM"); }

/// Where an output coordinate falls among the inputs: two neighbours and the share of the second.
struct Tap {
  int low, high;
  float share;
};

std::vector<Tap> taps(int from, int to) {
  std::vector<Tap> result(static_cast<size_t>(to));
  float step = static_cast<float>(from) / static_cast<float>(to);
  for (int i = 0; i < to; ++i) {
    float place = (static_cast<float>(i) + 0.5f) * step - 0.5f;
    float floor = std::floor(place);
    int low = static_cast<int>(floor);
    result[static_cast<size_t>(i)] = {std::clamp(low, 0, from - 1),
                                      std::clamp(low + 1, 0, from - 1), place - floor};
  }
  return result;
}

float channel_at(const Image& image, int x, int y, int channel, int channels) {
  const uint8_t* pixel =
      image.pixels.data() +
      (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 3;
  if (channels == 1) return 0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2];
  return pixel[channel];
}

}  // namespace

namespace image_formats {

Status check_extent(uint64_t width, uint64_t height) {
  ENSURE_CODE(ErrorCode::malformed, width > 0 && height > 0, "the picture is empty");
  ENSURE_CODE(ErrorCode::too_large,
              width < (1 << 20) && height < (1 << 20) && width * height <= (1 << 28),
              "the picture of ", width, " x ", height, " pixels is too large");
  return {};
}

}  // namespace image_formats

bool is_image(std::span<const std::byte> bytes) {
  return is_jpeg(bytes) || is_png(bytes) || is_bmp(bytes);
}

Expected<Image> decode_image(std::span<const std::byte> bytes) {
  if (is_jpeg(bytes)) return image_formats::decode_jpeg(bytes);
  if (is_png(bytes)) return image_formats::decode_png(bytes);
  if (is_bmp(bytes)) return image_formats::decode_bmp(bytes);
  return Error{.code = ErrorCode::malformed, .message = "not a JPEG, PNG or BMP picture"};
}

std::vector<float> resized(const Image& image, int width, int height, int channels) {
  std::vector<float> result(static_cast<size_t>(width) * static_cast<size_t>(height) *
                            static_cast<size_t>(channels));
  std::vector<Tap> columns = taps(image.width, width), rows = taps(image.height, height);
  float* out = result.data();
  for (const Tap& row : rows) {
    for (const Tap& column : columns) {
      for (int c = 0; c < channels; ++c) {
        float top = channel_at(image, column.low, row.low, c, channels) * (1 - column.share) +
                    channel_at(image, column.high, row.low, c, channels) * column.share;
        float bottom = channel_at(image, column.low, row.high, c, channels) * (1 - column.share) +
                       channel_at(image, column.high, row.high, c, channels) * column.share;
        *out++ = top * (1 - row.share) + bottom * row.share;
      }
    }
  }
  return result;
}

}  // namespace wherry
