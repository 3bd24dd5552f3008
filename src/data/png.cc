// Decodes PNG with libpng's simplified interface.
#include <png.h>

#include "data/image.h"

namespace wherry::image_formats {

Expected<Image> decode_png(std::span<const std::byte> bytes) {
  png_image picture{};
  picture.version = PNG_IMAGE_VERSION;
  ENSURE_CODE(ErrorCode::malformed,
              png_image_begin_read_from_memory(&picture, bytes.data(), bytes.size()),
              "the PNG picture cannot be read: ", picture.message);
  Status extent = check_extent(picture.width, picture.height);
  if (!extent) {
    png_image_free(&picture);
    return std::move(extent).error();
  }
  picture.format = PNG_FORMAT_RGB;
  Image image{static_cast<int>(picture.width), static_cast<int>(picture.height), {}};
  image.pixels.resize(PNG_IMAGE_SIZE(picture));
  png_color black{};
  bool done = png_image_finish_read(&picture, &black, image.pixels.data(), 0, nullptr);
  png_image_free(&picture);
  ENSURE_CODE(ErrorCode::malformed, done, "the PNG picture cannot be read: ", picture.message);
  return image;
}

}  // namespace wherry::image_formats
