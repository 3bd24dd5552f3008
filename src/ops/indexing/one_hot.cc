// ONE_HOT: a vector with one position switched on, for each index.
#include "ops/indexing/one_hot.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field one_hot_fields[] = {field<&OneHot::axis>("axis", 0)};

constexpr TypeSet hot_types =
    one_of(DType::f32, DType::i16, DType::i32, DType::i64, DType::i8, DType::u8, DType::boolean);

Status infer_one_hot(InferContext& context) {
  Shape result = context.shape(0);
  int axis =
      TRY(resolve_axis(context.attributes<OneHot>().axis, result.rank() + 1, "axis of ONE_HOT"));
  for (int i = 2; i < 4; ++i) {
    ENSURE(context.shape(i).elements() == 1 && context.dtype(i) == context.dtype(2),
           "ONE_HOT needs on and off values of one element and one type, got ",
           text_of(context.input(i)));
  }
  int64_t depth = TRY(context.integer(1));
  ENSURE(depth >= 0, "ONE_HOT needs a depth of 0 or more, got ", depth);
  result.insert(axis, depth);
  return context.set_output(0, context.dtype(2), std::move(result));
}

Status reference(Call& call) {
  const Shape& result = call.output(0).shape();
  int axis = TRY(resolve_axis(call.attributes<OneHot>().axis, result.rank()));
  int64_t outer = result.product(0, axis), depth = result[axis],
          inner = result.product(axis + 1, result.rank());
  ElementCopy copy(call, 0);
  TRY(copy.fill_from(3));
  for (int64_t i = 0; i < outer * inner; ++i) {
    int64_t index = integer_at(call.input(0), i);
    if (index < 0 || index >= depth) continue;
    TRY(copy.copy_run(2, 0, (i / inner * depth + index) * inner + i % inner, 1));
  }
  return copy.finish();
}

}  // namespace

constinit const AttributesType one_hot_attributes = attributes_type<OneHot>(one_hot_fields, 61);

constinit const OpDef one_hot = {
    .name = "ONE_HOT",
    .code = 85,
    .attributes = &one_hot_attributes,
    .inputs = {{"indices", one_of(DType::i32, DType::i64)},
               {"depth", one_of(DType::i32, DType::i64)},
               {"on", hot_types},
               {"off", hot_types}},
    .outputs = {{"y", hot_types}},
    .versions = {{1, "1.11.0"}},
    .infer = infer_one_hot,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::none},
    .doc = "for each index a vector of off values with one on value; none when out of range"};

OpTable one_hot_ops() { return op_table(one_hot); }

}  // namespace wherry::op
