// Functions that sort elements into groups: segments, different elements.
#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"
#include "ops/indexing/unique.h"

namespace wherry::keras {
namespace {

/// UNSORTED_SEGMENT_*: `number` is 1 for means.
Expected<Results> import_segments(FunctionCall& call) {
  ValueId x = TRY(call.tensor("data", 0));
  ValueId ids = TRY(call.cast(TRY(call.tensor("segment_ids", 1)), DType::i32));
  call.ignore("sorted");
  if (!call.has("num_segments"))
    return call.unsupported("the number of segments must be known", {}, "give num_segments");
  ValueId count = TRY(call.tensor_like("num_segments", -1, DType::i32));
  ValueId sum = TRY(call.node(call.def().op, {x, ids, count}));
  if (call.def().number == 0) return sum;
  ValueId ones = TRY(call.node("FILL", {TRY(call.node("SHAPE", {ids})), TRY(call.number(1, sum))}));
  ValueId sizes = TRY(call.node("UNSORTED_SEGMENT_SUM", {ones, ids, count}));
  sizes = TRY(call.at_least(sizes, 1));
  for (int i = 1; i < call.rank(sum); ++i) sizes = TRY(call.expand(sizes, i));
  return TRY(call.divide(sum, sizes));
}

Expected<Results> import_sorted_segments(FunctionCall& call) {
  ValueId x = TRY(call.tensor("data", 0));
  ValueId ids = TRY(call.cast(TRY(call.tensor("segment_ids", 1)), DType::i32));
  TensorType type{call.dtype(x), call.shape(x), {}, {}};
  type.shape[0] = -1;
  return TRY(call.node("SEGMENT_SUM", {x, ids}, {}, {type}));
}

/// The different elements, and where each stands among them.
Expected<Results> import_unique(FunctionCall& call) {
  ValueId x = TRY(call.first());
  ENSURE(call.rank(x) == 1, "the function needs a tensor of rank 1, but gets ",
         text_of(call.shape(x)));
  DType places = TRY(call.dtype_argument("out_idx", DType::i32));
  return TRY(call.emit({.op = op::unique,
                        .attributes = Attributes::of(op::unique_attributes, op::Unique{places}),
                        .inputs = {x},
                        .output_count = 2,
                        .outputs = {{call.dtype(x), {-1}, {}, {}}, {places, {-1}, {}, {}}}}));
}

constexpr FunctionDef functions[] = {
    {{"math.unsorted_segment_sum"}, {"SegmentSum"}, import_segments, "UNSORTED_SEGMENT_SUM"},
    {{"math.unsorted_segment_max"}, {"SegmentMax"}, import_segments, "UNSORTED_SEGMENT_MAX"},
    {{"math.unsorted_segment_min"}, {"SegmentMin"}, import_segments, "UNSORTED_SEGMENT_MIN"},
    {{"math.unsorted_segment_prod"}, {"SegmentProd"}, import_segments, "UNSORTED_SEGMENT_PROD"},
    {{"math.unsorted_segment_mean"},
     {},
     import_segments,
     "UNSORTED_SEGMENT_SUM",
     1,
     "UNSORTED_SEGMENT_SUM and DIV"},
    {{"math.segment_sum"}, {}, import_sorted_segments, {}, 0, "SEGMENT_SUM"},
    {{"unique"}, {}, import_unique, {}, 0, "UNIQUE"},
};

}  // namespace

FunctionTable segments_functions() { return function_table(functions); }

}  // namespace wherry::keras
