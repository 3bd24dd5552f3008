// MAXIMUM and MINIMUM: the larger or smaller of two tensors.
#include "ops/arithmetic/extremum.h"

#include "ops/elementwise.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet extremum_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::i32, DType::i64) | quantized_types;

bool same_scale(const TensorType& a, const TensorType& b) {
  return a.scale() == b.scale() && a.zero_point() == b.zero_point();
}

/// Stored numbers are compared, so all three tensors must mean the same by them.
Status infer_extremum(InferContext& context) {
  TRY(infer_pairs(context, context.dtype(0)));
  if (!quantized_types.contains(context.dtype(0))) return {};
  const TensorType &a = context.input(0), &b = context.input(1), &y = context.declared(0);
  bool comparable = same_scale(a, b) && (!y.quantized() || same_scale(a, y));
  ENSURE(comparable, context.op().name,
         " needs one scale and zero point for both inputs and the output, got ", text_of(a), ", ",
         text_of(b), " and ", text_of(y));
  return {};
}

template <bool larger>
Status reference(Call& call) {
  for_type<float, half, bfloat16, int32_t, int64_t, int8_t, uint8_t, int16_t>(
      call.dtype(0), [&]<class T>() {
        map_pairs<T>(call, [](T a, T b) { return (larger ? a > b : a < b) ? a : b; });
      });
  return {};
}

constexpr QuantizationFacts facts = {.rule = QuantizationRule::same_as_input, .int16 = true};

}  // namespace

constinit const AttributesType extremum_attributes = attributes_type<NoAttributes>({}, 39);

constinit const OpDef extremum_family[2] = {
    {.name = "MAXIMUM",
     .code = 55,
     .attributes = &extremum_attributes,
     .inputs = {{"a", extremum_types}, {"b", extremum_types}},
     .outputs = {{"y", extremum_types}},
     .versions = {{1, "1.14.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", {}, broadcasts_above_rank<4>},
                  {4, "2.3.0", DType::i16}},
     .infer = infer_extremum,
     .reference = reference<true>,
     .quantization = facts,
     .doc = "the larger of a and b, broadcast"},
    {.name = "MINIMUM",
     .code = 57,
     .attributes = &extremum_attributes,
     .inputs = {{"a", extremum_types}, {"b", extremum_types}},
     .outputs = {{"y", extremum_types}},
     .versions = {{1, "1.14.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", {}, broadcasts_above_rank<4>},
                  {4, "2.3.0", DType::i16}},
     .infer = infer_extremum,
     .reference = reference<false>,
     .quantization = facts,
     .doc = "the smaller of a and b, broadcast"},
};

OpTable extremum_ops() { return op_table(extremum_family); }

}  // namespace wherry::op
