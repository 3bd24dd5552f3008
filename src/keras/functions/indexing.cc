// Functions that pick elements: gather, take, one_hot, where, slices, scatters, segments.
#include "keras/functions/indexing.h"

#include <algorithm>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"
#include "keras/functions/shape.h"
#include "ops/indexing/one_hot.h"
#include "ops/shape/strided_slice.h"

namespace wherry::keras {

Expected<ValueId> gather(Emitter& emitter, ValueId x, ValueId places, GatherAxes axes) {
  return emitter.node(
      "GATHER", {x, places},
      {{"axis", static_cast<double>(axes.axis)}, {"batch_dims", static_cast<double>(axes.batch)}});
}

Expected<ValueId> places_from_front(Emitter& emitter, ValueId places, ValueId x, int axis) {
  auto known = emitter.graph().builder.known_integers(places);
  bool none_negative = known && std::all_of((*known)[0].begin(), (*known)[0].end(),
                                            [](int64_t place) { return place >= 0; });
  if (none_negative) return places;
  places = TRY(emitter.cast(places, DType::i32));
  ValueId extent = TRY(emitter.shape_tensor({emitter.extent(x, axis)}));
  ValueId from_end = TRY(emitter.add(places, extent));
  if (emitter.rank(places) == 0) from_end = TRY(emitter.reshape(from_end, {}));
  return emitter.select(TRY(compare(emitter, "LESS", places, 0)), from_end, places);
}

Expected<ValueId> masked_slices(Emitter& emitter, ValueId x, ValueId mask, int first) {
  int last = first + emitter.rank(mask);
  ENSURE(last <= emitter.rank(x), "a mask of shape ", text_of(emitter.shape(mask)),
         " does not fit a tensor of shape ", text_of(emitter.shape(x)));
  ValueId joined = TRY(emitter.merge_axes(x, first, last));
  ValueId flat = TRY(flattened(emitter, mask));
  ValueId places = TRY(emitter.node("WHERE", {flat}, {}, {{DType::i64, {-1, 1}, {}, {}}}));
  places = TRY(emitter.cast(TRY(flattened(emitter, places)), DType::i32));
  return gather(emitter, joined, places, first);
}

namespace {

Expected<ValueId> truth(FunctionCall& call, ValueId x) {
  if (call.dtype(x) == DType::boolean) return x;
  return compare(call, "NOT_EQUAL", x, 0);
}

Expected<ValueId> as_places(FunctionCall& call, ValueId x) {
  return call.dtype(x) == DType::i64 ? x : TRY(call.cast(x, DType::i32));
}

Expected<Results> import_gather(FunctionCall& call) {
  ValueId x = TRY(call.tensor("params|reference", 0));
  ValueId places = TRY(as_places(call, TRY(call.tensor("indices", 1))));
  call.ignore("validate_indices");
  int64_t batch_axes = TRY(call.integer("batch_dims", -1, 0));
  batch_axes += batch_axes < 0 ? call.rank(places) : 0;
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, batch_axes)), x));
  ENSURE(batch_axes >= 0 && batch_axes <= axis, "'batch_dims' is ", batch_axes, " and axis ", axis);
  return TRY(gather(call, x, places, {axis, static_cast<int>(batch_axes)}));
}

Expected<Results> import_lookup(FunctionCall& call) {
  ValueId x = TRY(call.tensor("params", 0)), ids = TRY(call.tensor("ids", 1));
  call.ignore("validate_indices|partition_strategy");
  if (call.has("max_norm")) return call.unsupported_argument("max_norm", call.argument("max_norm"));
  return TRY(gather(call, x, TRY(as_places(call, ids)), 0));
}

Expected<Results> import_take(FunctionCall& call) {
  ValueId x = TRY(call.tensor("x", 0));
  ValueId places = TRY(as_places(call, TRY(call.tensor("indices", 1))));
  if (!call.has("axis")) x = TRY(flattened(call, x));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x));
  return TRY(gather(call, x, TRY(places_from_front(call, places, x, axis)), axis));
}

/// For each place of the result the element of its own row.
Expected<Results> import_take_along(FunctionCall& call) {
  ValueId x = TRY(call.tensor("x", 0)), places = TRY(call.tensor("indices", 1));
  places = TRY(call.cast(places, DType::i32));
  if (!call.has("axis")) {
    x = TRY(flattened(call, x));
    places = TRY(flattened(call, places));
  }
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x)), rank = call.rank(x);
  ENSURE(call.rank(places) == rank, "indices of shape ", text_of(call.shape(places)),
         " do not fit a tensor of shape ", text_of(call.shape(x)));
  places = TRY(places_from_front(call, places, x, axis));
  std::vector<int64_t> order = exchange(rank, axis, rank - 1);
  x = TRY(call.transpose(x, order)), places = TRY(call.transpose(places, order));
  Extents from = call.extents(x), to = call.extents(places);
  for (int i = 0; i + 1 < rank; ++i) {
    size_t at = static_cast<size_t>(i);
    if (call.shape(x)[i] == 1 && call.shape(places)[i] != 1) from[at] = to[at];
    if (call.shape(places)[i] == 1 && call.shape(x)[i] != 1) to[at] = call.extent(x, i);
  }
  auto spread = [&](ValueId value, const Extents& shape) -> Expected<ValueId> {
    for (int i = 0; i < rank; ++i) {
      bool same = shape[static_cast<size_t>(i)].size == call.shape(value)[i];
      if (!same) return call.node("BROADCAST_TO", {value, TRY(call.shape_tensor(shape))});
    }
    return value;
  };
  x = TRY(spread(x, from)), places = TRY(spread(places, to));
  return TRY(call.transpose(TRY(gather(call, x, places, {rank - 1, rank - 1})), order));
}

Expected<Results> import_gather_nd(FunctionCall& call) {
  ValueId x = TRY(call.tensor("params", 0)), places = TRY(call.tensor("indices", 1));
  int64_t batch_axes = TRY(call.integer("batch_dims", -1, 0));
  ENSURE(batch_axes <= 1 || call.rank(x) > 1, "'batch_dims' is ", batch_axes);
  if (batch_axes > 1) return call.unsupported_argument("batch_dims", call.argument("batch_dims"));
  if (batch_axes == 1) {  // the number of the row stands in front of each place
    places = TRY(call.cast(places, DType::i32));
    ValueId count = TRY(call.reshape(TRY(call.shape_tensor({call.extent(places, 0)})), {}));
    ValueId rows = TRY(call.node(
        "RANGE", {TRY(call.number(0, DType::i32)), count, TRY(call.number(1, DType::i32))}, {},
        {{DType::i32, {-1}, {}, {}}}));
    Extents to(static_cast<size_t>(call.rank(places)), Extent(1));
    to[0] = Extent(-1);
    Extents full = call.extents(places);
    full.back() = Extent(1);
    rows =
        TRY(call.node("BROADCAST_TO", {TRY(call.reshape(rows, to)), TRY(call.shape_tensor(full))}));
    places = TRY(call.concatenate({rows, places}, -1));
  }
  return TRY(call.node("GATHER_ND", {x, places}));
}

Expected<ValueId> one_hot(FunctionCall& call, ValueId x, int64_t depth) {
  call.ignore("sparse");
  DType dtype = TRY(call.dtype_argument("dtype", DType::f32));
  const PyValue &on = call.argument("on_value"), &off = call.argument("off_value");
  if (!call.has("dtype") && on.is_integer()) dtype = DType::i32;
  if (!call.has("dtype") && on.is_boolean()) dtype = DType::boolean;
  int64_t axis = TRY(call.integer("axis", -1, -1));
  axis += axis < -1 ? call.rank(x) + 1 : 0;
  ValueId high = TRY(call.constant_of(on.is_none() ? PyValue::of(int64_t{1}) : on, dtype));
  ValueId low = TRY(call.constant_of(off.is_none() ? PyValue::of(int64_t{0}) : off, dtype));
  return call.node(op::one_hot, op::OneHot{.axis = static_cast<int32_t>(axis)},
                   {TRY(as_places(call, x)),
                    TRY(call.number(static_cast<double>(depth), DType::i32)), high, low});
}

Expected<Results> import_one_hot(FunctionCall& call) {
  ValueId x = TRY(call.tensor("indices|x", 0));
  return TRY(one_hot(call, x, TRY(call.integer("depth|num_classes"))));
}

/// Which of the classes are there at all.
Expected<Results> import_multi_hot(FunctionCall& call) {
  ValueId x = TRY(call.tensor("inputs", 0));
  int64_t axis = call.rank(x) > 1 ? 1 : 0;
  ValueId each = TRY(one_hot(call, x, TRY(call.integer("num_classes|num_tokens"))));
  return TRY(call.reduce("REDUCE_MAX", each, {axis}, false));
}

/// The places of true elements: int64 [count, rank].
Expected<ValueId> true_places(FunctionCall& call, ValueId condition) {
  TensorType type{DType::i64, {-1, call.rank(condition)}, {}, {}};
  return call.node("WHERE", {TRY(truth(call, condition))}, {}, {type});
}

Expected<Results> import_where(FunctionCall& call) {
  ValueId condition = TRY(call.tensor("condition", 0));
  if (!call.has("x|x1|then_expression", 1)) return TRY(true_places(call, condition));
  condition = TRY(truth(call, condition));
  const PyValue& x = call.argument("x|x1|then_expression", 1);
  const PyValue& y = call.argument("y|x2|else_expression", 2);
  FunctionCall::Operands both = TRY(call.met(x, y));
  // compat.v1.where and keras.backend.switch choose whole rows by a condition of lower rank.
  bool by_row = call.name() != "where" && !call.newer() && call.rank(condition) < call.rank(both.a);
  while (by_row && call.rank(condition) < call.rank(both.a))
    condition = TRY(call.expand(condition, call.rank(condition)));
  return TRY(call.select(condition, both.a, both.b));
}

Expected<Results> import_nonzero(FunctionCall& call) {
  ValueId x = TRY(call.first());
  ValueId places = TRY(call.cast(TRY(true_places(call, x)), DType::i32));
  std::vector<ValueId> columns;
  for (int i = 0; i < call.rank(x); ++i) {
    ValueId column = TRY(call.slice_axis(places, 1, {.begin = i, .end = i + 1}));
    columns.push_back(TRY(flattened(call, column)));
  }
  return columns;
}

/// The choice whose condition is the first to hold.
Expected<Results> import_select(FunctionCall& call) {
  const PyValue& conditions = call.argument("condlist", 0);
  std::vector<ValueId> choices = TRY(call.tensors("choicelist", 1));
  ENSURE(conditions.is_list() && conditions.items().size() == choices.size(),
         "there should be as many conditions as choices");
  const PyValue& otherwise = call.argument("default", 2);
  ValueId y = TRY(call.constant_of(otherwise.is_none() ? PyValue::of(int64_t{0}) : otherwise,
                                   call.dtype(choices[0])));
  for (size_t i = choices.size(); i-- > 0;) {
    ValueId condition = TRY(truth(call, TRY(call.constant_of(conditions.items()[i]))));
    y = TRY(call.select(condition, choices[i], y));
  }
  return y;
}

Expected<Results> import_boolean_mask(FunctionCall& call) {
  ValueId x = TRY(call.first()), mask = TRY(call.tensor("mask", -1));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x));
  return TRY(masked_slices(call, x, TRY(truth(call, mask)), axis));
}

Expected<Results> import_slice(FunctionCall& call) {
  ValueId x = TRY(call.tensor("input_|inputs", 0));
  ValueId begin = TRY(call.integer_tensor(call.argument("begin|start_indices", 1)));
  ValueId size = TRY(call.integer_tensor(call.argument("size|shape")));
  return TRY(call.node("SLICE", {x, begin, size}));
}

Expected<Results> import_strided_slice(FunctionCall& call) {
  ValueId x = TRY(call.tensor("input_", 0));
  ValueId begin = TRY(call.integer_tensor(call.argument("begin")));
  ValueId end = TRY(call.integer_tensor(call.argument("end")));
  std::vector<int64_t> ones(static_cast<size_t>(std::max<int64_t>(call.shape(begin)[0], 0)), 1);
  ValueId strides = call.has("strides") ? TRY(call.integer_tensor(call.argument("strides")))
                                        : call.integers(ones);
  op::StridedSlice options;
  const std::pair<std::string_view, int32_t*> masks[] = {
      {"begin_mask", &options.begin_mask},
      {"end_mask", &options.end_mask},
      {"ellipsis_mask", &options.ellipsis_mask},
      {"new_axis_mask", &options.new_axis_mask},
      {"shrink_axis_mask", &options.shrink_axis_mask}};
  for (const auto& [name, mask] : masks)
    *mask = static_cast<int32_t>(TRY(call.integer(name, -1, 0)));
  return TRY(call.node(op::strided_slice, options, {x, begin, end, strides}));
}

Expected<Results> import_slice_update(FunctionCall& call) {
  ValueId x = TRY(call.tensor("inputs", 0));
  ValueId begin = TRY(call.integer_tensor(call.argument("start_indices", 1)));
  ValueId updates = TRY(call.tensor_like("updates", 2, call.dtype(x)));
  return TRY(call.node("DYNAMIC_UPDATE_SLICE", {x, updates, begin}));
}

Expected<Results> import_scatter(FunctionCall& call) {
  ValueId places = TRY(call.cast(TRY(call.tensor("indices", 0)), DType::i32));
  ValueId updates = TRY(call.tensor("updates|values", 1));
  ValueId shape = TRY(call.integer_tensor(call.argument("shape")));
  return TRY(call.node("SCATTER_ND", {places, updates, shape}));
}

/// x with elements at these places replaced, or joined by an operator with the new ones.
Expected<Results> import_scatter_update(FunctionCall& call) {
  ValueId x = TRY(call.tensor("tensor|inputs", 0));
  ValueId places = TRY(call.cast(TRY(call.tensor("indices", 1)), DType::i32));
  ValueId updates = TRY(call.tensor_like("updates", 2, call.dtype(x)));
  std::string reduction = TRY(call.text("reduction", call.def().op));
  ValueId shape = TRY(call.node("SHAPE", {x}));
  ValueId scattered = TRY(call.node("SCATTER_ND", {places, updates, shape}));
  if (reduction == "add") return TRY(call.add(x, scattered));
  if (reduction == "sub") return TRY(call.subtract(x, scattered));
  if (reduction != "update" && reduction != "max" && reduction != "min")
    return call.unsupported("this way of joining has no operator", quoted(reduction));
  ValueId ones =
      TRY(call.node("FILL", {TRY(call.node("SHAPE", {updates})), TRY(call.number(1, DType::i32))}));
  ValueId hits = TRY(call.node("SCATTER_ND", {places, ones, shape}));
  ValueId hit = TRY(compare(call, "GREATER", hits, 0));
  if (reduction == "max") scattered = TRY(call.maximum(x, scattered));
  if (reduction == "min") scattered = TRY(call.minimum(x, scattered));
  return TRY(call.select(hit, scattered, x));
}

/// True for the first `lengths` of `maxlen` places.
Expected<Results> import_sequence_mask(FunctionCall& call) {
  ValueId lengths = TRY(as_places(call, TRY(call.tensor("lengths", 0))));
  lengths = TRY(call.cast(lengths, DType::i32));
  ValueId count = no_value;
  if (call.has("maxlen")) {
    count = TRY(call.tensor_like("maxlen", -1, DType::i32));
  } else {
    count = TRY(call.reduce("REDUCE_MAX", TRY(flattened(call, lengths)), {0}, false));
  }
  ValueId zero = TRY(call.number(0, DType::i32)), one = TRY(call.number(1, DType::i32));
  ValueId steps = TRY(call.node("RANGE", {zero, count, one}, {}, {{DType::i32, {-1}, {}, {}}}));
  ValueId ends = TRY(call.expand(lengths, call.rank(lengths)));
  ValueId mask = TRY(call.node("LESS", {steps, ends}));
  return TRY(call.cast(mask, TRY(call.dtype_argument("dtype", DType::boolean))));
}

/// Whether each element is among others.
Expected<Results> import_is_in(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1", "x2"));
  call.ignore("assume_unique");
  bool invert = TRY(call.flag("invert", false));
  ValueId x = TRY(call.expand(both.a, call.rank(both.a)));
  ValueId same = TRY(call.node("EQUAL", {x, TRY(flattened(call, both.b))}));
  ValueId y = TRY(call.reduce("REDUCE_ANY", same, {-1}, false));
  return invert ? TRY(call.node("LOGICAL_NOT", {y})) : y;
}

/// Flat places as one place for each axis.
Expected<Results> import_unravel(FunctionCall& call) {
  ValueId places = TRY(call.tensor("indices", 0));
  std::vector<int64_t> shape = TRY(call.integers("shape|dims"));
  std::vector<ValueId> parts(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    ENSURE(shape[i] > 0, "the shape ", shape, " has no places");
    ValueId extent = TRY(call.number(static_cast<double>(shape[i]), places));
    parts[i] = TRY(call.node("FLOOR_MOD", {places, extent}));
    places = TRY(call.node("FLOOR_DIV", {places, extent}));
  }
  if (!call.newer()) return TRY(call.stack(parts, 0));
  return parts;
}

constexpr FunctionDef functions[] = {
    {{"gather", "keras.backend.gather", "batch_gather"}, {}, import_gather, {}, 0, "GATHER"},
    {{"nn.embedding_lookup"}, {}, import_lookup, {}, 0, "GATHER"},
    {{}, {"Take"}, import_take, {}, 0, "GATHER"},
    {{}, {"TakeAlongAxis"}, import_take_along, {}, 0, "GATHER"},
    {{"gather_nd"}, {}, import_gather_nd, {}, 0, "GATHER_ND"},
    {{"one_hot", "keras.backend.one_hot"}, {"OneHot"}, import_one_hot, {}, 0, "ONE_HOT"},
    {{}, {"MultiHot"}, import_multi_hot, {}, 0, "ONE_HOT and REDUCE_MAX"},
    {{"where", "keras.backend.switch"}, {"Where"}, import_where, {}, 0, "SELECT_V2 or WHERE"},
    {{}, {"Nonzero"}, import_nonzero, {}, 0, "WHERE"},
    {{}, {"Select"}, import_select, {}, 0, "SELECT_V2"},
    {{"boolean_mask"}, {}, import_boolean_mask, {}, 0, "WHERE and GATHER"},
    {{"slice"}, {"Slice"}, import_slice, {}, 0, "SLICE"},
    {{"strided_slice"}, {}, import_strided_slice, {}, 0, "STRIDED_SLICE"},
    {{}, {"SliceUpdate"}, import_slice_update, {}, 0, "DYNAMIC_UPDATE_SLICE"},
    {{"scatter_nd", "manip.scatter_nd"}, {"Scatter"}, import_scatter, {}, 0, "SCATTER_ND"},
    {{"tensor_scatter_nd_update"},
     {"ScatterUpdate"},
     import_scatter_update,
     "update",
     0,
     "SCATTER_ND and SELECT_V2"},
    {{"tensor_scatter_nd_add"}, {}, import_scatter_update, "add", 0, "SCATTER_ND and ADD"},
    {{"tensor_scatter_nd_sub"}, {}, import_scatter_update, "sub", 0, "SCATTER_ND and SUB"},
    {{"tensor_scatter_nd_max"}, {}, import_scatter_update, "max", 0, "SCATTER_ND and MAXIMUM"},
    {{"tensor_scatter_nd_min"}, {}, import_scatter_update, "min", 0, "SCATTER_ND and MINIMUM"},
    {{"sequence_mask"}, {}, import_sequence_mask, {}, 0, "RANGE and LESS"},
    {{}, {"IsIn"}, import_is_in, {}, 0, "EQUAL and REDUCE_ANY"},
    {{"unravel_index"}, {"UnravelIndex"}, import_unravel, {}, 0, "FLOOR_DIV and FLOOR_MOD"},
};

}  // namespace

FunctionTable indexing_functions() { return function_table(functions); }

}  // namespace wherry::keras
