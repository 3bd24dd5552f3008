// Resizing, cropping and padding of channels-last pictures.
#include "keras/pictures.h"

#include <algorithm>

#include "keras/resampling.h"
#include "ops/image/resize.h"

namespace wherry::keras {
namespace {

/// Keras divides in float32 and cuts off.
int64_t scaled(int64_t extent, int64_t numerator, int64_t denominator) {
  return static_cast<int64_t>(static_cast<float>(extent * numerator) /
                              static_cast<float>(denominator));
}

Error unknown_method(std::string_view method) {
  return {.code = ErrorCode::unsupported,
          .message = "the interpolation is not known",
          .received = quoted(method),
          .advice =
              "use bilinear, nearest, bicubic, area, lanczos3, lanczos5, gaussian or "
              "mitchellcubic"};
}

/// The operator that resizes to the sizes in `size`; null when there is none.
Expected<ValueId> with_operator(Emitter& emitter, ValueId x, ValueId size,
                                std::string_view method) {
  if (method == "nearest")
    return emitter.node(op::resize_nearest_neighbor,
                        op::ResizeNearestNeighbor{.half_pixel_centers = true}, {x, size});
  return emitter.node(op::resize_bilinear, op::ResizeBilinear{.half_pixel_centers = true},
                      {x, size});
}

/// matrix @ x over the last two axes of x.
Expected<ValueId> resampled(Emitter& emitter, ValueId x, const Resampling& resampling) {
  if (resampling.from == resampling.to && resampling.method != "gaussian" &&
      resampling.method != "mitchellcubic")
    return x;
  auto matrix = resampling_matrix(resampling);
  if (!matrix) return unknown_method(resampling.method);
  Shape shape{resampling.to, resampling.from};
  return emitter.matmul(emitter.constant(std::move(*matrix), shape, "resampling"), x);
}

Expected<ValueId> with_matrices(Emitter& emitter, ValueId x, const PictureResize& resize) {
  PictureSize from = TRY(picture_size(emitter, x, "this interpolation"));
  Resampling height{from.height, resize.size.height, resize.method, resize.antialias};
  Resampling width{from.width, resize.size.width, resize.method, resize.antialias};
  Extent channels = emitter.extent(x, 3);
  ValueId rows = TRY(emitter.merge_axes(x, 2, 4));
  ValueId y = TRY(resampled(emitter, rows, height));
  y = TRY(emitter.reshape(y, {emitter.extent(x, 0), height.to, width.from, channels}));
  return resampled(emitter, y, width);
}

}  // namespace

Expected<PictureSize> picture_size(const Emitter& emitter, ValueId x, std::string_view purpose) {
  const Shape& shape = emitter.shape(x);
  PictureSize size{shape[1], shape[2]};
  if (size.height > 0 && size.width > 0) return size;
  return Error{.code = ErrorCode::unsupported,
               .message = cat(purpose, " needs pictures of known size"),
               .received = text_of(shape),
               .advice = "give the model an Input layer with height and width"};
}

Expected<ValueId> resized(Emitter& emitter, ValueId x, const PictureResize& resize) {
  bool smoothed = resize.antialias && resize.method != "nearest";
  bool has_operator = resize.method == "nearest" || (resize.method == "bilinear" && !smoothed);
  if (!has_operator) return with_matrices(emitter, x, resize);
  ValueId size = emitter.integers({resize.size.height, resize.size.width});
  return with_operator(emitter, x, size, resize.method);
}

Expected<ValueId> enlarged(Emitter& emitter, ValueId x, PictureSize factors,
                           std::string_view method) {
  const Shape& shape = emitter.shape(x);
  if (shape[1] > 0 && shape[2] > 0)
    return resized(emitter, x, {{shape[1] * factors.height, shape[2] * factors.width}, method});
  if (method != "nearest" && method != "bilinear")
    TRY(picture_size(emitter, x, "this interpolation"));
  Extent height(x, 1), width(x, 2);
  height.times = factors.height, width.times = factors.width;
  return with_operator(emitter, x, TRY(emitter.shape_tensor({height, width})), method);
}

Expected<ValueId> cropped_to_ratio(Emitter& emitter, ValueId x, PictureSize size) {
  PictureSize from = TRY(picture_size(emitter, x, "cropping to proportions"));
  int64_t height =
      std::max<int64_t>(std::min(from.height, scaled(from.width, size.height, size.width)), 1);
  int64_t width =
      std::max<int64_t>(std::min(from.width, scaled(from.height, size.width, size.height)), 1);
  int64_t top = (from.height - height) / 2, left = (from.width - width) / 2;
  std::vector<Range> ranges(4);
  if (height < from.height) ranges[1] = {.begin = top, .end = top + height};
  if (width < from.width) ranges[2] = {.begin = left, .end = left + width};
  return emitter.slice(x, ranges);
}

Expected<ValueId> padded_to_ratio(Emitter& emitter, ValueId x, PictureSize size, double fill) {
  PictureSize from = TRY(picture_size(emitter, x, "padding to proportions"));
  int64_t height = std::max(from.height, scaled(from.width, size.height, size.width));
  int64_t width = std::max(from.width, scaled(from.height, size.width, size.height));
  // Keras puts the same on both sides, so that an odd difference loses a row.
  int64_t rows = (height - from.height) / 2, columns = (width - from.width) / 2;
  return emitter.pad(x, {{}, {rows, rows}, {columns, columns}, {}}, fill);
}

}  // namespace wherry::keras
