// POW: powers of floats and integers.
#include "ops/arithmetic/pow.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet pow_types = one_of(DType::f32, DType::i32);

Status infer_pow(InferContext& context) { return infer_pairs(context, context.dtype(0)); }

int32_t integer_power(int32_t base, int32_t exponent) {
  int32_t result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2) result = wrapping_multiply(result, base);
    base = wrapping_multiply(base, base);
  }
  return result;
}

Status reference(Call& call) {
  if (call.dtype(0) == DType::f32) {
    map_pairs<float>(call, [](float a, float b) { return std::pow(a, b); });
    return {};
  }
  for (int32_t exponent : call.input(1).span<const int32_t>())
    ENSURE(exponent >= 0, "POW of integers needs exponents of 0 or more, got ", exponent);
  map_pairs<int32_t>(call, integer_power);
  return {};
}

}  // namespace

constinit const AttributesType pow_attributes = attributes_type<NoAttributes>({}, 56);

constinit const OpDef pow = {.name = "POW",
                             .code = 78,
                             .attributes = &pow_attributes,
                             .inputs = {{"a", pow_types}, {"b", pow_types}},
                             .outputs = {{"y", pow_types}},
                             .versions = {{1, "1.10.0"}},
                             .infer = infer_pow,
                             .reference = reference,
                             .doc = "a to the power of b, broadcast"};

OpTable pow_ops() { return op_table(pow); }

}  // namespace wherry::op
