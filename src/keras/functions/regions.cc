// Regions of pictures: cut out and resized, and the best of overlapping ones class by class.
#include <algorithm>
#include <limits>
#include <numeric>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/indexing.h"
#include "keras/functions/ordering.h"
#include "ops/detection/non_max_suppression.h"

namespace wherry::keras {
namespace {

/// One axis of the pictures, where a region samples it.
struct Samples {
  ValueId low = no_value, high = no_value;  ///< int32 places on both sides
  ValueId share = no_value;                 ///< how far from the lower to the higher one
  ValueId inside = no_value;                ///< bool
};

/// The extent of an axis as a scalar.
Expected<ValueId> extent_of(FunctionCall& call, ValueId x, int axis) {
  if (int64_t known = call.shape(x)[axis]; known >= 0)
    return call.number(static_cast<double>(known), DType::i32);
  return call.squeeze(TRY(call.shape_tensor({call.extent(x, axis)})), 0);
}

/// How the boxes sample an axis: from their coordinate `side` to `side` + 2.
struct Sampling {
  int side = 0;
  int64_t count = 0;
  ValueId last = no_value;  ///< the last place on the axis
};

/// Where the samples lie: [boxes, count].
Expected<ValueId> positions(FunctionCall& call, ValueId boxes, const Sampling& sampling) {
  auto [side, count, last] = sampling;
  ValueId from = TRY(call.slice_axis(boxes, 1, {side, side + 1})),
          to = TRY(call.slice_axis(boxes, 1, {side + 2, side + 3}));
  if (count == 1) return call.multiply(TRY(call.times(TRY(call.add(from, to)), 0.5)), last);
  ValueId length = TRY(call.multiply(TRY(call.subtract(to, from)), last));
  ValueId steps = TRY(call.number(static_cast<double>(count - 1), length));
  ValueId step = TRY(call.divide(length, steps));
  std::vector<float> numbers(static_cast<size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0.0f);
  ValueId way = TRY(call.multiply(step, call.constant(std::move(numbers), {1, count})));
  return call.add(TRY(call.multiply(from, last)), way);
}

/// `last`: the last place on the axis.
Expected<Samples> samples(FunctionCall& call, ValueId at, ValueId last, bool nearest) {
  Samples result;
  result.inside = TRY(call.node("LOGICAL_AND", {TRY(compare(call, "GREATER_EQUAL", at, 0)),
                                                TRY(call.node("LESS_EQUAL", {at, last}))}));
  at = TRY(call.minimum(TRY(call.at_least(at, 0)), last));
  ValueId low = TRY(call.node("FLOOR", {nearest ? TRY(call.plus(at, 0.5)) : at}));
  result.share = TRY(call.subtract(at, low));
  result.low = TRY(call.cast(low, DType::i32));
  ValueId next = TRY(call.minimum(TRY(call.plus(low, 1)), last));
  result.high = TRY(call.cast(next, DType::i32));
  return result;
}

/// x at one row and one column for each sample: [boxes, height, width, channels].
struct Corner {
  ValueId picture, row, column, height, width;
};
Expected<ValueId> picked(FunctionCall& call, ValueId pixels, const Corner& at) {
  ValueId row = TRY(call.add(TRY(call.multiply(at.picture, at.height)), at.row));
  row = TRY(call.expand(TRY(call.multiply(row, at.width)), 2));
  return gather(call, pixels, TRY(call.add(row, TRY(call.expand(at.column, 1)))), 0);
}

Expected<ValueId> mixed(FunctionCall& call, ValueId a, ValueId b, ValueId share) {
  return call.add(a, TRY(call.multiply(TRY(call.subtract(b, a)), share)));
}

Expected<std::vector<int64_t>> crop_size(FunctionCall& call) {
  std::vector<int64_t> size = TRY(call.sizes("crop_size", 2));
  constexpr int64_t most = 1 << 14;
  ENSURE(size[0] > 0 && size[1] > 0 && size[0] <= most && size[1] <= most, "regions cannot become ",
         size, " pixels");
  return size;
}

Expected<Results> import_crops(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("image", 0)), boxes = TRY(call.float_tensor("boxes", -1));
  ValueId of = TRY(call.tensor_like("box_indices|box_ind", -1, DType::i32));
  ENSURE(call.rank(x) == 4 && call.rank(boxes) == 2,
         "the function needs pictures and boxes [n, 4]");
  std::vector<int64_t> size = TRY(crop_size(call));
  std::string method = TRY(call.text("method", "bilinear"));
  bool nearest = method == "nearest";
  if (!nearest && method != "bilinear")
    return call.unsupported_argument("method", call.argument("method"));
  double outside = TRY(call.real("extrapolation_value", -1, 0));
  ValueId height = TRY(extent_of(call, x, 1)), width = TRY(extent_of(call, x, 2));
  auto side = [&](int axis, ValueId extent) -> Expected<Samples> {
    ValueId last = TRY(call.to_float(TRY(call.plus(extent, -1))));
    ValueId at = TRY(positions(call, boxes, {axis, size[static_cast<size_t>(axis)], last}));
    return samples(call, at, last, nearest);
  };
  Samples rows = TRY(side(0, height)), columns = TRY(side(1, width));
  ValueId pixels = TRY(call.merge_axes(x, 0, 3));
  ValueId picture = TRY(call.expand(of, 1));
  auto corner = [&](ValueId row, ValueId column) {
    return picked(call, pixels, {picture, row, column, height, width});
  };
  ValueId y = TRY(corner(rows.low, columns.low));
  if (!nearest) {
    ValueId across = TRY(call.expand(TRY(call.expand(columns.share, 1)), 3)),
            down = TRY(call.expand(TRY(call.expand(rows.share, 2)), 3));
    ValueId top = TRY(mixed(call, y, TRY(corner(rows.low, columns.high)), across));
    ValueId bottom = TRY(mixed(call, TRY(corner(rows.high, columns.low)),
                               TRY(corner(rows.high, columns.high)), across));
    y = TRY(mixed(call, top, bottom, down));
  }
  ValueId inside = TRY(call.node(
      "LOGICAL_AND", {TRY(call.expand(rows.inside, 2)), TRY(call.expand(columns.inside, 1))}));
  return TRY(call.select(TRY(call.expand(inside, 3)), y, TRY(call.number(outside, y))));
}

/// What is asked of the best boxes of all classes.
struct Limits {
  int64_t each = 0, total = 0, result = 0;
  ValueId overlap = no_value, score = no_value;
  bool clip = true;
};

constexpr double no_score = -3e38;

/// Scores and boxes of the best ones of one class; those that are none have no_score.
struct Best {
  ValueId scores = no_value, boxes = no_value;
};

Expected<Best> best_of_class(FunctionCall& call, ValueId boxes, ValueId scores,
                             const Limits& limits) {
  ValueId most = TRY(call.number(static_cast<double>(limits.each), DType::i32));
  const OpDef& op = op::non_max_suppression_v4;
  std::vector<ValueId> made =
      TRY(call.emit({.op = op,
                     .attributes = Attributes::defaults(*op.attributes),
                     .inputs = {boxes, scores, most, limits.overlap, limits.score},
                     .output_count = 2}));
  std::vector<int64_t> places(static_cast<size_t>(limits.each));
  std::iota(places.begin(), places.end(), 0);
  ValueId counts = TRY(call.node("LESS", {call.integers(places), made[1]}));
  ValueId own = TRY(gather(call, scores, made[0], 0));
  return Best{TRY(call.select(counts, own, TRY(call.number(no_score, own)))),
              TRY(gather(call, boxes, made[0], 0))};
}

/// Boxes, scores, classes and count of one picture: boxes [n, 1 or classes, 4], scores [n,
/// classes].
Expected<std::vector<ValueId>> best_of_picture(FunctionCall& call, ValueId boxes, ValueId scores,
                                               const Limits& limits) {
  std::vector<ValueId> by_class = TRY(call.unstack(scores, 1)), sets = TRY(call.unstack(boxes, 1)),
                       all_scores, all_boxes;
  std::vector<float> classes;
  for (size_t i = 0; i < by_class.size(); ++i) {
    ValueId own = sets[sets.size() == 1 ? 0 : i];
    Best best = TRY(best_of_class(call, own, by_class[i], limits));
    all_scores.push_back(best.scores), all_boxes.push_back(best.boxes);
    classes.insert(classes.end(), static_cast<size_t>(limits.each), static_cast<float>(i));
  }
  auto count = static_cast<int64_t>(classes.size());
  int64_t kept = std::min(count, limits.result);
  ValueId number = TRY(call.number(static_cast<double>(kept), DType::i32));
  std::vector<ValueId> top = TRY(largest(call, TRY(call.concatenate(all_scores, 0)), number));
  ValueId valid = TRY(compare(call, "GREATER", top[0], no_score)),
          nothing = TRY(call.number(0, DType::f32));
  ValueId box = TRY(gather(call, TRY(call.concatenate(all_boxes, 0)), top[1], 0));
  if (limits.clip) box = TRY(call.at_most(TRY(call.at_least(box, 0)), 1));
  ValueId of = TRY(gather(call, call.constant(std::move(classes), {count}), top[1], 0));
  Margin behind{0, limits.result - kept};
  auto finished = [&](ValueId value, ValueId mask,
                      std::vector<Margin> margins) -> Expected<ValueId> {
    value = TRY(call.select(mask, value, nothing));
    return behind.after > 0 ? call.pad(value, margins) : Expected<ValueId>(value);
  };
  return std::vector<ValueId>{
      TRY(finished(box, TRY(call.expand(valid, 1)), {behind, {}})),
      TRY(finished(top[0], valid, {behind})), TRY(finished(of, valid, {behind})),
      TRY(call.reduce("SUM", TRY(call.cast(valid, DType::i32)), {0}, false))};
}

Expected<Limits> limits_of(FunctionCall& call, int64_t boxes, int64_t classes) {
  Limits limits{.each = TRY(call.integer("max_output_size_per_class")),
                .total = TRY(call.integer("max_total_size"))};
  constexpr int64_t most = 1 << 16;
  ENSURE(limits.each > 0 && limits.total > 0 && limits.each <= most && limits.total <= most,
         "the numbers of boxes to keep should be from 1 to ", most, ", not ", limits.each, " and ",
         limits.total);
  int64_t asked = limits.each;
  if (boxes > 0) limits.each = std::min(limits.each, boxes);
  bool padded_by_class = TRY(call.flag("pad_per_class", false));
  limits.result = padded_by_class ? std::min(limits.total, asked * classes) : limits.total;
  limits.clip = TRY(call.flag("clip_boxes", true));
  limits.overlap = TRY(call.number(TRY(call.real("iou_threshold", -1, 0.5)), DType::f32));
  double least = TRY(call.real("score_threshold", -1, no_score));
  limits.score = TRY(call.number(std::max(least, no_score), DType::f32));
  return limits;
}

Expected<Results> import_combined(FunctionCall& call) {
  ValueId boxes = TRY(call.float_tensor("boxes", 0)), scores = TRY(call.float_tensor("scores", -1));
  ENSURE(
      call.rank(boxes) == 4 && call.rank(scores) == 3,
      "the function needs boxes [batch, n, classes or 1, 4] and scores [batch, n, classes], got ",
      text_of(call.shape(boxes)), " and ", text_of(call.shape(scores)));
  int64_t batch = std::max(call.shape(boxes)[0], call.shape(scores)[0]);
  int64_t classes = call.shape(scores)[2], sets = call.shape(boxes)[2];
  if (batch < 1)
    return call.unsupported("boxes are picked picture by picture, so their number must be known",
                            text_of(call.shape(boxes)), "convert with --batch 1");
  if (classes < 1 || batch * classes > 512 || (sets != 1 && sets != classes))
    return call.unsupported("up to 512 classes of all pictures can be picked",
                            cat(text_of(call.shape(scores)), " scores"),
                            "keep the best class of each box before, or pick outside the model");
  Limits limits = TRY(limits_of(call, call.shape(boxes)[1], classes));
  std::vector<ValueId> box_lists = TRY(call.unstack(boxes, 0)),
                       score_lists = TRY(call.unstack(scores, 0));
  ENSURE(box_lists.size() == score_lists.size(), "boxes and scores of different batches");
  std::vector<std::vector<ValueId>> parts(4);
  for (size_t i = 0; i < box_lists.size(); ++i) {
    std::vector<ValueId> best = TRY(best_of_picture(call, box_lists[i], score_lists[i], limits));
    for (size_t k = 0; k < parts.size(); ++k) parts[k].push_back(best[k]);
  }
  std::vector<ValueId> results;
  for (const std::vector<ValueId>& part : parts) results.push_back(TRY(call.stack(part, 0)));
  return results;
}

constexpr FunctionDef functions[] = {
    {{"image.crop_and_resize"}, {}, import_crops, {}, 0, "FLOOR, GATHER, MUL and ADD"},
    {{"image.combined_non_max_suppression"},
     {},
     import_combined,
     {},
     0,
     "NON_MAX_SUPPRESSION_V4 for each class, GATHER and TOPK_V2"},
};

}  // namespace

FunctionTable regions_functions() { return function_table(functions); }

}  // namespace wherry::keras
