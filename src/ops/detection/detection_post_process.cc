// TFLite_Detection_PostProcess: from the raw outputs of an SSD detector to a list of objects.
#include "ops/detection/detection_post_process.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ops/context.h"
#include "ops/custom_options.h"
#include "ops/opaque.h"
#include "ops/registry.h"
#include "ops/requantization.h"

namespace wherry::op {
namespace {

enum Input { encodings_input, scores_input, anchors_input };
enum Output { boxes_output, classes_output, scores_output, count_output };

struct Settings {
  int64_t detections, classes_per_detection, detections_per_class, classes;
  bool regular;
  float score, overlap;
  float scale[4];  ///< of y, x, height and width
};

Expected<float> scale_of(const CustomOptions& options, std::string_view name) {
  return static_cast<float>(TRY(options.real(name)));
}

Expected<Settings> settings_of(const Node& node) {
  std::string_view op = node.op->name;
  CustomOptions options = TRY(CustomOptions::read(node.attributes.as<Custom>().options, op));
  Settings settings{
      .detections = TRY(options.integer("max_detections")),
      .classes_per_detection = TRY(options.integer("max_classes_per_detection")),
      .detections_per_class = TRY(options.integer("detections_per_class", 100)),
      .classes = TRY(options.integer("num_classes")),
      .regular = TRY(options.boolean("use_regular_nms", false)),
      .score = static_cast<float>(TRY(options.real("nms_score_threshold"))),
      .overlap = static_cast<float>(TRY(options.real("nms_iou_threshold"))),
      .scale = {TRY(scale_of(options, "y_scale")), TRY(scale_of(options, "x_scale")),
                TRY(scale_of(options, "h_scale")), TRY(scale_of(options, "w_scale"))}};
  ENSURE(settings.detections >= 0, op, " needs max_detections of 0 or more, got ",
         settings.detections);
  ENSURE(settings.classes_per_detection > 0, op, " needs max_classes_per_detection of 1 or more, ",
         "got ", settings.classes_per_detection);
  ENSURE(settings.classes > 0, op, " needs num_classes of 1 or more, got ", settings.classes);
  ENSURE(!settings.regular || settings.detections_per_class > 0, op,
         " needs detections_per_class of 1 or more, got ", settings.detections_per_class);
  ENSURE(settings.overlap > 0 && settings.overlap <= 1, op,
         " needs an nms_iou_threshold above 0 and at most 1, got ", settings.overlap);
  return settings;
}

Status check_quantization(const InferContext& context) {
  for (int i = 0; i < 3; ++i) {
    if (context.dtype(i) == DType::u8)
      TRY(check_one_scale(cat("input ", i, " of ", context.op().name), context.input(i)));
  }
  return {};
}

Status infer_detection(InferContext& context) {
  std::string_view op = context.op().name;
  Settings settings = TRY(settings_of(context.node()));
  const Shape &encodings = context.shape(encodings_input), &scores = context.shape(scores_input),
              &anchors = context.shape(anchors_input);
  ENSURE(encodings.rank() == 3 && encodings[0] == 1 && encodings[2] >= 4, op,
         " needs box encodings of shape [1, n, 4 or more], got ", encodings);
  int64_t count = encodings[1];
  ENSURE(anchors.rank() == 2 && anchors[0] >= count && anchors[1] == 4, op,
         " needs anchors of shape [", count, ", 4], got ", anchors);
  int64_t background = scores.rank() == 3 ? scores[2] - settings.classes : -1;
  ENSURE(scores.rank() == 3 && scores[0] == 1 && scores[1] == count &&
             (background == 0 || background == 1),
         op, " needs scores of shape [1, ", count, ", ", settings.classes, " or one more], got ",
         scores);
  ENSURE(context.dtype(anchors_input) == context.dtype(encodings_input), op,
         " needs anchors of the same type as the box encodings, got ", context.dtype(anchors_input),
         " and ", context.dtype(encodings_input));
  TRY(check_quantization(context));
  int64_t rows = TRY(checked_multiply(settings.detections, settings.classes_per_detection));
  TRY(context.set_output(boxes_output, DType::f32, {1, rows, 4}));
  TRY(context.set_output(classes_output, DType::f32, {1, rows}));
  TRY(context.set_output(scores_output, DType::f32, {1, rows}));
  return context.set_output(count_output, DType::f32, {1});
}

/// The elements of a float or uint8 input as floats.
std::vector<float> reals_of(const TensorView& view) {
  std::vector<float> result(static_cast<size_t>(view.elements()));
  for (size_t i = 0; i < result.size(); ++i) {
    if (view.dtype() == DType::f32)
      result[i] = view.as<const float>()[i];
    else
      result[i] = static_cast<float>(view.as<const uint8_t>()[i] - view.type->zero_point()) *
                  view.type->scale();
  }
  return result;
}

struct Box {
  float top, left, bottom, right;
};

std::vector<Box> decode_boxes(const Call& call, const Settings& settings) {
  std::vector<float> encodings = reals_of(call.input(encodings_input)),
                     anchors = reals_of(call.input(anchors_input));
  size_t width = static_cast<size_t>(call.shape(encodings_input)[2]);
  std::vector<Box> boxes(static_cast<size_t>(call.shape(encodings_input)[1]));
  for (size_t i = 0; i < boxes.size(); ++i) {
    // An anchor is centre y, centre x, height, width; an encoding is relative to it.
    const float* anchor = anchors.data() + 4 * i;
    auto code = [&](size_t k) {
      return static_cast<double>(encodings[i * width + k]) / static_cast<double>(settings.scale[k]);
    };
    auto of_anchor = [&](size_t k) { return static_cast<double>(anchor[k]); };
    float y = static_cast<float>(code(0) * of_anchor(2) + of_anchor(0));
    float x = static_cast<float>(code(1) * of_anchor(3) + of_anchor(1));
    float half_height = static_cast<float>(0.5 * std::exp(code(2)) * of_anchor(2));
    float half_width = static_cast<float>(0.5 * std::exp(code(3)) * of_anchor(3));
    boxes[i] = {y - half_height, x - half_width, y + half_height, x + half_width};
  }
  return boxes;
}

float overlap_of(const Box& a, const Box& b) {
  float area_a = (a.bottom - a.top) * (a.right - a.left);
  float area_b = (b.bottom - b.top) * (b.right - b.left);
  if (area_a <= 0 || area_b <= 0) return 0;
  float height = std::max(std::min(a.bottom, b.bottom) - std::max(a.top, b.top), 0.0f);
  float width = std::max(std::min(a.right, b.right) - std::max(a.left, b.left), 0.0f);
  float intersection = height * width;
  return intersection / (area_a + area_b - intersection);
}

/// The numbers of the boxes to keep, best first, at most `limit` of them.
std::vector<size_t> suppress(const std::vector<Box>& boxes, const std::vector<float>& scores,
                             const Settings& settings, int64_t limit) {
  std::vector<size_t> candidates, kept;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] >= settings.score) candidates.push_back(i);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  for (size_t i : candidates) {
    if (static_cast<int64_t>(kept.size()) >= limit) break;
    bool covered = std::any_of(kept.begin(), kept.end(), [&](size_t better) {
      return overlap_of(boxes[better], boxes[i]) > settings.overlap;
    });
    if (!covered) kept.push_back(i);
  }
  return kept;
}

struct Detection {
  size_t box;
  int64_t label;
  float score;
  int64_t row = 0;  ///< of the outputs
};
struct Detections {
  std::vector<Detection> found;
  size_t count = 0;  ///< as reported
};

/// Scores of the classes without background, [boxes, classes].
std::vector<float> class_scores_of(const Call& call, const Settings& settings) {
  std::vector<float> all = reals_of(call.input(scores_input)), result;
  size_t width = static_cast<size_t>(call.shape(scores_input)[2]);
  size_t background = width - static_cast<size_t>(settings.classes);
  for (size_t first = 0; first + width <= all.size(); first += width)
    result.insert(result.end(), all.begin() + static_cast<int64_t>(first + background),
                  all.begin() + static_cast<int64_t>(first + width));
  return result;
}

/// Regular: suppression within each class, then the best of all classes.
Detections detect_by_class(const std::vector<Box>& boxes, const std::vector<float>& scores,
                           const Settings& settings) {
  std::vector<Detection> found;
  std::vector<float> of_class(boxes.size());
  int64_t limit = std::min(settings.detections_per_class, settings.detections);
  for (int64_t label = 0; label < settings.classes; ++label) {
    for (size_t i = 0; i < boxes.size(); ++i)
      of_class[i] = scores[i * static_cast<size_t>(settings.classes) + static_cast<size_t>(label)];
    int64_t before = static_cast<int64_t>(found.size());
    for (size_t box : suppress(boxes, of_class, settings, limit))
      found.push_back({box, label, of_class[box]});
    std::inplace_merge(found.begin(), found.begin() + before, found.end(),
                       [](const Detection& a, const Detection& b) { return a.score > b.score; });
    if (static_cast<int64_t>(found.size()) > settings.detections)
      found.erase(found.begin() + settings.detections, found.end());
  }
  for (size_t i = 0; i < found.size(); ++i) found[i].row = static_cast<int64_t>(i);
  size_t count = found.size();
  return {std::move(found), count};
}

/// Fast: suppression by each box's best score, then the best classes of each box that is left.
Detections detect_by_box(const std::vector<Box>& boxes, const std::vector<float>& scores,
                         const Settings& settings) {
  size_t classes = static_cast<size_t>(settings.classes);
  std::vector<float> best(boxes.size());
  for (size_t i = 0; i < boxes.size(); ++i)
    best[i] = *std::max_element(scores.begin() + static_cast<int64_t>(i * classes),
                                scores.begin() + static_cast<int64_t>((i + 1) * classes));
  Detections result;
  std::vector<int64_t> labels(classes);
  int64_t wanted = std::min(settings.classes_per_detection, settings.classes);
  for (size_t box : suppress(boxes, best, settings, settings.detections)) {
    const float* of_box = scores.data() + box * classes;
    std::iota(labels.begin(), labels.end(), int64_t{0});
    std::stable_sort(labels.begin(), labels.end(),
                     [&](int64_t a, int64_t b) { return of_box[a] > of_box[b]; });
    int64_t row = static_cast<int64_t>(result.count++) * settings.classes_per_detection;
    for (int64_t k = 0; k < wanted; ++k) {
      int64_t label = labels[static_cast<size_t>(k)];
      result.found.push_back({box, label, of_box[label], row + k});
    }
  }
  return result;
}

Status reference(Call& call) {
  Settings settings = TRY(settings_of(call.node()));
  std::vector<Box> boxes = decode_boxes(call, settings);
  for (size_t i = 0; i < boxes.size(); ++i) {
    ENSURE_CODE(ErrorCode::invalid_data,
                !(boxes[i].top > boxes[i].bottom) && !(boxes[i].left > boxes[i].right),
                call.node().op->name, " got a box of negative size from anchor ", i);
  }
  std::vector<float> scores = class_scores_of(call, settings);
  Detections detections = settings.regular ? detect_by_class(boxes, scores, settings)
                                           : detect_by_box(boxes, scores, settings);
  for (Output output : {boxes_output, classes_output, scores_output})
    std::fill_n(call.result<float>(output), call.output(output).elements(), 0.0f);
  for (const Detection& detection : detections.found) {
    const Box& box = boxes[detection.box];
    const float corners[] = {box.top, box.left, box.bottom, box.right};
    std::copy_n(corners, 4, call.result<float>(boxes_output) + 4 * detection.row);
    call.result<float>(classes_output)[detection.row] = static_cast<float>(detection.label);
    call.result<float>(scores_output)[detection.row] = detection.score;
  }
  *call.result<float>(count_output) = static_cast<float>(detections.count);
  return {};
}

constexpr TypeSet detector_types = one_of(DType::f32, DType::u8);

}  // namespace

constinit const OpDef detection_post_process = {
    .name = "TFLite_Detection_PostProcess",
    .attributes = &custom_attributes,
    .inputs = {{"box_encodings", detector_types},
               {"class_scores", detector_types},
               {"anchors", detector_types}},
    .outputs = {{"boxes", DType::f32},
                {"classes", DType::f32},
                {"scores", DType::f32},
                {"count", DType::f32}},
    .versions = {{1}},
    .infer = infer_detection,
    .reference = reference,
    .doc =
        "decodes the boxes of an SSD detector and keeps the best that do not overlap; options "
        "max_detections, max_classes_per_detection, detections_per_class, use_regular_nms, "
        "nms_score_threshold, nms_iou_threshold, num_classes, y_scale, x_scale, h_scale, "
        "w_scale"};

OpTable detection_post_process_ops() { return op_table(detection_post_process); }

}  // namespace wherry::op
