// ARG_MAX and ARG_MIN: where the largest or smallest element along an axis stands; of equal ones
// the first counts.
#include "ops/reduction/arg_extremum.h"

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field arg_fields[] = {field<&ArgExtremum::output_type>("output_type", 0)};

constexpr TypeSet ranked_types =
    one_of(DType::f32, DType::u8, DType::i8, DType::i32, DType::boolean);
constexpr TypeSet position_types = one_of(DType::i32, DType::i64);

Expected<int> checked_axis(std::string_view op, const Shape& x, int64_t axis) {
  int resolved = TRY(resolve_axis(axis, x.rank(), cat("axis of ", op)));
  ENSURE(x[resolved] > 0, op, " along axis ", axis, " of the shape ", x,
         " has no elements to choose from");
  return resolved;
}

Status infer_arg_extremum(InferContext& context) {
  DType type = context.attributes<ArgExtremum>().output_type;
  if (type == DType::f32) type = context.declared(0).dtype;  // the file does not say
  ENSURE_CODE(ErrorCode::unsupported, position_types.contains(type), context.op().name,
              " gives i32 or i64, not ", type);
  Shape result = context.shape(0);
  result.erase(TRY(checked_axis(context.op().name, result, TRY(context.integer(1)))));
  return context.set_output(0, type, std::move(result));
}

/// Positions for x seen as [outer, along, inner].
template <class T, class Position, class F>
void find_positions(Call& call, int axis, F&& is_better) {
  const Shape& shape = call.shape(0);
  const int64_t inner = shape.product(axis + 1, shape.rank()), along = shape[axis];
  const T* x = call.data<T>(0);
  Position* y = call.result<Position>(0);
  for (int64_t i = 0, count = call.output(0).elements(); i < count; ++i) {
    const T* row = x + i / inner * inner * along + i % inner;
    int64_t best = 0;
    for (int64_t k = 1; k < along; ++k) {
      if (is_better(row[k * inner], row[best * inner])) best = k;
    }
    y[i] = static_cast<Position>(best);
  }
}

template <bool larger>
Status reference(Call& call) {
  int axis = TRY(checked_axis(call.node().op->name, call.shape(0), call.integers(1)[0]));
  bool wide = call.output(0).dtype() == DType::i64;
  DType stored = call.dtype(0) == DType::boolean ? DType::u8 : call.dtype(0);
  for_type<float, uint8_t, int8_t, int32_t>(stored, [&]<class T>() {
    auto is_better = [](T a, T b) { return larger ? a > b : a < b; };
    wide ? find_positions<T, int64_t>(call, axis, is_better)
         : find_positions<T, int32_t>(call, axis, is_better);
  });
  return {};
}

constexpr QuantizationFacts facts = {.rule = QuantizationRule::plain_output};

}  // namespace

constinit const AttributesType arg_max_attributes = attributes_type<ArgExtremum>(arg_fields, 40);
constinit const AttributesType arg_min_attributes = attributes_type<ArgExtremum>(arg_fields, 57);

constinit const OpDef arg_extremum_family[2] = {
    {.name = "ARG_MAX",
     .code = 56,
     .attributes = &arg_max_attributes,
     .inputs = {{"x", ranked_types}, {"axis", position_types}},
     .outputs = {{"y", position_types}},
     .versions = {{1, "1.9.0"}, {2, "1.14.0", DType::i8}, {3, "2.9.0", DType::boolean}},
     .infer = infer_arg_extremum,
     .reference = reference<true>,
     .quantization = facts,
     .doc = "where the largest element along an axis stands; the first of equal ones"},
    {.name = "ARG_MIN",
     .code = 79,
     .attributes = &arg_min_attributes,
     .inputs = {{"x", ranked_types}, {"axis", position_types}},
     .outputs = {{"y", position_types}},
     .versions = {{1, "1.9.0"}, {2, "1.14.0", DType::i8}, {3, "2.9.0", DType::boolean}},
     .infer = infer_arg_extremum,
     .reference = reference<false>,
     .quantization = facts,
     .doc = "where the smallest element along an axis stands; the first of equal ones"},
};

OpTable arg_extremum_ops() { return op_table(arg_extremum_family); }

}  // namespace wherry::op
