// TransformLandmarks: points moved by a matrix.
#include "ops/detection/transform_landmarks.h"

#include "ops/context.h"
#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

struct Settings {
  int64_t dimensions = 3;
  float scale = 1;  ///< of the shifts
};

/// The rank of the points says which version it is.
Expected<Settings> settings_of(const Node& node, const Shape& points) {
  std::string_view op = node.op->name;
  ENSURE((points.rank() == 3 || points.rank() == 4) && points[0] == 1, op,
         " needs points of shape [1, count, 2 or 3] or [1, height, width, channels], got ", points);
  Settings settings;
  if (points.rank() == 3) {
    settings.dimensions = points[2];
  } else {
    CustomOptions options = TRY(CustomOptions::read(node.attributes.as<Custom>().options, op));
    settings = {TRY(options.integer("dimensions", 3)),
                static_cast<float>(TRY(options.real("scale", 1)))};
  }
  ENSURE(settings.dimensions == 2 || settings.dimensions == 3, op,
         " needs points of 2 or 3 dimensions, got ", settings.dimensions);
  ENSURE(points.back() % settings.dimensions == 0, op, " on points of ", settings.dimensions,
         " dimensions needs a multiple of as many channels, got the shape ", points);
  ENSURE(settings.scale != 0, op, " needs a scale other than 0");
  return settings;
}

Status infer_transform_landmarks(InferContext& context) {
  TRY(settings_of(context.node(), context.shape(0)));
  ENSURE(context.shape(1).elements() == 16, context.op().name,
         " needs a matrix of 4 x 4 numbers, got the shape ", context.shape(1));
  return context.set_output(0, DType::f32, context.shape(0));
}

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node(), call.shape(0)));
  const float *point = call.data<float>(0), *matrix = call.data<float>(1);
  float* moved = call.result<float>(0);
  const float shift_x = matrix[3] * settings.scale, shift_y = matrix[7] * settings.scale;
  const int64_t count = call.output(0).elements() / settings.dimensions;
  for (int64_t i = 0; i < count; ++i) {
    const float x = point[0], y = point[1];
    moved[0] = matrix[0] * x + matrix[1] * y + shift_x;
    moved[1] = matrix[4] * x + matrix[5] * y + shift_y;
    if (settings.dimensions == 3) moved[2] = point[2];
    point += settings.dimensions;
    moved += settings.dimensions;
  }
  return {};
}

bool has_version_2(const Graph& graph, const Node& node) {
  const TensorType* points = input_type(graph, node, 0);
  return points && points->shape.rank() == 3;
}

}  // namespace

constinit const OpDef transform_landmarks = {
    .name = "TransformLandmarks",
    .attributes = &custom_attributes,
    .inputs = {{"points", DType::f32}, {"matrix", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1}, {2, "", {}, has_version_2}},
    .infer = infer_transform_landmarks,
    .reference = reference,
    .doc =
        "MediaPipe's points moved by a 4 x 4 matrix, a third coordinate stays; options dimensions "
        "and scale (version 1)"};

OpTable transform_landmarks_ops() { return op_table(transform_landmarks); }

}  // namespace wherry::op
