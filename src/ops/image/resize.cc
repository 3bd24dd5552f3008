// RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: images of another size.
#include "ops/image/resize.h"

#include <algorithm>

#include "ops/context.h"
#include "ops/fixed_point.h"
#include "ops/image/resize_positions.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field bilinear_fields[] = {
    field<&ResizeBilinear::align_corners>("align_corners", 2),
    field<&ResizeBilinear::half_pixel_centers>("half_pixel_centers", 3)};
constexpr Field nearest_fields[] = {
    field<&ResizeNearestNeighbor::align_corners>("align_corners", 0),
    field<&ResizeNearestNeighbor::half_pixel_centers>("half_pixel_centers", 1)};

/// Of a side of the result: its positions are held in tables, however few bytes a pixel has.
constexpr int64_t most_pixels = int64_t{1} << 24;

Status infer_resize(InferContext& context) {
  const Shape& data = context.shape(0);
  std::string_view name = context.op().name;
  ENSURE(data.rank() == 4, name, " needs data of rank 4 (NHWC), got the shape ", data);
  ENSURE(data[1] >= 1 && data[2] >= 1, name, " cannot enlarge the empty image ", data);
  std::vector<int64_t> size = TRY(context.integers(1));
  ENSURE(size.size() == 2 && size[0] >= 1 && size[1] >= 1, name,
         " needs a size of two positive numbers (height, width), got ", size);
  ENSURE(std::max(size[0], size[1]) <= most_pixels, name, " makes images of at most ", most_pixels,
         " pixels a side, got the size ", size);
  return context.set_output(0, context.dtype(0), {data[0], size[0], size[1], data[3]});
}

/// The centre rule excludes aligned corners; the stock runtime refuses both together.
Status infer_bilinear(InferContext& context) {
  const auto& attributes = context.attributes<ResizeBilinear>();
  ENSURE(!(attributes.align_corners && attributes.half_pixel_centers),
         "RESIZE_BILINEAR cannot have both align_corners and half_pixel_centers");
  return infer_resize(context);
}

/// Calls mix(a, b, c, d, y part, x part) with the four neighbours of each result: above left, below
/// left, above right, below right.
template <class T, class Part, class Mix>
void interpolate(Call& call, const std::vector<Between<Part>>& rows,
                 const std::vector<Between<Part>>& columns, Mix mix) {
  const Shape& in = call.shape(0);
  int64_t channels = in[3], row_size = in[2] * channels;
  const T* image = call.data<T>(0);
  T* y = call.result<T>(0);
  for (int64_t batch = 0; batch < in[0]; ++batch, image += in[1] * row_size) {
    for (const Between<Part>& row : rows) {
      const T *above = image + row.low * row_size, *below = image + row.high * row_size;
      for (const Between<Part>& column : columns) {
        int64_t left = column.low * channels, right = column.high * channels;
        for (int64_t c = 0; c < channels; ++c)
          *y++ = mix(above[left + c], below[left + c], above[right + c], below[right + c], row.part,
                     column.part);
      }
    }
  }
}

template <class T>
void interpolate_floats(Call& call, ResizeModes modes) {
  const Shape &in = call.shape(0), &out = call.output(0).shape();
  interpolate<T>(call, float_positions(in[1], out[1], modes), float_positions(in[2], out[2], modes),
                 [](T above_left, T below_left, T above_right, T below_right, float y, float x) {
                   float value = static_cast<float>(above_left) * (1 - y) * (1 - x) +
                                 static_cast<float>(below_left) * y * (1 - x) +
                                 static_cast<float>(above_right) * (1 - y) * x +
                                 static_cast<float>(below_right) * y * x;
                   if constexpr (std::is_integral_v<T>)
                     return round_to<T>(static_cast<double>(value));
                   else
                     return value;
                 });
}

template <class T>
void interpolate_integers(Call& call, ResizeModes modes) {
  const Shape &in = call.shape(0), &out = call.output(0).shape();
  interpolate<T>(
      call, fixed_positions(in[1], out[1], modes), fixed_positions(in[2], out[2], modes),
      [](T above_left, T below_left, T above_right, T below_right, int64_t y, int64_t x) {
        int64_t sum = above_left * (1024 - y) * (1024 - x) + below_left * y * (1024 - x) +
                      above_right * (1024 - y) * x + below_right * y * x;
        int64_t half = sum > 0 ? 1 << 19 : -(1 << 19);
        return static_cast<T>((sum + half) / (1 << 20));
      });
}

Status run_bilinear(Call& call) {
  const auto& attributes = call.attributes<ResizeBilinear>();
  ResizeModes modes{attributes.align_corners, attributes.half_pixel_centers};
  if (call.output(0).elements() == 0) return {};
  switch (call.dtype(0)) {
    case DType::f32:
      interpolate_floats<float>(call, modes);
      break;
    case DType::u8:
      interpolate_floats<uint8_t>(call, modes);
      break;
    case DType::i8:
      interpolate_integers<int8_t>(call, modes);
      break;
    default:
      interpolate_integers<int16_t>(call, modes);
      break;
  }
  return {};
}

Status run_nearest(Call& call) {
  const auto& attributes = call.attributes<ResizeNearestNeighbor>();
  ResizeModes modes{attributes.align_corners, attributes.half_pixel_centers};
  const Shape &in = call.shape(0), &out = call.output(0).shape();
  if (out.elements() == 0) return {};
  int64_t pixel = in[3] * bits_of(call.dtype(0)) / 8;
  const std::byte* image = call.input(0).data;
  std::byte* y = call.output(0).data;
  for (int64_t batch = 0; batch < in[0]; ++batch, image += in[1] * in[2] * pixel) {
    for (int64_t oy = 0; oy < out[1]; ++oy) {
      const std::byte* row = image + nearest(oy, in[1], out[1], modes) * in[2] * pixel;
      for (int64_t ox = 0; ox < out[2]; ++ox, y += pixel)
        std::copy_n(row + nearest(ox, in[2], out[2], modes) * pixel, pixel, y);
    }
  }
  return {};
}

bool bilinear_uses_centers(const Graph&, const Node& node) {
  return node.attributes.as<ResizeBilinear>().half_pixel_centers;
}
bool nearest_uses_modes(const Graph&, const Node& node) {
  const auto& attributes = node.attributes.as<ResizeNearestNeighbor>();
  return attributes.align_corners || attributes.half_pixel_centers;
}

constexpr TypeSet interpolated_types = one_of(DType::f32) | quantized_types;
constexpr TypeSet copied_types = one_of(DType::f32, DType::f16, DType::i32, DType::u32, DType::u8,
                                        DType::i8, DType::i16, DType::u16, DType::boolean);

}  // namespace

constinit const AttributesType resize_bilinear_attributes =
    attributes_type<ResizeBilinear>(bilinear_fields, 15);
constinit const AttributesType resize_nearest_neighbor_attributes =
    attributes_type<ResizeNearestNeighbor>(nearest_fields, 74);

constinit const OpDef resize_family[2] = {
    {.name = "RESIZE_BILINEAR",
     .code = 23,
     .attributes = &resize_bilinear_attributes,
     .inputs = {{"x", interpolated_types}, {"size", DType::i32}},
     .outputs = {{"y", interpolated_types}},
     .versions = {{1, "1.7.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.2.0", {}, bilinear_uses_centers},
                  {4, "2.5.0", DType::i16}},
     .infer = infer_bilinear,
     .reference = run_bilinear,
     .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
     .doc = "an image of another size, interpolated between neighbours"},
    {.name = "RESIZE_NEAREST_NEIGHBOR",
     .code = 97,
     .attributes = &resize_nearest_neighbor_attributes,
     .inputs = {{"x", copied_types}, {"size", DType::i32}},
     .outputs = {{"y", copied_types}},
     .versions = {{1, "1.13.1"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", {}, nearest_uses_modes},
                  {4, "2.4.0", DType::i16}},
     .infer = infer_resize,
     .reference = run_nearest,
     .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
     .doc = "an image of another size, each pixel copied from the nearest one"}};

OpTable resize_ops() { return op_table(resize_family); }

}  // namespace wherry::op
