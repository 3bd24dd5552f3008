// SIGN, and the custom operator of older files that does the same: -1, 0 or 1; NaN for NaN.
#include "ops/arithmetic/sign.h"

#include "ops/elementwise.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet sign_types = one_of(DType::f32, DType::f64, DType::i32);

template <class T>
T sign_of(T x) {
  return x != x ? x : static_cast<T>((x > 0) - (x < 0));
}

Status reference(Call& call) {
  for_type<float, double, int32_t>(call.dtype(0),
                                   [&]<class T>() { map_elements<T>(call, sign_of<T>); });
  return {};
}

}  // namespace

constinit const AttributesType sign_attributes = attributes_type<NoAttributes>({}, 123);

constinit const OpDef sign_family[2] = {
    {.name = "SIGN",
     .code = 158,
     .attributes = &sign_attributes,
     .inputs = {{"x", sign_types}},
     .outputs = {{"y", sign_types}},
     .versions = {{1, "2.11.0"}, {2, "2.12.0", DType::i32}},
     .infer = infer_elementwise,
     .reference = reference,
     .doc = "-1, 0 or 1: which side of 0 x lies on"},
    {.name = "Sign",
     .attributes = &custom_attributes,
     .inputs = {{"x", sign_types}},
     .outputs = {{"y", sign_types}},
     .versions = {{1}},
     .infer = infer_elementwise,
     .reference = reference,
     .doc = "as SIGN"},
};

OpTable sign_ops() { return op_table(sign_family); }

}  // namespace wherry::op
