// MAXIMUM and MINIMUM: the larger or smaller of two tensors.
#include "ops/arithmetic/extremum.h"

#include "ops/elementwise.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet extremum_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::i32, DType::i64) | quantized_types;

/// Stored numbers are compared as they are, whatever their scales, as in the stock runtime.
Status infer_extremum(InferContext& context) { return infer_pairs(context, context.dtype(0)); }

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
     .doc = "the larger of a and b as stored, broadcast"},
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
     .doc = "the smaller of a and b as stored, broadcast"},
};

OpTable extremum_ops() { return op_table(extremum_family); }

}  // namespace wherry::op
