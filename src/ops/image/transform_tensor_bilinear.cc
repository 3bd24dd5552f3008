// TransformTensorBilinear: looks up each output pixel where a matrix says it lies in an image.
#include "ops/image/transform_tensor_bilinear.h"

#include <algorithm>
#include <cmath>

#include "ops/context.h"
#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

struct Settings {
  int64_t height = 0, width = 0;
  bool centres = false;  ///< version 2: positions count from pixel centres
};

Expected<Settings> settings_of(const Node& node) {
  std::string_view op = node.op->name;
  CustomOptions options = TRY(CustomOptions::read(node.attributes.as<Custom>().options, op));
  Settings settings;
  if (options.has("output_height") || options.has("output_width")) {
    settings = {TRY(options.integer("output_height")), TRY(options.integer("output_width")), true};
  } else {
    std::vector<int64_t> size = TRY(options.integers("output_size"));
    ENSURE(size.size() == 2, op, " needs output_size as [height, width], got ", size);
    settings = {size[0], size[1], false};
  }
  if (options.has("mode")) {
    std::string mode = TRY(options.text("mode"));
    ENSURE_CODE(ErrorCode::unsupported, mode == "bilinear", op, " has the unknown mode ",
                quoted(mode), "; known: bilinear");
  }
  ENSURE(settings.height >= 1 && settings.width >= 1, op, " needs an output of 1 x 1 or more, got ",
         settings.height, " x ", settings.width);
  return settings;
}

Status infer_transform_tensor(InferContext& context) {
  Settings settings = TRY(settings_of(context.node()));
  const Shape& image = context.shape(0);
  ENSURE(image.rank() == 4 && image[0] == 1, context.op().name,
         " needs an image of shape [1, height, width, channels], got ", image);
  ENSURE(context.shape(1).elements() == 16, context.op().name,
         " needs a matrix of 4 x 4 numbers, got the shape ", context.shape(1));
  return context.set_output(0, DType::f32, {1, settings.height, settings.width, image[3]});
}

/// A row of the matrix as far as it counts: output points lie at z = 0.
struct Row {
  float x, y, shift;
  float at(int64_t px, int64_t py) const {
    return x * static_cast<float>(px) + y * static_cast<float>(py) + shift;
  }
};

Row row_of(const float* matrix, bool centres) {
  Row row{matrix[0], matrix[1], matrix[3]};
  if (centres) {
    double to_centre = double{row.x} * 0.5 + double{row.y} * 0.5 - 0.5;
    row.shift = static_cast<float>(double{row.shift} + to_centre);
  }
  return row;
}

class Image {
 public:
  Image(const float* pixels, const Shape& shape)
      : pixels_(pixels), height_(shape[1]), width_(shape[2]), channels_(shape[3]) {}

  /// False for positions that are not numbers as well.
  bool contains(float x, float y) const {
    return x >= 0 && x <= static_cast<float>(width_ - 1) && y >= 0 &&
           y <= static_cast<float>(height_ - 1);
  }
  /// `x`, `y` lie on the image.
  void read(float x, float y, float* out) const {
    const auto left = static_cast<int64_t>(x), top = static_cast<int64_t>(y);
    const float right_share = x - std::floor(x), lower_share = y - std::floor(y);
    for (int64_t channel = 0; channel < channels_; ++channel) {
      float upper = mix(pixel(left, top, channel), pixel(left + 1, top, channel), right_share);
      float lower =
          mix(pixel(left, top + 1, channel), pixel(left + 1, top + 1, channel), right_share);
      out[channel] = mix(upper, lower, lower_share);
    }
  }

 private:
  static float mix(float a, float b, float share) {
    return static_cast<float>((1.0 - double{share}) * double{a} + double{share * b});
  }
  /// Zero beyond the last column and row.
  float pixel(int64_t x, int64_t y, int64_t channel) const {
    if (x >= width_ || y >= height_) return 0;
    return pixels_[(y * width_ + x) * channels_ + channel];
  }

  const float* pixels_;
  int64_t height_, width_, channels_;
};

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node()));
  const Image image(call.data<float>(0), call.shape(0));
  const float* matrix = call.data<float>(1);
  const Row to_x = row_of(matrix, settings.centres), to_y = row_of(matrix + 4, settings.centres);
  const int64_t channels = call.shape(0)[3];
  float* out = call.result<float>(0);
  for (int64_t py = 0; py < settings.height; ++py) {
    for (int64_t px = 0; px < settings.width; ++px, out += channels) {
      const float x = to_x.at(px, py), y = to_y.at(px, py);
      if (image.contains(x, y))
        image.read(x, y, out);
      else
        std::fill_n(out, channels, 0.0f);
    }
  }
  return {};
}

bool has_version_2(const Graph&, const Node& node) {
  auto settings = settings_of(node);
  return settings && settings->centres;
}

}  // namespace

constinit const OpDef transform_tensor_bilinear = {
    .name = "TransformTensorBilinear",
    .attributes = &custom_attributes,
    .inputs = {{"image", DType::f32}, {"matrix", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}, {2, "", {}, has_version_2}},
    .infer = infer_transform_tensor,
    .reference = reference,
    .doc =
        "MediaPipe's cut-out of an image along a 4 x 4 matrix, bilinear, zero outside; options "
        "output_height and output_width, or output_size (version 1)"};

OpTable transform_tensor_bilinear_ops() { return op_table(transform_tensor_bilinear); }

}  // namespace wherry::op
