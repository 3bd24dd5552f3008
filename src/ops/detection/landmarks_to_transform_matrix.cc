// Landmarks2TransformMatrix: from points on a picture to the cut-out around some of them.
#include "ops/detection/landmarks_to_transform_matrix.h"

#include <algorithm>
#include <cmath>

#include "ops/context.h"
#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

struct Settings {
  int version = 2;
  std::vector<int64_t> subset;  ///< points that the cut-out surrounds
  int64_t left = 0, right = 0;  ///< points that lie side by side in the cut-out
  int64_t height = 0, width = 0;
  int64_t picture_height = 0, picture_width = 0;  ///< version 1
  float range = 1;                                ///< version 1: what coordinates count up to
  float scale_x = 1, scale_y = 1, turn = 0;
};

/// Not negative; within the points: see infer.
Expected<int64_t> point_index(const CustomOptions& options, std::string_view name,
                              std::string_view op) {
  int64_t index = TRY(options.integer(name));
  ENSURE(index >= 0, op, " needs ", name, " of 0 or more, got ", index);
  return index;
}

Expected<float> positive(const CustomOptions& options, std::string_view name, std::string_view op) {
  double value = TRY(options.real(name));
  ENSURE(value > 0 && std::isfinite(value), op, " needs ", name, " above 0, got ", value);
  return static_cast<float>(value);
}

struct Extent {
  int64_t height, width;
};

Expected<Extent> extent(const CustomOptions& options, std::string_view name, std::string_view op) {
  std::vector<int64_t> size = TRY(options.integers(name));
  ENSURE(size.size() == 2 && size[0] >= 1 && size[1] >= 1, op, " needs ", name,
         " as [height, width] of 1 or more, got ", size);
  return Extent{size[0], size[1]};
}

Status read_version_1(const CustomOptions& options, std::string_view op, Settings& settings) {
  const Extent picture = TRY(extent(options, "input_hw", op));
  const Extent cut = TRY(extent(options, "output_hw", op));
  settings.picture_height = picture.height;
  settings.picture_width = picture.width;
  settings.height = cut.height;
  settings.width = cut.width;
  settings.range = TRY(positive(options, "landmarks_range", op));
  settings.scale_x = static_cast<float>(TRY(options.real("bbox_size_multiplier")));
  ENSURE(settings.scale_x != 0, op, " needs a bbox_size_multiplier other than 0");
  settings.scale_y = settings.scale_x;
  int64_t dimensions = TRY(options.integer("dimensions"));
  ENSURE(dimensions == 3, op, " needs points of 3 dimensions, got ", dimensions);
  return {};
}

Status read_version_2(const CustomOptions& options, std::string_view op, Settings& settings) {
  settings.height = TRY(options.integer("output_height"));
  settings.width = TRY(options.integer("output_width"));
  ENSURE(settings.height >= 1 && settings.width >= 1, op,
         " needs output_height and output_width of 1 or more, got ", settings.height, " and ",
         settings.width);
  settings.scale_x = TRY(positive(options, "scale_x", op));
  settings.scale_y = TRY(positive(options, "scale_y", op));
  settings.turn = static_cast<float>(TRY(options.real("target_rotation_radians")));
  return {};
}

Expected<Settings> settings_of(const Node& node) {
  std::string_view op = node.op->name;
  CustomOptions options = TRY(CustomOptions::read(node.attributes.as<Custom>().options, op));
  Settings settings;
  settings.version = options.has("subset_idxs") ? 2 : 1;
  const bool is_first = settings.version == 1;
  settings.subset = TRY(options.integers(is_first ? "subset" : "subset_idxs"));
  ENSURE(!settings.subset.empty(), op, " needs points to surround, got none");
  settings.left = TRY(point_index(options, "left_rotation_idx", op));
  settings.right = TRY(point_index(options, "right_rotation_idx", op));
  TRY(is_first ? read_version_1(options, op, settings) : read_version_2(options, op, settings));
  return settings;
}

Status infer_landmarks(InferContext& context) {
  Settings settings = TRY(settings_of(context.node()));
  std::string_view op = context.op().name;
  const Shape& points = context.shape(0);
  if (settings.version == 1)
    ENSURE(points.rank() == 4 && points.product(0, 3) == 1, op,
           " of version 1 needs points of shape [1, 1, 1, channels], got ", points);
  else
    ENSURE(points.rank() == 3 && points[0] == 1 && points[2] == 3, op,
           " of version 2 needs points of shape [1, count, 3], got ", points);
  std::vector<int64_t> indices = settings.subset;
  indices.insert(indices.end(), {settings.left, settings.right});
  for (int64_t index : indices)
    ENSURE(index >= 0 && index < points.elements() / 3, op, " uses point ", index, " of ",
           points.elements() / 3);
  return context.set_output(0, DType::f32, {1, 4, 4});
}

/// x' = xx * x + xy * y + x0, y' = yx * x + yy * y + y0.
struct Affine {
  float xx = 1, xy = 0, x0 = 0;
  float yx = 0, yy = 1, y0 = 0;

  static Affine shift(float x, float y) { return {1, 0, x, 0, 1, y}; }
  static Affine scale(float x, float y) { return {x, 0, 0, 0, y, 0}; }
  static Affine turn(float radians) {
    return {std::cos(radians), -std::sin(radians), 0, std::sin(radians), std::cos(radians), 0};
  }
  /// First `b`, then this.
  Affine operator*(const Affine& b) const {
    return {xx * b.xx + xy * b.yx, xx * b.xy + xy * b.yy, xx * b.x0 + xy * b.y0 + x0,
            yx * b.xx + yy * b.yx, yx * b.xy + yy * b.yy, yx * b.x0 + yy * b.y0 + y0};
  }
};

struct Point {
  float x, y;
};

Point operator*(const Affine& a, const Point& p) {
  return {a.xx * p.x + a.xy * p.y + a.x0, a.yx * p.x + a.yy * p.y + a.y0};
}

/// The upright box around points, after they were turned.
struct Box {
  Point low, high;
  Point size() const { return {high.x - low.x, high.y - low.y}; }
  Point middle() const { return {(high.x + low.x) / 2, (high.y + low.y) / 2}; }
};

Point point_at(const float* points, int64_t i) { return {points[3 * i], points[3 * i + 1]}; }

Box box_of(const Settings& settings, const float* points, const Affine& turn) {
  Point first = turn * point_at(points, settings.subset[0]);
  Box box{first, first};
  for (int64_t index : settings.subset) {
    Point p = turn * point_at(points, index);
    box = {{std::min(box.low.x, p.x), std::min(box.low.y, p.y)},
           {std::max(box.high.x, p.x), std::max(box.high.y, p.y)}};
  }
  return box;
}

/// Coordinates of the points count up to `range`; those of the cut-out run from -1 to 1 on the way.
Affine matrix_1(const Settings& s, const float* points) {
  const Point left = point_at(points, s.left), right = point_at(points, s.right);
  const float turn = -std::atan((right.y - left.y) / (right.x - left.x));
  const Box box = box_of(s, points, Affine::turn(turn));
  const Point size = box.size(), middle = Affine::turn(-turn) * box.middle();
  const auto half = [](int64_t extent) {
    return static_cast<float>(static_cast<double>(extent - 1) / 2.0);
  };
  const auto step = [](int64_t extent) {
    return static_cast<float>(2.0 / (static_cast<double>(extent) - 1.0));
  };
  const auto relative = [&](float value) {
    return static_cast<float>(double{value / s.range} * 2.0 - 1.0);
  };
  Affine rotation = Affine::turn(-turn);
  rotation.x0 = relative(middle.x);
  rotation.y0 = relative(middle.y);
  const float half_width = half(s.picture_width), half_height = half(s.picture_height);
  const Affine to_picture{half_width, 0, half_width, 0, half_height, half_height};
  const Affine to_relative{step(s.width), 0, -1, 0, step(s.height), -1};
  return to_picture * rotation *
         Affine::scale(size.x * s.scale_x / s.range, size.y * s.scale_y / s.range) * to_relative;
}

Affine matrix_2(const Settings& s, const float* points) {
  const Point left = point_at(points, s.left), right = point_at(points, s.right);
  const float turn = s.turn - std::atan2(right.y - left.y, right.x - left.x);
  const Box box = box_of(s, points, Affine::turn(turn));
  const Point size = box.size(), middle = Affine::turn(-turn) * box.middle();
  const auto width = static_cast<float>(s.width), height = static_cast<float>(s.height);
  return Affine::shift(middle.x, middle.y) * Affine::turn(-turn) *
         Affine::scale(s.scale_x * size.x / width, s.scale_y * size.y / height) *
         Affine::shift(-width / 2, -height / 2);
}

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node()));
  const float* points = call.data<float>(0);
  const Affine a = settings.version == 1 ? matrix_1(settings, points) : matrix_2(settings, points);
  const float matrix[16] = {a.xx, a.xy, 0, a.x0, a.yx, a.yy, 0, a.y0, 0, 0, 1, 0, 0, 0, 0, 1};
  std::copy_n(matrix, 16, call.result<float>(0));
  return {};
}

bool has_version_2(const Graph&, const Node& node) {
  auto settings = settings_of(node);
  return settings && settings->version == 2;
}

}  // namespace

constinit const OpDef landmarks_to_transform_matrix = {
    .name = "Landmarks2TransformMatrix",
    .attributes = &custom_attributes,
    .inputs = {{"points", DType::f32}},
    .outputs = {{"matrix", DType::f32}},
    .versions = {{1}, {2, "", {}, has_version_2}},
    .infer = infer_landmarks,
    .reference = reference,
    .doc =
        "MediaPipe's matrix of the cut-out around some points, turned so that two of them lie "
        "side by side; options subset_idxs, left_rotation_idx, right_rotation_idx, "
        "target_rotation_radians, output_height, output_width, scale_x, scale_y (version 2)"};

OpTable landmarks_to_transform_matrix_ops() { return op_table(landmarks_to_transform_matrix); }

}  // namespace wherry::op
