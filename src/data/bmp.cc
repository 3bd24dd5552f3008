// Decodes uncompressed BMP pictures of 1, 4, 8, 24 and 32 bits a pixel.
#include <cstdlib>
#include <cstring>

#include "base/checked.h"
#include "data/image.h"

namespace wherry::image_formats {
namespace {

struct Header {
  uint32_t data_offset, header_bytes, compression, colors;
  int32_t width, height;
  uint16_t bits;
};

template <class T>
T load(std::span<const std::byte> bytes, size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

Expected<Header> read_header(std::span<const std::byte> bytes) {
  ENSURE_CODE(ErrorCode::malformed, bytes.size() >= 54, "the BMP picture ends in its header");
  Header header{load<uint32_t>(bytes, 10), load<uint32_t>(bytes, 14), load<uint32_t>(bytes, 30),
                load<uint32_t>(bytes, 46), load<int32_t>(bytes, 18),  load<int32_t>(bytes, 22),
                load<uint16_t>(bytes, 28)};
  ENSURE_CODE(ErrorCode::malformed, header.header_bytes >= 40,
              "BMP pictures with an OS/2 header are not supported");
  bool masks = header.compression == 3 && header.bits == 32;
  ENSURE_CODE(ErrorCode::malformed, header.compression == 0 || masks,
              "compressed BMP pictures are not supported");
  bool known = header.bits == 1 || header.bits == 4 || header.bits == 8 || header.bits == 24 ||
               header.bits == 32;
  ENSURE_CODE(ErrorCode::malformed, known, "BMP pictures of ", header.bits,
              " bits a pixel are not supported");
  ENSURE_CODE(ErrorCode::malformed, header.width > 0 && header.height != INT32_MIN,
              "the BMP picture is ", header.width, " pixels wide");
  return header;
}

/// The colour of pixel x in a row, as RGB.
void read_pixel(const Header& header, const uint8_t* row, const uint8_t* palette, uint32_t colors,
                size_t x, uint8_t* rgb) {
  const uint8_t* bgr = nullptr;
  if (header.bits >= 24) {
    bgr = row + x * (header.bits / 8);
  } else {
    size_t bit = x * header.bits;
    uint32_t index = row[bit / 8] >> (8 - header.bits - bit % 8) & ((1u << header.bits) - 1);
    bgr = palette + 4 * (index < colors ? index : 0);
  }
  rgb[0] = bgr[2], rgb[1] = bgr[1], rgb[2] = bgr[0];
}

}  // namespace

Expected<Image> decode_bmp(std::span<const std::byte> bytes) {
  Header header = TRY(read_header(bytes));
  uint64_t width = static_cast<uint64_t>(header.width),
           height = static_cast<uint64_t>(std::llabs(header.height));
  TRY(check_extent(width, height));
  uint64_t row_bytes = (width * header.bits + 31) / 32 * 4;
  ENSURE_CODE(ErrorCode::malformed, fits(header.data_offset, row_bytes * height, bytes.size()),
              "the BMP picture ends early");
  uint32_t colors = header.bits > 8 ? 0 : header.colors ? header.colors : 1u << header.bits;
  uint64_t palette_start = 14 + uint64_t{header.header_bytes};
  ENSURE_CODE(ErrorCode::malformed,
              colors <= 256 && fits(palette_start, 4 * uint64_t{colors}, bytes.size()),
              "the BMP palette is damaged");
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  Image image{header.width, static_cast<int>(height), std::vector<uint8_t>(width * height * 3)};
  for (uint64_t y = 0; y < height; ++y) {
    uint64_t stored = header.height > 0 ? height - 1 - y : y;
    const uint8_t* row = data + header.data_offset + stored * row_bytes;
    for (uint64_t x = 0; x < width; ++x) {
      read_pixel(header, row, data + palette_start, colors, x,
                 image.pixels.data() + (y * width + x) * 3);
    }
  }
  return image;
}

}  // namespace wherry::image_formats
