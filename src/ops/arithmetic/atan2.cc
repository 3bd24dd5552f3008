// ATAN2, and the custom operator of older files that does the same: the angle of a point.
#include "ops/arithmetic/atan2.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet angle_types = one_of(DType::f32, DType::f64, DType::f16, DType::bf16);

Status infer_atan2(InferContext& context) {
  TRY(infer_pairs(context, context.dtype(0)));
  ENSURE(context.shape(0) == context.shape(1), "ATAN2 needs inputs of one shape, got ",
         context.shape(0), " and ", context.shape(1));
  return {};
}

Status reference(Call& call) {
  for_type<float, half, bfloat16>(call.dtype(0), [&]<class T>() {
    map_pairs<T>(call, [](float y, float x) { return T(std::atan2(y, x)); });
  });
  if (call.dtype(0) == DType::f64)
    map_pairs<double>(call, [](double y, double x) { return std::atan2(y, x); });
  return {};
}

}  // namespace

constinit const AttributesType atan2_attributes = attributes_type<NoAttributes>({}, 122);

constinit const OpDef atan2_family[2] = {
    {.name = "ATAN2",
     .code = 156,
     .attributes = &atan2_attributes,
     .inputs = {{"y", angle_types}, {"x", angle_types}},
     .outputs = {{"angle", angle_types}},
     .versions = {{1, "2.10.0"}},
     .infer = infer_atan2,
     .reference = reference,
     .doc = "the angle of the point (x, y), from -pi to pi"},
    {.name = "Atan2",
     .attributes = &custom_attributes,
     .inputs = {{"y", angle_types}, {"x", angle_types}},
     .outputs = {{"angle", angle_types}},
     .versions = {{1}},
     .infer = infer_atan2,
     .reference = reference,
     .doc = "as ATAN2"},
};

OpTable atan2_ops() { return op_table(atan2_family); }

}  // namespace wherry::op
