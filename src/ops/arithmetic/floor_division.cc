// FLOOR_DIV and FLOOR_MOD: division towards minus infinity, and what it leaves. Small integers are
// plain numbers: scales are not looked at.
#include "ops/arithmetic/floor_division.h"

#include <cmath>

#include "ops/arithmetic/divisor.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet divided_types = one_of(DType::f32, DType::i8, DType::i16, DType::i32);
constexpr TypeSet remainder_types = divided_types | one_of(DType::i64);

Status infer_floor_division(InferContext& context) {
  return infer_pairs(context, context.dtype(0));
}

/// As the stock kernels divide: 5 * 0.02f is a little less than 5 times 0.02f.
float quotient(float a, float b) {
  return static_cast<float>(std::floor(static_cast<double>(a) / static_cast<double>(b)));
}

float remainder(float a, float b) {
  float rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

template <bool wants_quotient>
Status reference(Call& call) {
  if (call.dtype(0) == DType::f32) {
    map_pairs<float>(call, wants_quotient ? quotient : remainder);
    return {};
  }
  Status status;
  for_type<int8_t, int16_t, int32_t, int64_t>(call.dtype(0), [&]<class T>() {
    status = check_divisors<T>(call, 0);
    if (status) map_pairs<T>(call, wants_quotient ? floor_divide<T> : floor_remainder<T>);
  });
  return status;
}

}  // namespace

constinit const AttributesType floor_div_attributes = attributes_type<NoAttributes>({}, 65);
constinit const AttributesType floor_mod_attributes = attributes_type<NoAttributes>({}, 72);

constinit const OpDef floor_division_family[2] = {
    {.name = "FLOOR_DIV",
     .code = 90,
     .attributes = &floor_div_attributes,
     .inputs = {{"a", divided_types}, {"b", divided_types}},
     .outputs = {{"y", divided_types}},
     .versions = {{1, "1.14.0"},
                  {2, "1.14.0", DType::f32},
                  {3, "2.13.0", one_of(DType::i8, DType::i16)}},
     .infer = infer_floor_division,
     .reference = reference<true>,
     .doc = "a / b rounded towards minus infinity, broadcast"},
    {.name = "FLOOR_MOD",
     .code = 95,
     .attributes = &floor_mod_attributes,
     .inputs = {{"a", remainder_types}, {"b", remainder_types}},
     .outputs = {{"y", remainder_types}},
     .versions = {{1, "1.13.0"}, {2, "2.13.0", one_of(DType::i8, DType::i16)}},
     .infer = infer_floor_division,
     .reference = reference<false>,
     .doc = "what FLOOR_DIV leaves, with the sign of b, broadcast"},
};

OpTable floor_division_ops() { return op_table(floor_division_family); }

}  // namespace wherry::op
