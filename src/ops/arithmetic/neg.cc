// NEG: x with the other sign. Quantised tensors: the stored numbers are negated, whatever their
// scale and zero point, and the lowest number stays, as in the stock runtime.
#include "ops/arithmetic/neg.h"

#include "ops/elementwise.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet neg_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::i8, DType::i16, DType::i32, DType::i64);

template <class T>
T negative(T x) {
  if constexpr (std::is_integral_v<T>)
    return wrapping_subtract<T>(0, x);
  else
    return T(-x);
}

Status reference(Call& call) {
  for_type<float, half, bfloat16, int8_t, int16_t, int32_t, int64_t>(
      call.dtype(0), [&]<class T>() { map_elements<T>(call, negative<T>); });
  return {};
}

}  // namespace

constinit const AttributesType neg_attributes = attributes_type<NoAttributes>({}, 42);

constinit const OpDef neg = {.name = "NEG",
                             .code = 59,
                             .attributes = &neg_attributes,
                             .inputs = {{"x", neg_types}},
                             .outputs = {{"y", neg_types}},
                             .versions = {{1, "1.9.0"}},
                             .infer = infer_elementwise,
                             .reference = reference,
                             .doc = "-x"};

OpTable neg_ops() { return op_table(neg); }

}  // namespace wherry::op
