// Functions that sort, rank and accumulate along an axis.
#include "keras/functions/ordering.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"
#include "ops/registry.h"

namespace wherry::keras {

Expected<std::vector<ValueId>> largest(Emitter& emitter, ValueId x, ValueId count) {
  const OpDef* op = find_op_named("TOPK_V2");
  ENSURE_CODE(ErrorCode::unsupported, op, "this build has no operator TOPK_V2");
  return emitter.emit({.op = *op,
                       .attributes = Attributes::defaults(*op->attributes),
                       .inputs = {x, count},
                       .output_count = 2,
                       .outputs = {{emitter.dtype(x), {}, {}, {}}, {DType::i32, {}, {}, {}}}});
}

namespace {

std::vector<int64_t> exchanged(int rank, int axis) {
  std::vector<int64_t> order(static_cast<size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[static_cast<size_t>(axis)], order.back());
  return order;
}

Expected<Results> import_top_k(FunctionCall& call) {
  ValueId x = TRY(call.first());
  call.ignore("sorted");
  ValueId count = TRY(call.number(static_cast<double>(TRY(call.integer("k", -1, 1))), DType::i32));
  std::vector<ValueId> best = TRY(largest(call, x, count));
  DType indices = TRY(call.dtype_argument("index_type", DType::i32));
  best[1] = TRY(call.cast(best[1], indices));
  return best;
}

/// True where a target is among the k best.
Expected<Results> import_in_top_k(FunctionCall& call) {
  // compat.v1.math.in_top_k takes the scores first.
  bool scores_first = !call.newer() && call.has("targets");
  ValueId scores = TRY(call.float_tensor("predictions", scores_first ? 0 : 1));
  ValueId targets = TRY(call.tensor("targets", scores_first ? -1 : 0));
  int64_t k = TRY(call.integer("k"));
  targets = TRY(call.expand(TRY(call.cast(targets, DType::i32)), 1));
  ValueId own = TRY(call.node("GATHER", {scores, targets}, {{"axis", 1}, {"batch_dims", 1}}));
  ValueId better = TRY(call.cast(TRY(call.node("GREATER", {scores, own})), DType::i32));
  ValueId count = TRY(call.reduce("SUM", better, {1}, false));
  return TRY(compare(call, "LESS", count, static_cast<double>(k)));
}

/// Sorted elements of the last axis and where they stood; ascending by turning signs around.
Expected<std::vector<ValueId>> sorted(FunctionCall& call, ValueId x, bool descending) {
  int64_t extent = call.shape(x).back();
  if (extent < 0)
    return call.unsupported("only axes of known size can be sorted", text_of(call.shape(x)));
  ValueId count = TRY(call.number(static_cast<double>(extent), DType::i32));
  if (descending) return largest(call, x, count);
  std::vector<ValueId> best = TRY(largest(call, TRY(call.node("NEG", {x})), count));
  best[0] = TRY(call.node("NEG", {best[0]}));
  return best;
}

/// The sorted tensor, or with number 1 the order.
Expected<Results> import_sort(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::string direction = lower(TRY(call.text("direction", "ascending")));
  call.ignore("stable");
  bool flat = call.newer() && call.is_written("axis") && !call.has("axis");
  if (flat) x = TRY(flattened(call, x));
  std::vector<int64_t> order =
      exchanged(call.rank(x), TRY(call.axis(TRY(call.integer("axis", -1, -1)), x)));
  ValueId turned = TRY(call.transpose(x, order));
  std::vector<ValueId> both = TRY(sorted(call, turned, direction == "descending"));
  return TRY(call.transpose(both[call.def().number == 1 ? 1 : 0], order));
}

/// Where the largest or smallest element stands.
Expected<Results> import_extreme_index(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.dtype(x) == DType::boolean) x = TRY(call.cast(x, DType::i32));
  bool keep = TRY(call.flag("keepdims", false));
  constexpr std::string_view axis_names = "axis|dimension";
  DType output = TRY(call.dtype_argument("output_type", call.newer() ? DType::i32 : DType::i64));
  if (call.def().number != 0 && call.dtype(x) == DType::f32) {  // NaNs never win
    ValueId is_nan = TRY(call.node("NOT_EQUAL", {x, x}));
    x = TRY(call.select(is_nan, TRY(call.number(call.def().number, x)), x));
  }
  bool flat = call.newer() && !call.has(axis_names);
  int rank = call.rank(x);
  if (flat) x = TRY(flattened(call, x));
  int axis = TRY(call.axis(TRY(call.integer(axis_names, -1, 0)), x));
  ValueId at = TRY(call.number(axis, DType::i32));
  ValueId y =
      TRY(call.node(call.def().op, {x, at}, {{"output_type", static_cast<double>(output)}}));
  if (!keep) return y;
  if (!flat) return TRY(call.expand(y, axis));
  return TRY(call.reshape(y, Extents(static_cast<size_t>(rank), Extent(1))));
}

Expected<Results> import_running_sum(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.newer()) x = TRY(call.cast(x, TRY(call.dtype_argument("dtype", call.dtype(x)))));
  if (call.dtype(x) == DType::boolean) x = TRY(call.cast(x, DType::i32));
  if (call.def().number == 1 && call.dtype(x) == DType::f32) {
    ValueId is_nan = TRY(call.node("NOT_EQUAL", {x, x}));
    x = TRY(call.select(is_nan, TRY(call.number(0, x)), x));
  }
  if (call.newer() && !call.has("axis")) x = TRY(flattened(call, x));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x));
  double exclusive = TRY(call.flag("exclusive", false)), reverse = TRY(call.flag("reverse", false));
  return TRY(call.node("CUMSUM", {x, TRY(call.number(axis, DType::i32))},
                       {{"exclusive", exclusive}, {"reverse", reverse}}));
}

/// x moved along an axis by `by` places, with 1 moving in.
Expected<ValueId> moved(Emitter& emitter, ValueId x, int axis, int64_t by) {
  std::vector<Margin> margins(static_cast<size_t>(emitter.rank(x)));
  margins[static_cast<size_t>(axis)] = {by, 0};
  ValueId padded = TRY(emitter.pad(x, margins, 1));
  return emitter.slice_axis(padded, axis, {.begin = 0, .end = emitter.shape(x)[axis]});
}

// After each step an element is the product of twice as many in front of it.
Expected<Results> import_running_product(FunctionCall& call) {
  ValueId x = TRY(call.first());
  if (call.newer()) x = TRY(call.cast(x, TRY(call.dtype_argument("dtype", call.dtype(x)))));
  if (call.dtype(x) == DType::boolean) x = TRY(call.cast(x, DType::i32));
  if (call.def().number == 1 && call.dtype(x) == DType::f32) {
    ValueId is_nan = TRY(call.node("NOT_EQUAL", {x, x}));
    x = TRY(call.select(is_nan, TRY(call.number(1, x)), x));
  }
  if (call.newer() && !call.has("axis")) x = TRY(flattened(call, x));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x));
  bool exclusive = TRY(call.flag("exclusive", false)), reverse = TRY(call.flag("reverse", false));
  int64_t extent = call.shape(x)[axis];
  if (extent < 0)
    return call.unsupported("a running product needs an axis of known size",
                            text_of(call.shape(x)));
  if (reverse) x = TRY(call.reverse(x, axis));
  if (exclusive && extent > 0) x = TRY(moved(call, x, axis, 1));
  for (int64_t by = 1; by < extent; by *= 2)
    x = TRY(call.multiply(x, TRY(moved(call, x, axis, by))));
  return TRY(reverse ? call.reverse(x, axis) : Expected<ValueId>(x));
}

/// The reduced axes joined and moved to the end.
Expected<ValueId> reduced_last(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes) {
  std::vector<int64_t> order;
  for (int i = 0; i < emitter.rank(x); ++i) {
    if (std::find(axes.begin(), axes.end(), i) == axes.end()) order.push_back(i);
  }
  int kept = static_cast<int>(order.size());
  order.insert(order.end(), axes.begin(), axes.end());
  return emitter.merge_axes(TRY(emitter.transpose(x, order)), kept, emitter.rank(x));
}

/// Element `place` of sorted rows; fractions as the method says.
Expected<ValueId> element_at(FunctionCall& call, ValueId rows, double place,
                             const std::string& method) {
  auto take = [&](double at) -> Expected<ValueId> {
    ValueId index = TRY(call.number(at, DType::i32));
    return call.node("GATHER", {rows, index}, {{"axis", static_cast<double>(call.rank(rows) - 1)}});
  };
  double below = std::floor(place), above = std::ceil(place);
  if (method == "lower") return take(below);
  if (method == "higher") return take(above);
  if (method == "nearest") return take(std::nearbyint(place));
  if (method != "linear" && method != "midpoint")
    return call.unsupported("the interpolation of a quantile is not known", quoted(method));
  if (below == above) return take(below);
  double share = method == "midpoint" ? 0.5 : place - below;
  ValueId low = TRY(take(below)), high = TRY(take(above));
  return call.add(TRY(call.times(low, 1 - share)), TRY(call.times(high, share)));
}

/// Quantiles; `number` is the unit of q (1 or 100), or 0 for the median.
Expected<Results> import_quantile(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  double unit = call.def().number;
  PyValue written = unit == 0 ? PyValue::of(0.5) : call.argument("q", 1);
  std::vector<int64_t> axes = TRY(call.axes("axis", x));
  bool keep = TRY(call.flag("keepdims", false));
  std::string method = TRY(call.text("method", "linear"));
  if (unit == 1 && method != "linear") {
    call.state().warn(
        "keras.ops.quantile interpolates linearly whatever its method; so does the "
        "converted model");
    method = "linear";
  }
  std::vector<PyValue> places = written.is_list() ? written.items() : std::vector<PyValue>{written};
  ValueId rows = TRY(reduced_last(call, x, axes));
  int64_t extent = call.shape(rows).back();
  rows = TRY(sorted(call, rows, false))[0];
  std::vector<ValueId> parts;
  for (const PyValue& q : places) {
    if (!q.is_number()) return call.unsupported_argument("q", written);
    double place = q.real() / (unit == 0 ? 1 : unit) * static_cast<double>(extent - 1);
    ENSURE(place >= 0 && place <= static_cast<double>(extent - 1),
           "a quantile lies outside: ", q.shown());
    ValueId part = TRY(element_at(call, rows, place, method));
    for (int64_t axis : keep ? axes : std::vector<int64_t>{})
      part = TRY(call.expand(part, static_cast<int>(axis)));
    parts.push_back(part);
  }
  return written.is_list() ? TRY(call.stack(parts, 0)) : parts[0];
}

/// How many bounds lie below each element; `counting` compares a bound with an element.
Expected<Results> import_bounds(FunctionCall& call) {
  bool digitizes = call.def().number == 1;
  ValueId x = TRY(digitizes ? call.float_tensor("x", 0) : call.float_tensor("values", 1));
  ValueId bounds = TRY(digitizes ? call.tensor_like("bins", 1, DType::f32)
                                 : call.tensor_like("sorted_sequence", 0, DType::f32));
  std::string side = TRY(call.text("side", digitizes ? "right" : "left"));
  DType output = TRY(call.dtype_argument("out_type", DType::i32));
  if (call.rank(bounds) != 1)
    return call.unsupported("only one list of bounds is supported", text_of(call.shape(bounds)));
  x = TRY(call.expand(x, call.rank(x)));
  std::string_view counting = side == "right" ? "LESS_EQUAL" : "LESS";
  ValueId below = TRY(call.cast(TRY(call.node(counting, {bounds, x})), DType::i32));
  return TRY(call.cast(TRY(call.reduce("SUM", below, {-1}, false)), output));
}

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr FunctionDef functions[] = {
    {{"math.top_k"}, {"TopK"}, import_top_k, {}, 0, "TOPK_V2"},
    {{"math.in_top_k"}, {"InTopK"}, import_in_top_k, {}, 0, "GATHER, GREATER and SUM"},
    {{"sort"}, {"Sort"}, import_sort, {}, 0, "TOPK_V2"},
    {{"argsort"}, {"Argsort"}, import_sort, {}, 1, "TOPK_V2"},
    {{"math.argmax", "keras.backend.argmax"}, {"Argmax"}, import_extreme_index, "ARG_MAX"},
    {{"math.argmin", "keras.backend.argmin"}, {"Argmin"}, import_extreme_index, "ARG_MIN"},
    {{}, {"Nanargmax"}, import_extreme_index, "ARG_MAX", -infinity, "SELECT_V2 and ARG_MAX"},
    {{}, {"Nanargmin"}, import_extreme_index, "ARG_MIN", infinity, "SELECT_V2 and ARG_MIN"},
    {{"math.cumsum"}, {"Cumsum"}, import_running_sum, {}, 0, "CUMSUM"},
    {{}, {"Nancumsum"}, import_running_sum, {}, 1, "SELECT_V2 and CUMSUM"},
    {{"math.cumprod"}, {"Cumprod"}, import_running_product, {}, 0, "PADV2 and MUL, doubling"},
    {{}, {"Nancumprod"}, import_running_product, {}, 1, "SELECT_V2, PADV2 and MUL, doubling"},
    {{}, {"Median"}, import_quantile, {}, 0, "TOPK_V2 and GATHER"},
    {{}, {"Quantile"}, import_quantile, {}, 1, "TOPK_V2 and GATHER"},
    {{}, {"Percentile"}, import_quantile, {}, 100, "TOPK_V2 and GATHER"},
    {{"searchsorted"}, {"SearchSorted"}, import_bounds, {}, 0, "LESS and SUM"},
    {{}, {"Digitize"}, import_bounds, {}, 1, "LESS_EQUAL and SUM"},
};

}  // namespace

FunctionTable ordering_functions() { return function_table(functions); }

}  // namespace wherry::keras
