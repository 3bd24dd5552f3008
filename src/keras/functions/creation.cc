// Functions that copy, convert or make tensors: casts, shapes, constants like another tensor,
// ranges.
#include <algorithm>
#include <cmath>
#include <limits>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"

namespace wherry::keras {
namespace {

Expected<Results> import_identity(FunctionCall& call) {
  for (std::string_view name : {"shape", "control_inputs", "dtype_hint", "preferred_dtype",
                                "sparse", "ragged", "message", "summarize"})
    call.ignore(name);
  ValueId x = TRY(call.first());
  return TRY(call.cast(x, TRY(call.dtype_argument("dtype", call.dtype(x)))));
}

/// Sparse and ragged inputs are dense here from the beginning.
Expected<Results> import_to_dense(FunctionCall& call) {
  call.ignore("validate_indices");
  TRY(call.only("default_value", PyValue::of(int64_t{0})));
  TRY(call.only("args", PyValue::list({})));
  TRY(call.only("kwargs", PyValue::dict({})));
  return TRY(call.first());
}

Expected<Results> import_identities(FunctionCall& call) {
  call.ignore("control_inputs");
  return TRY(call.tensors("input|tensors"));
}

/// Numbers other than 0 are true; everything else is the operator's business.
Expected<ValueId> converted(FunctionCall& call, ValueId x, DType to) {
  if (to == DType::boolean && call.dtype(x) != DType::boolean)
    return compare(call, "NOT_EQUAL", x, 0);
  return call.cast(x, to);
}

Expected<Results> import_cast(FunctionCall& call) {
  ValueId x = TRY(call.first());
  ENSURE(call.has("dtype", 1), "the function is called without an element type");
  return TRY(converted(call, x, TRY(call.dtype_argument("dtype", DType::f32, 1))));
}

/// To the element type that `number` stands for.
Expected<Results> import_fixed_cast(FunctionCall& call) {
  return TRY(call.cast(TRY(call.first()), static_cast<DType>(static_cast<int>(call.def().number))));
}

/// The least and the largest number of an integer type.
struct Limits {
  double least = 0, largest = 0;
};

std::optional<Limits> limits_of(DType dtype) {
  std::optional<Limits> limits;
  for_type<int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t>(dtype, [&]<class T>() {
    limits = Limits{static_cast<double>(std::numeric_limits<T>::lowest()),
                    static_cast<double>(std::numeric_limits<T>::max())};
  });
  return limits;
}

Expected<Results> import_saturate_cast(FunctionCall& call) {
  ValueId x = TRY(call.tensor("value|x", 0));
  DType to = TRY(call.dtype_argument("dtype", DType::f32));
  std::optional<Limits> limits = limits_of(to);
  bool is_float = call.dtype(x) == DType::f32;
  bool is_signed = call.dtype(x) == DType::i32 || call.dtype(x) == DType::i64;
  if (!limits || (!is_float && !is_signed)) return TRY(converted(call, x, to));
  // The next float below 2^31 or 2^32.
  if (is_float && limits->largest > 0x1p30) limits->largest -= to == DType::i32 ? 127 : 255;
  x = TRY(call.at_least(x, limits->least));
  return TRY(call.cast(TRY(call.at_most(x, limits->largest)), to));
}

/// x's shape filled with a number.
Expected<ValueId> filled(FunctionCall& call, ValueId x, ValueId value) {
  return call.node("FILL", {TRY(call.node("SHAPE", {x})), value});
}

/// `number` everywhere.
Expected<Results> import_like(FunctionCall& call) {
  ValueId x = TRY(call.first());
  call.ignore("optimize|layout");
  DType dtype = TRY(call.dtype_argument("dtype", call.dtype(x)));
  return TRY(filled(call, x, TRY(call.number(call.def().number, dtype))));
}

Expected<Results> import_full_like(FunctionCall& call) {
  ValueId x = TRY(call.tensor("x", 0));
  DType dtype = TRY(call.dtype_argument("dtype", call.dtype(x)));
  ValueId value = TRY(call.tensor_like("fill_value", 1, dtype));
  if (call.rank(value) == 0) return TRY(filled(call, x, value));
  return TRY(call.node("BROADCAST_TO", {value, TRY(call.node("SHAPE", {x}))}));
}

Expected<Results> import_full(FunctionCall& call) {
  call.ignore("layout");
  bool is_plain = call.def().op == "plain";  // zeros and ones name no value
  ValueId shape = TRY(call.integer_tensor(is_plain || !call.newer() ? call.argument("shape|dims", 0)
                                                                    : call.argument("shape")));
  DType dtype = TRY(call.dtype_argument("dtype", DType::f32));
  ValueId value = no_value;
  if (is_plain)
    value = TRY(call.number(call.def().number, dtype));
  else
    value = TRY(call.tensor("value|fill_value", call.newer() ? 0 : -1));
  if (call.newer() && call.has("dtype")) value = TRY(call.cast(value, dtype));
  if (call.rank(value) != 0) return TRY(call.node("BROADCAST_TO", {value, shape}));
  return TRY(call.node("FILL", {shape, value}));
}

Expected<Results> import_shapes(FunctionCall& call) {
  DType dtype = TRY(call.dtype_argument("out_type", DType::i32));
  std::vector<ValueId> shapes;
  for (ValueId x : TRY(call.tensors("input")))
    shapes.push_back(TRY(call.cast(TRY(call.node("SHAPE", {x})), dtype)));
  return shapes;
}

Expected<Results> import_shape(FunctionCall& call) {
  DType dtype = TRY(call.dtype_argument("out_type", DType::i32));
  call.ignore("optimize");
  return TRY(call.cast(TRY(call.node("SHAPE", {TRY(call.first())})), dtype));
}

Expected<Results> import_size(FunctionCall& call) {
  DType dtype = TRY(call.dtype_argument("out_type", DType::i32));
  call.ignore("optimize");
  ValueId x = TRY(call.first());
  if (call.rank(x) == 0) return TRY(call.number(1, dtype));
  ValueId shape = TRY(call.node("SHAPE", {x}));
  return TRY(call.cast(TRY(call.reduce("REDUCE_PROD", shape, {0}, false)), dtype));
}

Expected<Results> import_rank(FunctionCall& call) {
  call.ignore("optimize");
  return TRY(call.number(call.rank(TRY(call.first())), DType::i32));
}

/// One of the numbers from start to limit.
Expected<Results> import_range(FunctionCall& call) {
  PyValue start = call.argument("start", 0), limit = call.argument("limit|stop", 1);
  PyValue step = call.argument("delta|step", 2);
  if (limit.is_none()) limit = start, start = PyValue::of(int64_t{0});
  if (step.is_none()) step = PyValue::of(int64_t{1});
  DType joint = DType::i32;
  for (const PyValue* part : {&start, &limit, &step})
    joint = joint_dtype(joint, call.dtype(TRY(call.constant_of(*part))));
  joint = TRY(call.dtype_argument("dtype", joint));
  std::vector<ValueId> bounds;
  for (const PyValue* part : {&start, &limit, &step})
    bounds.push_back(TRY(call.constant_of(*part, joint)));
  return TRY(call.node("RANGE", bounds, {}, {{joint, {-1}, {}, {}}}));
}

/// A range of `count` numbers along one axis of a result of this rank.
struct Spacing {
  int64_t count = 0;
  bool endpoint = true;
  int rank = 1, axis = 0;
};

/// How far each number is on the way from start to stop.
ValueId shares(FunctionCall& call, const Spacing& spacing) {
  std::vector<float> elements;
  double steps = static_cast<double>(spacing.endpoint ? spacing.count - 1 : spacing.count);
  for (int64_t i = 0; i < spacing.count; ++i)
    elements.push_back(static_cast<float>(static_cast<double>(i) / std::max(steps, 1.0)));
  Shape shape;
  for (int i = 0; i < spacing.rank; ++i) shape.push_back(i == spacing.axis ? spacing.count : 1);
  return call.constant(std::move(elements), std::move(shape), "shares");
}

/// Numbers evenly spaced between two tensors; `number` is 1 for logspace.
Expected<Results> import_spaced(FunctionCall& call) {
  FunctionCall::Operands ends = TRY(call.float_operands("start", "stop"));
  int64_t count = TRY(call.integer("num", -1, 50));
  bool endpoint = TRY(call.flag("endpoint", true));
  TRY(call.only("retstep", PyValue::of(false)));
  DType dtype = TRY(call.dtype_argument("dtype", DType::f32));
  ENSURE(count >= 0 && count <= (1 << 24), "a range of ", count, " numbers is not possible");
  ValueId length = TRY(call.subtract(ends.b, ends.a));
  int rank = call.rank(length) + 1;
  int64_t at = TRY(call.integer("axis", -1, 0));
  int axis = static_cast<int>(at < 0 ? at + rank : at);
  ENSURE(axis >= 0 && axis < rank, "axis ", at, " is outside of ", rank, " axes");
  ValueId start = ends.a;
  if (rank > 1) length = TRY(call.expand(length, axis));
  if (rank > 1 && call.rank(start) > 0) start = TRY(call.expand(start, axis));
  ValueId steps = TRY(call.multiply(length, shares(call, {count, endpoint, rank, axis})));
  ValueId y = TRY(call.add(steps, start));
  if (call.def().number == 1) {
    ValueId base = TRY(call.number(TRY(call.real("base", -1, 10)), y));
    y = TRY(call.node("POW", {base, y}));
  }
  return TRY(call.cast(y, dtype));
}

/// Two or more vectors, each repeated along the axes of the others.
Expected<Results> import_grid(FunctionCall& call) {
  bool crossed = TRY(call.text("indexing", "xy")) == "xy" && call.place_count() > 1;
  std::vector<ValueId> axes;
  for (size_t i = 0; i < call.place_count(); ++i)
    axes.push_back(TRY(flattened(call, TRY(call.tensor("", static_cast<int>(i))))));
  if (!call.newer() && axes.size() == 1)
    return call.unsupported("the file does not hold all of its arguments", {},
                            "build the grid from reshape and broadcast_to");
  Extents shape;
  for (ValueId axis : axes) shape.push_back(call.extent(axis, 0));
  std::vector<size_t> place(axes.size());
  for (size_t i = 0; i < axes.size(); ++i) place[i] = i;
  if (crossed) std::swap(place[0], place[1]), std::swap(shape[0], shape[1]);
  ValueId full = TRY(call.shape_tensor(shape));
  std::vector<ValueId> grids;
  for (size_t i = 0; i < axes.size(); ++i) {
    Extents to(axes.size(), Extent(1));
    to[place[i]] = call.extent(axes[i], 0);
    grids.push_back(TRY(call.node("BROADCAST_TO", {TRY(call.reshape(axes[i], to)), full})));
  }
  return grids;
}

/// In inference nothing is dropped; a function called directly drops all the same.
Expected<Results> import_dropout(FunctionCall& call) {
  call.ignore("noise_shape|seed");
  double rate = TRY(call.real("rate|level", -1, 0));
  if (call.has("keep_prob")) rate = 1 - TRY(call.real("keep_prob"));
  if (rate == 0) return TRY(call.first());
  return call.unsupported("it drops elements at random in every call, also in inference",
                          call.argument("rate|level|keep_prob").shown(),
                          "use a Dropout layer, which does nothing in inference");
}

constexpr FunctionDef functions[] = {
    {{"identity", "stop_gradient", "convert_to_tensor", "ensure_shape", "grad_pass_through",
      "guarantee_const", "keras.backend.identity", "keras.backend.stop_gradient"},
     {"Copy", "StopGradient"},
     import_identity,
     {},
     0,
     "nothing"},
    {{}, {"Conjugate", "Conj"}, import_identity, {}, 0, "nothing"},
    {{"debugging.check_numerics", "debugging.assert_all_finite", "keras.backend.print_tensor",
      "placeholder_with_default"},
     {"ConvertToTensor", "Array"},
     import_identity,
     {},
     0,
     "nothing, or CAST"},
    {{"sparse.to_dense", "sparse_tensor_to_dense", "instance.to_tensor"},
     {},
     import_to_dense,
     {},
     0,
     "nothing"},
    {{"identity_n", "tuple"}, {}, import_identities, {}, 0, "nothing"},
    {{"cast", "keras.backend.cast"}, {"Cast"}, import_cast, {}, 0, "CAST, or NOT_EQUAL"},
    {{"to_float", "to_double", "to_bfloat16", "keras.backend.cast_to_floatx"},
     {},
     import_fixed_cast,
     {},
     static_cast<double>(DType::f32),
     "CAST"},
    {{"to_int32"}, {}, import_fixed_cast, {}, static_cast<double>(DType::i32), "CAST"},
    {{"to_int64"}, {}, import_fixed_cast, {}, static_cast<double>(DType::i64), "CAST"},
    {{"dtypes.saturate_cast", "saturate_cast"},
     {"SaturateCast"},
     import_saturate_cast,
     {},
     0,
     "MAXIMUM, MINIMUM and CAST"},
    {{"zeros_like", "keras.backend.zeros_like"},
     {"ZerosLike", "EmptyLike"},
     import_like,
     {},
     0,
     "FILL"},
    {{"ones_like", "keras.backend.ones_like"}, {"OnesLike"}, import_like, {}, 1, "FILL"},
    {{}, {"FullLike"}, import_full_like, {}, 0, "FILL or BROADCAST_TO"},
    {{"fill"}, {"Full"}, import_full, {}, 0, "FILL or BROADCAST_TO"},
    {{"zeros"}, {}, import_full, "plain", 0, "FILL"},
    {{"ones"}, {}, import_full, "plain", 1, "FILL"},
    {{"shape", "keras.backend.shape"}, {}, import_shape, {}, 0, "SHAPE"},
    {{"shape_n"}, {}, import_shapes, {}, 0, "SHAPE"},
    {{"size"}, {"Size"}, import_size, {}, 0, "SHAPE and REDUCE_PROD"},
    {{"rank"}, {"Ndim"}, import_rank, {}, 0, "a constant"},
    {{"range"}, {"Arange"}, import_range, {}, 0, "RANGE"},
    {{"linspace", "linspace_nd"}, {"Linspace"}, import_spaced, {}, 0, "MUL and ADD"},
    {{}, {"Logspace"}, import_spaced, {}, 1, "MUL, ADD and POW"},
    {{"meshgrid"}, {"Meshgrid"}, import_grid, {}, 0, "BROADCAST_TO"},
    {{"nn.dropout", "keras.backend.dropout"},
     {},
     import_dropout,
     {},
     0,
     "nothing, where the rate is 0"},
};

}  // namespace

FunctionTable creation_functions() { return function_table(functions); }

}  // namespace wherry::keras
