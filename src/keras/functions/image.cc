// Functions of pictures: resizing, cropping, padding, turning, patches.
#include <algorithm>
#include <cmath>

#include "keras/functions/resampling.h"
#include "keras/functions/shape.h"
#include "keras/functions/windows.h"
#include "ops/convolution/conv_2d.h"
#include "ops/image/resize.h"

namespace wherry::keras {
namespace {

/// One picture or a batch of them, as a batch with channels last.
struct Pictures {
  ValueId x = no_value;
  bool single = false, channels_first = false;
};

Expected<Pictures> pictures(FunctionCall& call) {
  Pictures found{.x = TRY(call.first())};
  found.single = call.rank(found.x) == 3;
  std::string format = call.newer() ? TRY(call.text("data_format", "channels_last")) : "";
  found.channels_first = format == "channels_first";
  if (found.single) found.x = TRY(call.expand(found.x, 0));
  ENSURE(call.rank(found.x) == 4, "the function needs pictures of rank 3 or 4, but gets ",
         text_of(call.shape(found.x)));
  if (found.channels_first) found.x = TRY(call.transpose(found.x, {0, 2, 3, 1}));
  return found;
}

Expected<Results> as_they_came(FunctionCall& call, const Pictures& from, ValueId y) {
  if (from.channels_first) y = TRY(call.transpose(y, {0, 3, 1, 2}));
  return from.single ? TRY(call.squeeze(y, 0)) : y;
}

/// Height and width, both known.
struct Size {
  int64_t height = -1, width = -1;
};

Expected<Size> size_of(FunctionCall& call, ValueId x) {
  Size size{call.shape(x)[1], call.shape(x)[2]};
  if (size.height <= 0 || size.width <= 0)
    return call.unsupported("pictures of unknown size are not supported here",
                            text_of(call.shape(x)));
  return size;
}

struct Resize {
  std::string method;
  bool align_corners = false, half_pixel_centers = true;
  bool antialias = false;
};

Expected<ValueId> resized(FunctionCall& call, ValueId x, ValueId size, const Resize& how) {
  if (how.method == "bilinear")
    return call.node(op::resize_bilinear,
                     op::ResizeBilinear{how.align_corners, how.half_pixel_centers},
                     {TRY(call.to_float(x)), size});
  if (how.method == "nearest")
    return call.node(op::resize_nearest_neighbor,
                     op::ResizeNearestNeighbor{how.align_corners, how.half_pixel_centers},
                     {x, size});
  std::optional<Resampling> method = resampling_named(how.method);
  auto known = call.graph().builder.known_integers(size);
  bool is_known = known && (*known)[0] == (*known)[1] && (*known)[0].size() == 2;
  if (!method || !is_known || !how.half_pixel_centers)
    return call.unsupported(cat("the interpolation ", quoted(how.method), " has no operator"),
                            quoted(how.method), "use bilinear or nearest");
  method->antialias = how.antialias;
  return resampled(call, TRY(call.to_float(x)), (*known)[0], *method);
}

/// "bilinear" of a word, or of the number that older releases wrote.
Expected<std::string> method_of(FunctionCall& call) {
  const PyValue& written = call.argument("method|interpolation");
  constexpr std::string_view numbered[] = {"bilinear", "nearest", "bicubic", "area"};
  if (written.has_integer() && written.integer() >= 0 && written.integer() < 4)
    return std::string(numbered[written.integer()]);
  std::string word = lower(written.is_none() ? "bilinear" : written.text());
  return word == "nearest_neighbor" ? std::string("nearest") : word;
}

/// The part of a picture with the target's proportions.
Expected<ValueId> cropped_to_ratio(FunctionCall& call, ValueId x, Size target) {
  Size from = TRY(size_of(call, x));
  auto scaled = [](int64_t a, int64_t b, int64_t c) {
    return static_cast<int64_t>(static_cast<float>(a * b) / static_cast<float>(c));
  };
  int64_t height =
      std::max<int64_t>(1, std::min(from.height, scaled(from.width, target.height, target.width)));
  int64_t width =
      std::max<int64_t>(1, std::min(from.width, scaled(from.height, target.width, target.height)));
  int64_t top = (from.height - height) / 2, left = (from.width - width) / 2;
  return call.slice(
      x, {{}, {.begin = top, .end = top + height}, {.begin = left, .end = left + width}, {}});
}

/// The picture with margins that give it the target's proportions.
Expected<ValueId> padded_to_ratio(FunctionCall& call, ValueId x, Size target, double filler) {
  Size from = TRY(size_of(call, x));
  auto margin = [](int64_t extent, int64_t a, int64_t b, int64_t c) {
    auto wanted = static_cast<int64_t>(static_cast<float>(a * b) / static_cast<float>(c));
    return (std::max(extent, wanted) - extent) / 2;
  };
  int64_t rows = margin(from.height, from.width, target.height, target.width);
  int64_t columns = margin(from.width, from.height, target.width, target.height);
  return call.pad(x, {{}, {rows, rows}, {columns, columns}, {}}, filler);
}

/// The largest size within `target` that keeps the proportions, as TensorFlow rounds it.
Size within(Size from, Size target) {
  double scale = std::min(static_cast<double>(target.height) / static_cast<double>(from.height),
                          static_cast<double>(target.width) / static_cast<double>(from.width));
  auto scaled = [scale](int64_t extent) {
    return static_cast<int64_t>(
        std::nearbyint(static_cast<float>(scale) * static_cast<float>(extent)));
  };
  return {scaled(from.height), scaled(from.width)};
}

ValueId as_tensor(FunctionCall& call, Size size) {
  return call.integers({size.height, size.width});
}

Expected<Results> import_resize(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  ValueId x = from.x, size = TRY(call.integer_tensor(call.argument("size", -1)));
  std::string method = TRY(method_of(call));
  bool crops = TRY(call.flag("crop_to_aspect_ratio", false));
  bool pads = TRY(call.flag("pad_to_aspect_ratio", false));
  bool keeps = TRY(call.flag("preserve_aspect_ratio", false));
  double filler = TRY(call.real("fill_value", -1, 0));
  call.ignore("fill_mode");
  bool antialias = TRY(call.flag("antialias", false));
  if (crops || pads || keeps) {
    std::vector<int64_t> known = TRY(call.integers("size"));
    ENSURE(known.size() == 2, "a size has two numbers, not ", known.size());
    Size target{known[0], known[1]};
    if (crops) x = TRY(cropped_to_ratio(call, x, target));
    if (pads) x = TRY(padded_to_ratio(call, x, target, filler));
    if (keeps) size = as_tensor(call, within(TRY(size_of(call, x)), target));
  }
  Resize how{.method = method, .antialias = antialias};
  if (antialias && method == "bilinear") how.method = "antialiased bilinear";
  return TRY(as_they_came(call, from, TRY(resized(call, x, size, how))));
}

/// compat.v1.image.resize_bilinear and the like: `op` is the method, else an argument says it.
Expected<Results> import_older_resize(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  ValueId size = TRY(call.integer_tensor(call.argument("size", -1)));
  Resize how{.method = std::string(call.def().op)};
  if (how.method.empty()) how.method = TRY(method_of(call));
  how.align_corners = TRY(call.flag("align_corners", false));
  how.half_pixel_centers = TRY(call.flag("half_pixel_centers", false));
  TRY(call.only("preserve_aspect_ratio", PyValue::of(false)));
  return TRY(as_they_came(call, from, TRY(resized(call, from.x, size, how))));
}

/// A window of a picture.
struct Box {
  int64_t top = 0, left = 0, height = 0, width = 0;
};

Expected<ValueId> cropped(FunctionCall& call, ValueId x, const Box& box) {
  ENSURE(box.top >= 0 && box.left >= 0 && box.height >= 0 && box.width >= 0,
         "a crop lies outside of the picture: ", text_of(call.shape(x)));
  return call.slice(x, {{},
                        {.begin = box.top, .end = box.top + box.height},
                        {.begin = box.left, .end = box.left + box.width},
                        {}});
}

/// The picture as the window `box` of a larger one of zeros.
Expected<ValueId> placed(FunctionCall& call, ValueId x, const Box& box, Size target) {
  int64_t bottom = target.height - box.top - box.height;
  int64_t right = target.width - box.left - box.width;
  ENSURE(box.top >= 0 && box.left >= 0 && bottom >= 0 && right >= 0, "a picture of ",
         text_of(call.shape(x)), " does not fit into its margins");
  return call.pad(x, {{}, {box.top, bottom}, {box.left, right}, {}});
}

Expected<Results> import_crop_to_box(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  Box box{TRY(call.integer("offset_height")), TRY(call.integer("offset_width")),
          TRY(call.integer("target_height")), TRY(call.integer("target_width"))};
  return TRY(as_they_came(call, from, TRY(cropped(call, from.x, box))));
}

Expected<Results> import_pad_to_box(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  Size own = TRY(size_of(call, from.x));
  Box box{TRY(call.integer("offset_height")), TRY(call.integer("offset_width")), own.height,
          own.width};
  Size target{TRY(call.integer("target_height")), TRY(call.integer("target_width"))};
  return TRY(as_they_came(call, from, TRY(placed(call, from.x, box, target))));
}

Expected<Results> import_central_crop(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  double fraction = TRY(call.real("central_fraction"));
  ENSURE(fraction > 0 && fraction <= 1, "'central_fraction' should be in (0, 1], got ", fraction);
  Size own = TRY(size_of(call, from.x));
  auto start = [fraction](int64_t extent) {
    double whole = static_cast<double>(extent);
    return static_cast<int64_t>((whole - whole * fraction) / 2);
  };
  int64_t top = start(own.height), left = start(own.width);
  Box box{top, left, own.height - 2 * top, own.width - 2 * left};
  return TRY(as_they_came(call, from, TRY(cropped(call, from.x, box))));
}

/// Cropped where too large, padded where too small, around the centre.
Expected<Results> import_crop_or_pad(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  Size own = TRY(size_of(call, from.x));
  Size target{TRY(call.integer("target_height")), TRY(call.integer("target_width"))};
  Box inner{std::max<int64_t>(0, (own.height - target.height) / 2),
            std::max<int64_t>(0, (own.width - target.width) / 2),
            std::min(own.height, target.height), std::min(own.width, target.width)};
  ValueId x = TRY(cropped(call, from.x, inner));
  Box place{std::max<int64_t>(0, (target.height - own.height) / 2),
            std::max<int64_t>(0, (target.width - own.width) / 2), inner.height, inner.width};
  return TRY(as_they_came(call, from, TRY(placed(call, x, place, target))));
}

/// Resized within the target, and centred in margins of zeros.
Expected<Results> import_resize_with_pad(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  TRY(call.only("antialias", PyValue::of(false)));
  Size own = TRY(size_of(call, from.x));
  Size target{TRY(call.integer("target_height")), TRY(call.integer("target_width"))};
  float ratio = std::max(static_cast<float>(own.height) / static_cast<float>(target.height),
                         static_cast<float>(own.width) / static_cast<float>(target.width));
  auto scaled = [ratio](int64_t extent) { return static_cast<float>(extent) / ratio; };
  auto margin = [](int64_t extent, float inner) {
    return std::max<int64_t>(
        0, static_cast<int64_t>(std::floor((static_cast<float>(extent) - inner) / 2)));
  };
  Box box{margin(target.height, scaled(own.height)), margin(target.width, scaled(own.width)),
          static_cast<int64_t>(std::floor(scaled(own.height))),
          static_cast<int64_t>(std::floor(scaled(own.width)))};
  ValueId y =
      TRY(resized(call, from.x, as_tensor(call, {box.height, box.width}), {TRY(method_of(call))}));
  return TRY(as_they_came(call, from, TRY(placed(call, y, box, target))));
}

/// Keras: three of margin, margin and extent are given for each axis.
Expected<Results> import_keras_crop(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  Size own = TRY(size_of(call, from.x));
  auto along = [&](std::string_view before, std::string_view after, std::string_view target,
                   int64_t extent) -> Expected<Margin> {
    if (!call.has(before)) {
      int64_t behind = TRY(call.integer(after));
      return Margin{extent - TRY(call.integer(target)) - behind, behind};
    }
    int64_t start = TRY(call.integer(before));
    if (call.has(target)) return Margin{start, extent - start - TRY(call.integer(target))};
    return Margin{start, TRY(call.integer(after))};
  };
  Margin rows = TRY(along("top_cropping", "bottom_cropping", "target_height", own.height));
  Margin columns = TRY(along("left_cropping", "right_cropping", "target_width", own.width));
  Box box{rows.before, columns.before, own.height - rows.before - rows.after,
          own.width - columns.before - columns.after};
  call.ignore("bottom_cropping|right_cropping");
  return TRY(as_they_came(call, from, TRY(cropped(call, from.x, box))));
}

Expected<Results> import_keras_pad(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  Size own = TRY(size_of(call, from.x));
  auto along = [&](std::string_view before, std::string_view after, std::string_view target,
                   int64_t extent) -> Expected<Margin> {
    if (!call.has(before)) {
      int64_t behind = TRY(call.integer(after));
      return Margin{TRY(call.integer(target)) - behind - extent, behind};
    }
    int64_t start = TRY(call.integer(before));
    if (call.has(after)) return Margin{start, TRY(call.integer(after))};
    return Margin{start, TRY(call.integer(target)) - start - extent};
  };
  Margin rows = TRY(along("top_padding", "bottom_padding", "target_height", own.height));
  Margin columns = TRY(along("left_padding", "right_padding", "target_width", own.width));
  call.ignore("target_height|target_width");
  ENSURE(rows.before >= 0 && rows.after >= 0 && columns.before >= 0 && columns.after >= 0,
         "a picture cannot be padded by less than nothing");
  return TRY(as_they_came(call, from, TRY(call.pad(from.x, {{}, rows, columns, {}}))));
}

Expected<Results> import_picture_transpose(FunctionCall& call) {
  ValueId x = TRY(call.first());
  return TRY(call.transpose(x, exchange(call.rank(x), call.rank(x) - 3, call.rank(x) - 2)));
}

Expected<Results> import_picture_turns(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t turns = ((TRY(call.integer("k", -1, 1)) % 4) + 4) % 4;
  int a = call.rank(x) - 3, b = call.rank(x) - 2;
  std::vector<int64_t> order = exchange(call.rank(x), a, b);
  if (turns == 2) return TRY(call.reverse(TRY(call.reverse(x, a)), b));
  if (turns == 1) return TRY(call.reverse(TRY(call.transpose(x, order)), a));
  return turns == 3 ? TRY(call.transpose(TRY(call.reverse(x, a)), order)) : x;
}

/// The sum of the distances of neighbours.
Expected<Results> import_variation(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int rank = call.rank(x);
  std::vector<int64_t> axes = {rank - 3, rank - 2, rank - 1};
  auto along = [&](int axis) -> Expected<ValueId> {
    ValueId later = TRY(call.slice_axis(x, axis, {.begin = 1}));
    ValueId earlier = TRY(call.slice_axis(x, axis, {.end = -1}));
    ValueId distance = TRY(call.node("ABS", {TRY(call.subtract(later, earlier))}));
    return call.reduce("SUM", distance, axes, false);
  };
  return TRY(call.add(TRY(along(rank - 3)), TRY(along(rank - 2))));
}

// A kernel of ones and zeros puts the pixels of each window side by side.
Expected<Results> import_patches(FunctionCall& call) {
  Pictures from = TRY(pictures(call));
  ValueId x = TRY(call.to_float(from.x));
  call.ignore("data_format");
  Windows windows = TRY(windows_of(call, 2, "sizes|size|ksizes"));
  int64_t channels = call.shape(x).back(), pixels = windows.sizes[0] * windows.sizes[1];
  ENSURE(channels > 0 && pixels * channels <= 4096, "patches of ", pixels, " pixels and ", channels,
         " channels are too large");
  int64_t count = pixels * channels;
  std::vector<float> ones(static_cast<size_t>(count * count), 0.0f);
  for (int64_t i = 0; i < count; ++i) ones[static_cast<size_t>(i * count + i)] = 1;
  ValueId kernel = call.constant(
      std::move(ones), Shape{count, windows.sizes[0], windows.sizes[1], channels}, "windows");
  ValueId bias =
      call.constant(std::vector<float>(static_cast<size_t>(count), 0.0f), {count}, "bias");
  op::Conv2D options{.padding = windows.padding,
                     .stride_w = windows.stride(1),
                     .stride_h = windows.stride(0),
                     .dilation_w_factor = windows.dilation(1),
                     .dilation_h_factor = windows.dilation(0)};
  ValueId y = TRY(call.node(op::conv_2d, options, {x, kernel, bias}));
  return TRY(as_they_came(call, from, y));
}

constexpr FunctionDef functions[] = {
    {{"image.resize"},
     {"Resize"},
     import_resize,
     {},
     0,
     "RESIZE_BILINEAR or RESIZE_NEAREST_NEIGHBOR"},
    {{"image.resize_images"},
     {},
     import_older_resize,
     {},
     0,
     "RESIZE_BILINEAR or RESIZE_NEAREST_NEIGHBOR"},
    {{"image.resize_bicubic"}, {}, import_older_resize, "bicubic", 0, "FULLY_CONNECTED"},
    {{"image.resize_bilinear"}, {}, import_older_resize, "bilinear", 0, "RESIZE_BILINEAR"},
    {{"image.resize_nearest_neighbor"},
     {},
     import_older_resize,
     "nearest",
     0,
     "RESIZE_NEAREST_NEIGHBOR"},
    {{"image.resize_with_pad"}, {}, import_resize_with_pad, {}, 0, "RESIZE_BILINEAR and PAD"},
    {{"image.crop_to_bounding_box"}, {}, import_crop_to_box, {}, 0, "STRIDED_SLICE"},
    {{"image.pad_to_bounding_box"}, {}, import_pad_to_box, {}, 0, "PAD"},
    {{"image.central_crop"}, {}, import_central_crop, {}, 0, "STRIDED_SLICE"},
    {{"image.resize_with_crop_or_pad", "image.resize_image_with_crop_or_pad"},
     {},
     import_crop_or_pad,
     {},
     0,
     "STRIDED_SLICE and PAD"},
    {{}, {"CropImages"}, import_keras_crop, {}, 0, "STRIDED_SLICE"},
    {{}, {"PadImages"}, import_keras_pad, {}, 0, "PAD"},
    {{"image.transpose", "image.transpose_image"},
     {},
     import_picture_transpose,
     {},
     0,
     "TRANSPOSE"},
    {{"image.rot90"}, {}, import_picture_turns, {}, 0, "TRANSPOSE and REVERSE_V2"},
    {{"image.total_variation"}, {}, import_variation, {}, 0, "STRIDED_SLICE, ABS and SUM"},
    {{"image.extract_patches", "image.extract_image_patches"},
     {"ExtractPatches"},
     import_patches,
     {},
     0,
     "CONV_2D"},
};

}  // namespace

FunctionTable image_functions() { return function_table(functions); }

}  // namespace wherry::keras
