// Functions that pick boxes: the best ones that do not overlap much.
#include <numeric>

#include "keras/functions/function_call.h"
#include "keras/functions/indexing.h"
#include "ops/detection/non_max_suppression.h"

namespace wherry::keras {
namespace {

/// What the operators give: numbers of the boxes picked padded with 0, their scores, their count.
struct Picked {
  ValueId numbers = no_value, scores = no_value, count = no_value;
};

/// A number known before running as a scalar; `absent` when it is not written.
Expected<ValueId> limit(FunctionCall& call, std::string_view name, double absent) {
  return call.number(TRY(call.real(name, -1, absent)), DType::f32);
}

Expected<Picked> pick(FunctionCall& call, bool soft) {
  ValueId boxes = TRY(call.float_tensor("boxes", 0)), scores = TRY(call.float_tensor("scores", -1));
  if (call.rank(boxes) != 2 || call.rank(scores) != 1)
    return call.unsupported("boxes are picked from one list [n, 4] with scores [n]",
                            text_of(call.shape(boxes)),
                            "pick the boxes of each picture by itself, or outside the model");
  int64_t most = TRY(call.integer("max_output_size"));
  ENSURE(most >= 0 && most <= (1 << 20), "no more than a million boxes are picked, not ", most);
  std::vector<ValueId> inputs = {
      boxes, scores, TRY(call.number(static_cast<double>(most), DType::i32)),
      TRY(limit(call, "iou_threshold", 0.5)), TRY(limit(call, "score_threshold", -3.4e38))};
  if (soft) inputs.push_back(TRY(limit(call, "soft_nms_sigma", 0)));
  const OpDef& op = soft ? op::non_max_suppression_v5 : op::non_max_suppression_v4;
  std::vector<ValueId> made = TRY(call.emit({.op = op,
                                             .attributes = Attributes::defaults(*op.attributes),
                                             .inputs = std::move(inputs),
                                             .output_count = soft ? 3 : 2}));
  return Picked{made[0], soft ? made[1] : no_value, made.back()};
}

/// The first `count` elements of a list.
Expected<ValueId> leading(FunctionCall& call, ValueId list, ValueId count) {
  std::vector<int64_t> places(static_cast<size_t>(call.shape(list)[0]));
  std::iota(places.begin(), places.end(), 0);
  ValueId counts = TRY(call.node("LESS", {call.integers(places), count}));
  return masked_slices(call, list, counts, 0);
}

Expected<Results> import_picked(FunctionCall& call) {
  Picked picked = TRY(pick(call, false));
  return TRY(leading(call, picked.numbers, picked.count));
}

Expected<Results> import_picked_with_scores(FunctionCall& call) {
  Picked picked = TRY(pick(call, true));
  return std::vector<ValueId>{TRY(leading(call, picked.numbers, picked.count)),
                              TRY(leading(call, picked.scores, picked.count))};
}

/// Numbers padded with 0, and their count.
Expected<Results> import_picked_padded(FunctionCall& call) {
  TRY(call.only("sorted_input", PyValue::of(false)));
  TRY(call.only("canonicalized_coordinates", PyValue::of(false)));
  call.ignore("tile_size");
  bool padded = TRY(call.flag("pad_to_max_output_size", false));
  Picked picked = TRY(pick(call, false));
  ValueId numbers = padded ? picked.numbers : TRY(leading(call, picked.numbers, picked.count));
  return std::vector<ValueId>{numbers, picked.count};
}

constexpr FunctionDef functions[] = {
    {{"image.non_max_suppression"},
     {},
     import_picked,
     {},
     0,
     "NON_MAX_SUPPRESSION_V4, WHERE and GATHER"},
    {{"image.non_max_suppression_with_scores"},
     {},
     import_picked_with_scores,
     {},
     0,
     "NON_MAX_SUPPRESSION_V5, WHERE and GATHER"},
    {{"image.non_max_suppression_padded"},
     {},
     import_picked_padded,
     {},
     0,
     "NON_MAX_SUPPRESSION_V4"},
};

}  // namespace

FunctionTable boxes_functions() { return function_table(functions); }

}  // namespace wherry::keras
