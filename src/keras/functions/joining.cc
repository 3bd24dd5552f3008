// Functions that join, cut, repeat, pad and shift tensors.
#include <algorithm>
#include <numeric>

#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"
#include "keras/repetition.h"
#include "ops/shape/mirror_pad.h"
#include "ops/shape/unpack.h"

namespace wherry::keras {
namespace {

constexpr std::string_view list_names = "values|xs|x|tensors|inputs";

Expected<Results> import_concatenate(FunctionCall& call) {
  std::vector<ValueId> parts = TRY(call.tensors(list_names));
  int64_t axis = TRY(call.integer("axis|concat_dim", -1, call.newer() ? 0 : -1));
  return TRY(call.concatenate(parts, axis));
}

/// Two tensors behind each other, flat without an axis.
Expected<Results> import_append(FunctionCall& call) {
  FunctionCall::Operands both = TRY(call.operands("x1", "x2"));
  if (call.has("axis")) return TRY(call.concatenate({both.a, both.b}, TRY(call.integer("axis"))));
  return TRY(call.concatenate({TRY(flattened(call, both.a)), TRY(flattened(call, both.b))}, 0));
}

/// numpy.hstack, vstack and dstack: `number` is the axis, which tensors of lower rank get first.
Expected<Results> import_axis_stack(FunctionCall& call) {
  std::vector<ValueId> parts = TRY(call.tensors(list_names));
  int axis = static_cast<int>(call.def().number);
  for (ValueId& part : parts) {
    if (axis == 0 && call.rank(part) == 1) part = TRY(call.expand(part, 0));
    if (axis == 2 && call.rank(part) == 1) part = TRY(call.expand(part, 0));
    if (axis == 2 && call.rank(part) == 2) part = TRY(call.expand(part, 2));
  }
  return TRY(call.concatenate(parts, call.rank(parts[0]) <= axis ? 0 : axis));
}

Expected<Results> import_stack(FunctionCall& call) {
  std::vector<ValueId> parts = TRY(call.tensors(list_names));
  return TRY(call.stack(parts, TRY(call.integer("axis", -1, 0))));
}

Expected<Results> import_unstack(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x));
  int64_t count = call.shape(x)[axis];
  if (count < 0) count = TRY(call.integer("num", -1, -1));
  call.ignore("num");
  if (count <= 0)
    return call.unsupported("an axis of unknown size cannot be unstacked", text_of(call.shape(x)));
  op::Unpack options{.num = static_cast<int32_t>(count), .axis = axis};
  return TRY(call.emit({.op = op::unpack,
                        .attributes = Attributes::of(op::unpack_attributes, options),
                        .inputs = {x},
                        .output_count = options.num}));
}

/// Parts of equal size, or of the sizes in a list, where one may be -1.
Expected<Results> import_split(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int axis = TRY(call.axis(TRY(call.integer("axis|split_dim", -1, 0)), x));
  call.ignore("num");
  bool is_list = call.argument("num_or_size_splits").is_list();
  std::vector<int64_t> sizes = TRY(call.integers("num_or_size_splits"));
  int64_t extent = call.shape(x)[axis];
  ENSURE(!sizes.empty(), "the function is called without sizes");
  if (!is_list) {
    int64_t count = sizes[0];
    ENSURE(count > 0 && count <= 4096 && (extent < 0 || extent % count == 0), "axis ", axis, " of ",
           text_of(call.shape(x)), " cannot be cut into ", count, " equal parts");
    sizes.assign(static_cast<size_t>(count), extent < 0 ? 0 : extent / count);
  }
  auto open = std::find(sizes.begin(), sizes.end(), -1);
  if (open != sizes.end() && extent >= 0)
    *open = extent - (std::accumulate(sizes.begin(), sizes.end(), int64_t{0}) + 1);
  return TRY(call.split(x, sizes, axis));
}

/// Cuts at the places in a list, or into as many parts; these may be unequal where number is 1.
Expected<Results> import_cut(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t at = TRY(call.integer("axis", -1, call.def().number < 0 ? -call.def().number - 1 : 0));
  int axis = TRY(call.axis(std::min<int64_t>(at, call.rank(x) - 1), x));
  bool is_list = call.argument("indices_or_sections").is_list();
  std::vector<int64_t> places = TRY(call.integers("indices_or_sections")), sizes;
  ENSURE(is_list || !places.empty(), "the function is called without indices_or_sections");
  int64_t extent = call.shape(x)[axis];
  if (extent < 0)
    return call.unsupported("an axis of unknown size cannot be cut", text_of(call.shape(x)));
  if (is_list) {
    int64_t begin = 0;
    places.push_back(extent);
    for (int64_t place : places) {
      place = std::clamp<int64_t>(place < 0 ? place + extent : place, 0, extent);
      sizes.push_back(std::max<int64_t>(place - begin, 0));
      begin = std::max(begin, place);
    }
    return TRY(call.split(x, sizes, axis));
  }
  int64_t count = places.empty() ? 0 : places[0];
  bool may_differ = call.def().number == 1;
  ENSURE(count > 0 && count <= 4096 && (may_differ || extent % count == 0), "axis ", axis, " of ",
         text_of(call.shape(x)), " cannot be cut into ", count, " equal parts");
  for (int64_t i = 0; i < count; ++i) sizes.push_back(extent / count + (i < extent % count));
  return TRY(call.split(x, sizes, axis));
}

Expected<Results> import_tile(FunctionCall& call) {
  ValueId x = TRY(call.first());
  const PyValue& written = call.argument("multiples|repeats|n|reps");
  if (!call.newer()) return TRY(call.node("TILE", {x, TRY(call.integer_tensor(written))}));
  std::vector<int64_t> multiples = TRY(call.integers("multiples|repeats|n|reps"));
  while (static_cast<int>(multiples.size()) < call.rank(x)) multiples.insert(multiples.begin(), 1);
  while (static_cast<int>(multiples.size()) > call.rank(x)) x = TRY(call.expand(x, 0));
  return TRY(call.tile(x, multiples));
}

/// Each element of an axis several times: all as often, or each as often as a list says.
Expected<Results> import_repeat(FunctionCall& call) {
  ValueId x = TRY(call.first());
  bool flat = !call.has("axis");
  if (flat) x = TRY(flattened(call, x));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, 0)), x));
  std::vector<int64_t> counts = TRY(call.integers("repeats|rep"));
  ENSURE(!counts.empty(), "the function is called without a number of repetitions");
  for (int64_t count : counts)
    ENSURE(count >= 0 && count <= (1 << 20), "an element cannot be repeated ", count, " times");
  if (counts.size() > 1) {
    ENSURE(static_cast<int64_t>(counts.size()) == call.shape(x)[axis], counts.size(),
           " repetitions do not fit axis ", axis, " of ", text_of(call.shape(x)));
    std::vector<int64_t> indices;
    for (size_t i = 0; i < counts.size(); ++i)
      indices.insert(indices.end(), static_cast<size_t>(counts[i]), static_cast<int64_t>(i));
    return TRY(
        call.node("GATHER", {x, call.integers(indices)}, {{"axis", static_cast<double>(axis)}}));
  }
  return TRY(repeated(call, x, axis, counts[0]));
}

/// [batch, features] to [batch, n, features].
Expected<Results> import_repeat_vector(FunctionCall& call) {
  ValueId x = TRY(call.first());
  return TRY(call.tile(TRY(call.expand(x, 1)), {1, TRY(call.integer("n")), 1}));
}

/// One pair for each axis; one pair or number counts for all.
Expected<std::vector<Margin>> margins_of(FunctionCall& call, ValueId x) {
  constexpr std::string_view names = "paddings|pad_width";
  const PyValue& written = call.argument(names);
  std::vector<Margin> margins;
  auto margin_of = [&](const PyValue& pair) -> Expected<Margin> {
    if (pair.has_integer()) return Margin{pair.integer(), pair.integer()};
    bool is_pair =
        pair.items().size() == 2 && pair.items()[0].has_integer() && pair.items()[1].has_integer();
    if (!is_pair) return call.unsupported_argument(names, written);
    return Margin{pair.items()[0].integer(), pair.items()[1].integer()};
  };
  bool is_one =
      written.is_number() || (written.items().size() == 2 && written.items()[0].is_number());
  if (is_one) {
    margins.assign(static_cast<size_t>(call.rank(x)), TRY(margin_of(written)));
  } else {
    for (const PyValue& pair : written.items()) margins.push_back(TRY(margin_of(pair)));
    if (margins.size() == 1) margins.resize(static_cast<size_t>(call.rank(x)), margins[0]);
  }
  for (const Margin& margin : margins)
    ENSURE(margin.before >= 0 && margin.after >= 0 && margin.before <= (1 << 24) &&
               margin.after <= (1 << 24),
           "a tensor cannot be padded by ", written.shown());
  ENSURE(static_cast<int>(margins.size()) == call.rank(x), margins.size(),
         " pairs of paddings do not fit ", text_of(call.shape(x)));
  return margins;
}

Expected<Results> import_pad(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::vector<Margin> margins = TRY(margins_of(call, x));
  std::string mode = lower(TRY(call.text("mode", "constant")));
  PyValue filler = call.argument("constant_values", 1);
  if (filler.is_list() && filler.items().size() == 1) filler = PyValue(filler.items()[0]);
  if (mode == "constant") {
    if (!filler.is_none() && !filler.is_number())
      return call.unsupported_argument("constant_values", filler);
    return TRY(call.pad(x, margins, filler.real()));
  }
  if (mode != "reflect" && mode != "symmetric")
    return call.unsupported("padding of this mode has no operator", quoted(mode),
                            "use constant, reflect or symmetric");
  std::vector<int32_t> amounts;
  for (const Margin& margin : margins) {
    amounts.push_back(static_cast<int32_t>(margin.before));
    amounts.push_back(static_cast<int32_t>(margin.after));
  }
  ValueId table = call.constant(std::move(amounts), Shape{call.rank(x), 2}, "paddings");
  MirrorMode kind = mode == "reflect" ? MirrorMode::reflect : MirrorMode::symmetric;
  return TRY(call.node(op::mirror_pad, op::MirrorPad{kind}, {x, table}));
}

/// What falls out at one end comes in at the other.
Expected<ValueId> rolled(FunctionCall& call, ValueId x, int64_t shift, int64_t at) {
  int axis = TRY(call.axis(at, x));
  int64_t extent = call.shape(x)[axis];
  if (extent < 0)
    return call.unsupported("an axis of unknown size cannot be rolled", text_of(call.shape(x)));
  if (extent == 0) return x;
  int64_t cut = ((-shift % extent) + extent) % extent;
  if (cut == 0) return x;
  ValueId head = TRY(call.slice_axis(x, axis, {.begin = 0, .end = cut}));
  ValueId tail = TRY(call.slice_axis(x, axis, {.begin = cut}));
  return call.concatenate({tail, head}, axis);
}

Expected<Results> import_roll(FunctionCall& call) {
  ValueId x = TRY(call.first());
  std::vector<int64_t> shifts = TRY(call.integers("shift")), axes = TRY(call.integers("axis"));
  ENSURE(!shifts.empty(), "the function is called without a shift");
  if (axes.empty()) {
    Extents shape = call.extents(x);
    ValueId flat = TRY(flattened(call, x));
    return TRY(call.reshape(TRY(rolled(call, flat, shifts[0], 0)), shape));
  }
  if (shifts.size() == 1) shifts.resize(axes.size(), shifts[0]);
  ENSURE(shifts.size() == axes.size(), shifts.size(), " shifts do not fit ", axes.size(), " axes");
  for (size_t i = 0; i < axes.size(); ++i) x = TRY(rolled(call, x, shifts[i], axes[i]));
  return x;
}

/// x[1:] - x[:-1] along an axis, n times.
Expected<Results> import_difference(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, -1)), x));
  int64_t times = TRY(call.integer("n", -1, 1));
  ENSURE(times >= 0 && times <= 64, "differences cannot be taken ", times, " times");
  for (int64_t i = 0; i < times; ++i) {
    ValueId later = TRY(call.slice_axis(x, axis, {.begin = 1}));
    ValueId earlier = TRY(call.slice_axis(x, axis, {.end = -1}));
    bool is_truth = call.dtype(x) == DType::boolean;
    x = TRY(call.node(is_truth ? "NOT_EQUAL" : "SUB", {later, earlier}));
  }
  return x;
}

/// Windows of a sequence along an axis, one beside the other.
Expected<Results> import_frames(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t length = TRY(call.integer("frame_length|sequence_length"));
  int64_t step = TRY(call.integer("frame_step|sequence_stride"));
  int axis = TRY(call.axis(TRY(call.integer("axis", -1, -1)), x));
  bool pad_end = TRY(call.flag("pad_end", false));
  double filler = TRY(call.real("pad_value", -1, 0));
  int64_t extent = call.shape(x)[axis];
  if (extent < 0)
    return call.unsupported("an axis of unknown size cannot be framed", text_of(call.shape(x)));
  ENSURE(length > 0 && step > 0 && length <= (1 << 24), "frames of ", length, " elements every ",
         step, " are not possible");
  int64_t count =
      pad_end ? (extent + step - 1) / step : std::max<int64_t>(0, 1 + (extent - length) / step);
  ENSURE(count * length <= (1 << 24), count, " frames of ", length, " elements are too many");
  if (pad_end) {
    std::vector<Margin> margins(static_cast<size_t>(call.rank(x)));
    int64_t missing = (count - 1) * step + length - extent;
    margins[static_cast<size_t>(axis)] = {0, std::max<int64_t>(0, missing)};
    x = TRY(call.pad(x, margins, filler));
  }
  std::vector<int32_t> places;
  for (int64_t frame = 0; frame < count; ++frame) {
    for (int64_t i = 0; i < length; ++i) places.push_back(static_cast<int32_t>(frame * step + i));
  }
  ValueId table = call.constant(std::move(places), Shape{count, length}, "frames");
  return TRY(call.node("GATHER", {x, table}, {{"axis", static_cast<double>(axis)}}));
}

constexpr FunctionDef functions[] = {
    {{"concat", "keras.backend.concatenate"},
     {"Concatenate"},
     import_concatenate,
     {},
     0,
     "CONCATENATION"},
    {{}, {"Append"}, import_append, {}, 0, "CONCATENATION"},
    {{}, {"Vstack"}, import_axis_stack, {}, 0, "CONCATENATION"},
    {{}, {"Hstack"}, import_axis_stack, {}, 1, "CONCATENATION"},
    {{}, {"Dstack"}, import_axis_stack, {}, 2, "CONCATENATION"},
    {{"stack", "parallel_stack", "keras.backend.stack"}, {"Stack"}, import_stack, {}, 0, "PACK"},
    {{"unstack"}, {"Unstack"}, import_unstack, {}, 0, "UNPACK"},
    {{"split"}, {}, import_split, {}, 0, "SPLIT or SPLIT_V"},
    {{}, {"Split"}, import_cut, {}, 0, "SPLIT or SPLIT_V"},
    {{}, {"ArraySplit"}, import_cut, {}, 1, "SPLIT or SPLIT_V"},
    {{}, {"Vsplit"}, import_cut, {}, -1, "SPLIT or SPLIT_V"},
    {{}, {"Hsplit"}, import_cut, {}, -2, "SPLIT or SPLIT_V"},
    {{}, {"Dsplit"}, import_cut, {}, -3, "SPLIT or SPLIT_V"},
    {{"tile", "keras.backend.tile"}, {"Tile"}, import_tile, {}, 0, "TILE"},
    {{"repeat", "keras.backend.repeat_elements"},
     {"Repeat"},
     import_repeat,
     {},
     0,
     "GATHER, or RESHAPE and TILE for many elements"},
    {{"keras.backend.repeat"}, {}, import_repeat_vector, {}, 0, "TILE"},
    {{"pad"}, {"Pad"}, import_pad, {}, 0, "PAD, PADV2 or MIRROR_PAD"},
    {{"roll", "manip.roll"}, {"Roll"}, import_roll, {}, 0, "STRIDED_SLICE and CONCATENATION"},
    {{}, {"Diff"}, import_difference, {}, 0, "STRIDED_SLICE and SUB"},
    {{"signal.frame"}, {"ExtractSequences"}, import_frames, {}, 0, "GATHER"},
};

}  // namespace

FunctionTable joining_functions() { return function_table(functions); }

}  // namespace wherry::keras
