// Functions of pictures that change colours or find edges: colour spaces, contrast, gradients.
#include <cmath>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/linear.h"
#include "keras/functions/shape.h"
#include "keras/nonlinearity.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/shape/mirror_pad.h"

namespace wherry::keras {
namespace {

/// A row of pixels times a matrix of colours [from, to].
Expected<ValueId> recoloured(FunctionCall& call, ValueId x, std::vector<float> matrix,
                             int64_t colours) {
  int64_t from = static_cast<int64_t>(matrix.size()) / colours;
  ENSURE(call.shape(x).back() == from, "pictures of ", from, " channels are expected, but got ",
         text_of(call.shape(x)));
  ValueId table = call.constant(std::move(matrix), Shape{from, colours}, "colours");
  return matrix_product(call, x, table);
}

/// The largest number of an integer type of pictures; 0 for others.
double largest_of(DType dtype) {
  return dtype == DType::u8    ? 255
         : dtype == DType::i16 ? 32767
         : dtype == DType::i32 ? 2147483647.0
                               : 0;
}

/// Integers as shares of their largest number.
Expected<ValueId> as_shares(FunctionCall& call, ValueId x) {
  double largest = largest_of(call.dtype(x));
  ValueId y = TRY(call.to_float(x));
  return largest == 0 ? Expected<ValueId>(y) : call.times(y, 1 / largest);
}

/// Shares as integers of a type, cut off at its ends where asked.
Expected<ValueId> as_integers(FunctionCall& call, ValueId y, DType dtype, bool saturate) {
  double largest = largest_of(dtype);
  if (largest == 0) return y;
  y = TRY(call.times(y, largest + 0.5));
  if (dtype == DType::i32) largest -= 127;  // the next float below 2^31
  if (saturate) y = TRY(clip(call, y, dtype == DType::u8 ? 0 : -largest - 1, largest));
  return call.cast(y, dtype);
}

Expected<Results> import_grayscale(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::string format = call.newer() ? TRY(call.text("data_format", "channels_last")) : "";
  int axis = format == "channels_first" ? call.rank(x) - 3 : call.rank(x) - 1;
  ENSURE(axis >= 0, "a picture is expected, not ", text_of(call.shape(x)));
  if (call.shape(x)[axis] == 1) return x;
  DType dtype = call.dtype(x);
  std::vector<int64_t> order = exchange(call.rank(x), axis, call.rank(x) - 1);
  ValueId floats = TRY(call.newer() ? call.to_float(x) : as_shares(call, x));
  ValueId pixels = TRY(call.transpose(floats, order));
  ValueId y = TRY(recoloured(call, pixels, {0.2989f, 0.5870f, 0.1140f}, 1));
  y = TRY(call.transpose(y, order));
  return TRY(call.newer() ? call.cast(y, dtype) : as_integers(call, y, dtype, false));
}

/// `number` tells which colours: 0 YUV, 1 back, 2 YIQ, 3 back.
Expected<Results> import_colours(FunctionCall& call) {
  const std::vector<float> tables[] = {
      {0.299f, -0.14714119f, 0.61497538f, 0.587f, -0.28886916f, -0.51496512f, 0.114f, 0.43601035f,
       -0.10001026f},
      {1, 1, 1, 0, -0.394642334f, 2.03206185f, 1.13988303f, -0.58062185f, 0},
      {0.299f, 0.59590059f, 0.2115f, 0.587f, -0.27455667f, -0.52273617f, 0.114f, -0.32134392f,
       0.31119955f},
      {1, 1, 1, 0.95598634f, -0.27201283f, -1.10674021f, 0.6208248f, -0.64720424f, 1.70423049f}};
  ValueId x = TRY(call.float_first());
  return TRY(recoloured(call, x, tables[static_cast<size_t>(call.def().number)], 3));
}

Expected<Results> import_three_channels(FunctionCall& call) {
  ValueId x = TRY(call.first());
  ENSURE(call.shape(x).back() == 1, "a picture of one channel is expected, but got ",
         text_of(call.shape(x)));
  std::vector<int64_t> multiples(static_cast<size_t>(call.rank(x)), 1);
  multiples.back() = 3;
  return TRY(call.tile(x, multiples));
}

Expected<ValueId> mean_of_pixels(FunctionCall& call, ValueId x) {
  return call.reduce("MEAN", x, {call.rank(x) - 3, call.rank(x) - 2}, true);
}

Expected<Results> import_brightness(FunctionCall& call) {
  DType dtype = call.dtype(TRY(call.first()));
  ValueId x = TRY(as_shares(call, TRY(call.first())));
  x = TRY(call.add(x, TRY(call.tensor_like("delta", -1, DType::f32))));
  return TRY(as_integers(call, x, dtype, true));
}

Expected<Results> import_contrast(FunctionCall& call) {
  DType dtype = call.dtype(TRY(call.first()));
  ValueId x = TRY(as_shares(call, TRY(call.first())));
  ValueId factor = TRY(call.tensor_like("contrast_factor", -1, DType::f32));
  ValueId mean = TRY(mean_of_pixels(call, x));
  x = TRY(call.add(TRY(call.multiply(TRY(call.subtract(x, mean)), factor)), mean));
  return TRY(as_integers(call, x, dtype, true));
}

Expected<Results> import_gamma(FunctionCall& call) {
  DType dtype = call.dtype(TRY(call.first()));
  ValueId x = TRY(as_shares(call, TRY(call.first())));
  double gamma = TRY(call.real("gamma", -1, 1)), gain = TRY(call.real("gain", -1, 1));
  ValueId power = TRY(call.node("POW", {x, TRY(call.number(gamma, x))}));
  return TRY(as_integers(call, TRY(call.times(power, gain)), dtype, true));
}

/// (x - mean) / max(deviation, 1 / sqrt(count)).
Expected<Results> import_standardization(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int rank = call.rank(x);
  ENSURE(rank >= 3, "a picture of rank 3 or more is expected");
  std::vector<int64_t> axes = {rank - 3, rank - 2, rank - 1};
  int64_t count = 1;
  for (int64_t at : axes) {
    int64_t extent = call.shape(x)[static_cast<int>(at)];
    if (extent < 0)
      return call.unsupported("pictures of unknown size are not supported here",
                              text_of(call.shape(x)));
    count *= extent;
  }
  ValueId mean = TRY(call.reduce("MEAN", x, axes, true));
  ValueId squares = TRY(call.node("SQUARED_DIFFERENCE", {x, mean}));
  ValueId deviation = TRY(call.node("SQRT", {TRY(call.reduce("MEAN", squares, axes, true))}));
  deviation = TRY(call.at_least(deviation, 1 / std::sqrt(static_cast<double>(count))));
  return TRY(call.divide(TRY(call.subtract(x, mean)), deviation));
}

/// Integers of their whole range as 0 to 1.
Expected<Results> import_convert(FunctionCall& call) {
  ValueId x = TRY(call.first());
  DType to = TRY(call.dtype_argument("dtype", DType::f32)), from = call.dtype(x);
  bool saturate = TRY(call.flag("saturate", false));
  if (to == from) return x;
  bool is_known =
      (to == DType::f32 && largest_of(from) != 0) || (from == DType::f32 && largest_of(to) != 0);
  if (!is_known)
    return call.unsupported("this conversion of pictures is not supported",
                            cat(name_of(from), " to ", name_of(to)));
  return TRY(to == DType::f32 ? as_shares(call, x) : as_integers(call, x, to, saturate));
}

/// The three channels of a picture, each with an axis of one element.
struct Channels {
  int axis = 0;
  ValueId first = no_value, second = no_value, third = no_value;
};

Expected<Channels> channels_of(FunctionCall& call, ValueId x) {
  std::string format = call.newer() ? TRY(call.text("data_format", "channels_last")) : "";
  int axis = format == "channels_first" ? call.rank(x) - 3 : call.rank(x) - 1;
  ENSURE(axis >= 0 && call.shape(x)[axis] == 3, "a picture of three channels is expected, not ",
         text_of(call.shape(x)));
  std::vector<ValueId> parts = TRY(call.split(x, {1, 1, 1}, axis));
  return Channels{axis, parts[0], parts[1], parts[2]};
}

/// Hue is measured from the highest of the colours.
Expected<Channels> hue_of(FunctionCall& call, const Channels& rgb) {
  ValueId highest = TRY(call.maximum(TRY(call.maximum(rgb.first, rgb.second)), rgb.third));
  ValueId lowest = TRY(call.minimum(TRY(call.minimum(rgb.first, rgb.second)), rgb.third));
  ValueId range = TRY(call.subtract(highest, lowest));
  ValueId saturation = TRY(quotient_or_zero(call, range, highest));
  auto hue = [&](ValueId a, ValueId b, double from) -> Expected<ValueId> {
    ValueId distance = TRY(quotient_or_zero(call, TRY(call.subtract(a, b)), range));
    return call.plus(TRY(call.times(distance, 1.0 / 6)), from);
  };
  ValueId red = TRY(hue(rgb.second, rgb.third, 0));
  ValueId green = TRY(hue(rgb.third, rgb.first, 2.0 / 6));
  ValueId blue = TRY(hue(rgb.first, rgb.second, 4.0 / 6));
  ValueId is_green = TRY(call.node("EQUAL", {rgb.second, highest}));
  ValueId is_red = TRY(call.node("EQUAL", {rgb.first, highest}));
  ValueId angle = TRY(call.select(is_red, red, TRY(call.select(is_green, green, blue))));
  ValueId turned = TRY(call.plus(angle, 1));
  angle = TRY(call.select(TRY(compare(call, "LESS", angle, 0)), turned, angle));
  ValueId is_gray = TRY(compare(call, "LESS_EQUAL", range, 0));
  angle = TRY(call.select(is_gray, TRY(call.number(0, angle)), angle));
  return Channels{rgb.axis, angle, saturation, highest};
}

Expected<ValueId> joined(FunctionCall& call, const Channels& channels) {
  return call.concatenate({channels.first, channels.second, channels.third}, channels.axis);
}

Expected<Results> import_rgb_to_hsv(FunctionCall& call) {
  Channels rgb = TRY(channels_of(call, TRY(call.float_first())));
  return TRY(joined(call, TRY(hue_of(call, rgb))));
}

/// Each colour is a trapezium over the hue.
Expected<Channels> colours_of(FunctionCall& call, const Channels& hsv) {
  ValueId turn = TRY(call.times(hsv.first, 6)), one = TRY(call.number(1, turn));
  auto colour = [&](double centre, double sign, double offset) -> Expected<ValueId> {
    ValueId distance = TRY(call.node("ABS", {TRY(call.plus(turn, -centre))}));
    ValueId share = TRY(clip(call, TRY(call.plus(TRY(call.times(distance, sign)), offset)), 0, 1));
    ValueId tinted = TRY(call.multiply(hsv.second, share));
    ValueId base = TRY(call.subtract(one, hsv.second));
    return call.multiply(TRY(call.add(base, tinted)), hsv.third);
  };
  ValueId red = TRY(colour(3, 1, -1)), green = TRY(colour(2, -1, 2)), blue = TRY(colour(4, -1, 2));
  return Channels{hsv.axis, red, green, blue};
}

Expected<Results> import_hsv_to_rgb(FunctionCall& call) {
  Channels hsv = TRY(channels_of(call, TRY(call.float_first())));
  return TRY(joined(call, TRY(colours_of(call, hsv))));
}

/// `number` 0: turns the hue by a part of a whole turn, 1: multiplies the saturation.
Expected<Results> import_shifted_colours(FunctionCall& call) {
  DType dtype = call.dtype(TRY(call.first()));
  Channels rgb = TRY(channels_of(call, TRY(as_shares(call, TRY(call.first())))));
  Channels hsv = TRY(hue_of(call, rgb));
  if (call.def().number == 0) {
    ValueId delta = TRY(call.tensor_like("delta", -1, DType::f32));
    ValueId turned = TRY(call.add(hsv.first, delta));
    hsv.first = TRY(call.node("FLOOR_MOD", {turned, TRY(call.number(1, turned))}));
  } else {
    ValueId factor = TRY(call.tensor_like("saturation_factor", -1, DType::f32));
    hsv.second = TRY(clip(call, TRY(call.multiply(hsv.second, factor)), 0, 1));
  }
  ValueId y = TRY(joined(call, TRY(colours_of(call, hsv))));
  return TRY(as_integers(call, y, dtype, true));
}

/// Differences downwards and to the right, 0 at the edge.
Expected<Results> import_gradients(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ENSURE(call.rank(x) == 4, "pictures of rank 4 are expected, not ", text_of(call.shape(x)));
  std::vector<ValueId> results;
  for (int axis : {1, 2}) {
    ValueId later = TRY(call.slice_axis(x, axis, {.begin = 1}));
    ValueId earlier = TRY(call.slice_axis(x, axis, {.end = -1}));
    std::vector<Margin> margins(4);
    margins[static_cast<size_t>(axis)] = {0, 1};
    results.push_back(TRY(call.pad(TRY(call.subtract(later, earlier)), margins)));
  }
  return results;
}

Expected<ValueId> mirrored(FunctionCall& call, ValueId x, int32_t margin) {
  std::vector<int32_t> amounts = {0, 0, margin, margin, margin, margin, 0, 0};
  ValueId table = call.constant(std::move(amounts), Shape{4, 2}, "paddings");
  return call.node(op::mirror_pad, op::MirrorPad{MirrorMode::reflect}, {x, table});
}

/// Sobel's two filters over each channel.
Expected<Results> import_edges(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  bool is_first =
      call.newer() && TRY(call.text("data_format", "channels_last")) == "channels_first";
  if (is_first && call.rank(x) == 4) x = TRY(call.transpose(x, {0, 2, 3, 1}));
  bool knows = call.rank(x) == 4 && call.shape(x).back() > 0;
  ENSURE(knows, "pictures of rank 4 are expected, not ", text_of(call.shape(x)));
  constexpr float down[3][3] = {{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}};
  int64_t channels = call.shape(x).back();
  std::vector<float> weights;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      for (int64_t channel = 0; channel < channels; ++channel) {
        weights.push_back(down[row][column]);
        weights.push_back(down[column][row]);
      }
    }
  }
  ValueId kernel = call.constant(std::move(weights), Shape{1, 3, 3, 2 * channels}, "sobel");
  ValueId bias = call.constant(std::vector<float>(static_cast<size_t>(2 * channels), 0.0f),
                               {2 * channels}, "bias");
  Extents shape = call.extents(x);
  shape.push_back(2);
  op::DepthwiseConv2D options{.padding = Padding::valid, .depth_multiplier = 2};
  ValueId y =
      TRY(call.node(op::depthwise_conv_2d, options, {TRY(mirrored(call, x, 1)), kernel, bias}));
  y = TRY(call.reshape(y, shape));
  return is_first ? TRY(call.transpose(y, {0, 3, 1, 2, 4})) : y;
}

constexpr FunctionDef functions[] = {
    {{"image.rgb_to_grayscale"}, {"RGBToGrayscale"}, import_grayscale, {}, 0, "FULLY_CONNECTED"},
    {{"image.grayscale_to_rgb"}, {}, import_three_channels, {}, 0, "TILE"},
    {{"image.rgb_to_yuv"}, {}, import_colours, {}, 0, "FULLY_CONNECTED"},
    {{"image.yuv_to_rgb"}, {}, import_colours, {}, 1, "FULLY_CONNECTED"},
    {{"image.rgb_to_yiq"}, {}, import_colours, {}, 2, "FULLY_CONNECTED"},
    {{"image.yiq_to_rgb"}, {}, import_colours, {}, 3, "FULLY_CONNECTED"},
    {{"image.adjust_brightness"}, {}, import_brightness, {}, 0, "ADD"},
    {{"image.adjust_contrast"}, {}, import_contrast, {}, 0, "MEAN, SUB, MUL and ADD"},
    {{"image.adjust_hue"}, {}, import_shifted_colours, {}, 0, "comparisons, FLOOR_MOD and MUL"},
    {{"image.adjust_saturation"}, {}, import_shifted_colours, {}, 1, "comparisons and MUL"},
    {{"image.adjust_gamma"}, {}, import_gamma, {}, 0, "POW and MUL"},
    {{"image.per_image_standardization"}, {}, import_standardization, {}, 0, "MEAN, SQRT and DIV"},
    {{"image.convert_image_dtype"}, {}, import_convert, {}, 0, "CAST and MUL"},
    {{"image.rgb_to_hsv"}, {"RGBToHSV"}, import_rgb_to_hsv, {}, 0, "comparisons and DIV"},
    {{"image.hsv_to_rgb"}, {"HSVToRGB"}, import_hsv_to_rgb, {}, 0, "ABS, MUL and ADD"},
    {{"image.image_gradients"}, {}, import_gradients, {}, 0, "STRIDED_SLICE, SUB and PAD"},
    {{"image.sobel_edges"},
     {"SobelEdges"},
     import_edges,
     {},
     0,
     "MIRROR_PAD and DEPTHWISE_CONV_2D"},
};

}  // namespace

FunctionTable colours_functions() { return function_table(functions); }

}  // namespace wherry::keras
