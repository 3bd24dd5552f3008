// NON_MAX_SUPPRESSION_V4 and V5: picks the best boxes that do not overlap much.
#include "ops/detection/non_max_suppression.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

enum Input { boxes_input, scores_input, limit_input, overlap_input, score_input, sigma_input };

Status infer_suppression(InferContext& context) {
  std::string_view op = context.op().name;
  bool soft = context.op().inputs.size() == 6;
  const Shape &boxes = context.shape(boxes_input), &scores = context.shape(scores_input);
  ENSURE(boxes.rank() == 2 && boxes[1] == 4, op, " needs boxes of shape [n, 4], got ", boxes);
  ENSURE(scores.rank() == 1 && scores[0] == boxes[0], op, " needs ", boxes[0],
         " scores, got the shape ", scores);
  ENSURE(boxes[0] <= INT32_MAX, op, " has too many boxes: ", boxes[0]);
  for (int i = limit_input; i < context.input_count(); ++i)
    ENSURE(context.shape(i).elements() == 1, op, " needs one number as input ", i,
           ", got the shape ", context.shape(i));
  ENSURE(context.output_count() == (soft ? 3 : 2), op, " needs ", soft ? 3 : 2, " outputs, got ",
         context.output_count());
  int count_output = soft ? 2 : 1;
  TRY(context.set_output(count_output, DType::i32, {}));
  int64_t limit = TRY(context.integer(limit_input));
  ENSURE(limit >= 0, op, " cannot pick ", limit, " boxes");
  if (soft) TRY(context.set_output(1, DType::f32, {limit}));
  return context.set_output(0, DType::i32, {limit});
}

struct Box {
  float top, left, bottom, right;
};
Box box_at(const float* boxes, int64_t i) {
  const float* corner = boxes + 4 * i;
  auto [top, bottom] = std::minmax(corner[0], corner[2]);
  auto [left, right] = std::minmax(corner[1], corner[3]);
  return {top, left, bottom, right};
}

float area_of(const Box& box) { return (box.bottom - box.top) * (box.right - box.left); }

/// Intersection over union; 0 for boxes without area.
float overlap_of(const Box& a, const Box& b) {
  float area_a = area_of(a), area_b = area_of(b);
  if (area_a <= 0 || area_b <= 0) return 0;
  float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  float intersection = std::max(height, 0.0f) * std::max(width, 0.0f);
  float total = area_a + area_b - intersection;
  return total == 0 ? 0 : intersection / total;
}

struct Candidate {
  int32_t index;
  float score;
  size_t compared = 0;  ///< picks that it has been compared with
  /// Lower score, or later box.
  bool operator<(const Candidate& other) const {
    return score != other.score ? score < other.score : index > other.index;
  }
};

struct Limits {
  int64_t count;
  float overlap, score, sigma;
};

struct Picks {
  std::vector<int32_t> indices;
  std::vector<float> scores;
};

/// Lowers the score by the picks it has not met yet; false when one of them overlaps too much.
bool survives(const float* boxes, const Picks& picks, const Limits& limits, Candidate& candidate) {
  float scale = limits.sigma > 0 ? -0.5f / limits.sigma : 0.0f;
  for (size_t j = picks.indices.size(); j > candidate.compared; --j) {
    float overlap = overlap_of(box_at(boxes, candidate.index), box_at(boxes, picks.indices[j - 1]));
    if (overlap >= limits.overlap) return false;
    if (limits.sigma > 0) candidate.score *= std::exp(scale * overlap * overlap);
    if (candidate.score <= limits.score) break;
  }
  candidate.compared = picks.indices.size();
  return true;
}

Picks pick(const float* boxes, std::span<const float> scores, const Limits& limits) {
  std::priority_queue<Candidate> candidates;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > limits.score) candidates.push({static_cast<int32_t>(i), scores[i]});
  }
  size_t wanted =
      static_cast<size_t>(std::min(limits.count, static_cast<int64_t>(candidates.size())));
  Picks picks;
  while (picks.indices.size() < wanted && !candidates.empty()) {
    Candidate candidate = candidates.top();
    candidates.pop();
    float before = candidate.score;
    if (!survives(boxes, picks, limits, candidate)) continue;
    if (candidate.score == before) {
      picks.indices.push_back(candidate.index);
      picks.scores.push_back(candidate.score);
    }
    // Also what was picked goes back, as in the stock kernel: it meets itself next and is dropped,
    // unless the box has no area or any overlap is allowed.
    if (candidate.score > limits.score) candidates.push(candidate);
  }
  return picks;
}

template <class T>
void store(const std::vector<T>& picked, const TensorView& output) {
  std::span<T> to = output.span<T>();
  std::fill(std::copy(picked.begin(), picked.end(), to.begin()), to.end(), T{0});
}

Status reference(Call& call) {
  auto number = [&](int i) { return *call.data<float>(i); };
  bool soft = call.input_count() == 6;
  Limits limits{integer_at(call.input(limit_input), 0), number(overlap_input), number(score_input),
                soft ? number(sigma_input) : 0.0f};
  ENSURE_CODE(ErrorCode::invalid_data, limits.sigma >= 0, call.node().op->name,
              " needs a width of the bell curve of 0 or more, got ", limits.sigma);
  Picks picks =
      pick(call.data<float>(boxes_input), call.input(scores_input).span<const float>(), limits);
  store(picks.indices, call.output(0));
  if (soft) store(picks.scores, call.output(1));
  *call.result<int32_t>(soft ? 2 : 1) = static_cast<int32_t>(picks.indices.size());
  return {};
}

constexpr AttributesType v4_attributes = attributes_type<NoAttributes>({}, 95);
constexpr AttributesType v5_attributes = attributes_type<NoAttributes>({}, 96);

}  // namespace

constinit const OpDef non_max_suppression_family[2] = {
    {.name = "NON_MAX_SUPPRESSION_V4",
     .code = 120,
     .attributes = &v4_attributes,
     .inputs = {{"boxes", DType::f32},
                {"scores", DType::f32},
                {"limit", DType::i32},
                {"overlap", DType::f32},
                {"score", DType::f32}},
     .outputs = {{"indices", DType::i32}, {"count", DType::i32}},
     .versions = {{1, "2.1.0"}},
     .infer = infer_suppression,
     .reference = reference,
     .doc = "the best boxes, without those that overlap a better one by the given ratio or more"},
    {.name = "NON_MAX_SUPPRESSION_V5",
     .code = 121,
     .attributes = &v5_attributes,
     .inputs = {{"boxes", DType::f32},
                {"scores", DType::f32},
                {"limit", DType::i32},
                {"overlap", DType::f32},
                {"score", DType::f32},
                {"sigma", DType::f32}},
     .outputs = {{"indices", DType::i32}, {"scores", DType::f32}, {"count", DType::i32}},
     .versions = {{1, "2.1.0"}},
     .infer = infer_suppression,
     .reference = reference,
     .doc = "as V4; the scores of overlapping boxes are lowered by a bell curve of width sigma"},
};

OpTable non_max_suppression_ops() { return op_table(non_max_suppression_family); }

}  // namespace wherry::op
