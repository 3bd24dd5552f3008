// Decodes JPEG with libjpeg-turbo.
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>

#include "data/image.h"

namespace wherry::image_formats {
namespace {

struct ErrorHandler {
  jpeg_error_mgr base;
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void on_error(j_common_ptr info) {
  auto* handler = reinterpret_cast<ErrorHandler*>(info->err);
  info->err->format_message(info, handler->message);
  longjmp(handler->jump, 1);
}
void no_message(j_common_ptr, int) {}

/// The part between setjmp and longjmp holds plain memory only; `image` was made by the caller.
bool decode_rows(jpeg_decompress_struct& info, ErrorHandler& handler,
                 std::span<const std::byte> bytes, Image& image, Status& status) {
  if (setjmp(handler.jump)) return false;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  status = check_extent(info.image_width, info.image_height);
  if (!status) return true;
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  image.width = static_cast<int>(info.output_width),
  image.height = static_cast<int>(info.output_height);
  image.pixels.resize(static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 3);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.pixels.data() +
                   static_cast<size_t>(info.output_scanline) * static_cast<size_t>(image.width) * 3;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

}  // namespace

Expected<Image> decode_jpeg(std::span<const std::byte> bytes) {
  jpeg_decompress_struct info{};
  ErrorHandler handler{};
  info.err = jpeg_std_error(&handler.base);
  handler.base.error_exit = on_error;
  handler.base.emit_message = no_message;
  jpeg_create_decompress(&info);
  Image image;
  Status status;
  bool decoded = decode_rows(info, handler, bytes, image, status);
  jpeg_destroy_decompress(&info);
  ENSURE_CODE(ErrorCode::malformed, decoded, "the JPEG picture cannot be read: ", handler.message);
  TRY(std::move(status));
  return image;
}

}  // namespace wherry::image_formats
