// LOCAL_RESPONSE_NORMALIZATION: channels divided by the energy of their neighbours.
#include "ops/normalization/local_response_normalization.h"

#include <algorithm>
#include <cmath>

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field local_response_normalization_fields[] = {
    field<&LocalResponseNormalization::radius>("radius", 0),
    field<&LocalResponseNormalization::bias>("bias", 1),
    field<&LocalResponseNormalization::alpha>("alpha", 2),
    field<&LocalResponseNormalization::beta>("beta", 3)};

Status infer_local_response_normalization(InferContext& context) {
  const Shape& shape = context.shape(0);
  int32_t radius = context.attributes<LocalResponseNormalization>().radius;
  ENSURE(shape.rank() == 4,
         "LOCAL_RESPONSE_NORMALIZATION needs an input of rank 4 (NHWC), got the shape ", shape);
  ENSURE(radius >= 0, "LOCAL_RESPONSE_NORMALIZATION needs a radius of 0 or more, got ", radius);
  return context.set_output(0, DType::f32, shape);
}

/// The window reaches from c - radius to c + radius inclusive, cut at the ends.
void normalize(const float* x, float* y, int64_t depth,
               const LocalResponseNormalization& attributes) {
  for (int64_t c = 0; c < depth; ++c) {
    int64_t first = std::max<int64_t>(0, c - attributes.radius);
    int64_t last = std::min<int64_t>(depth, c + attributes.radius + 1);
    float energy = 0;
    for (int64_t i = first; i < last; ++i) energy += x[i] * x[i];
    y[c] = x[c] * std::pow(attributes.bias + attributes.alpha * energy, -attributes.beta);
  }
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  if (shape.elements() == 0) return {};
  const auto& attributes = call.attributes<LocalResponseNormalization>();
  for (int64_t first = 0; first < shape.elements(); first += shape.back())
    normalize(call.data<float>(0) + first, call.result<float>(0) + first, shape.back(), attributes);
  return {};
}

}  // namespace

constinit const AttributesType local_response_normalization_attributes =
    attributes_type<LocalResponseNormalization>(local_response_normalization_fields, 13);

constinit const OpDef local_response_normalization = {
    .name = "LOCAL_RESPONSE_NORMALIZATION",
    .code = 13,
    .attributes = &local_response_normalization_attributes,
    .inputs = {{"x", DType::f32}},
    .outputs = {{"y", DType::f32}},
    .versions = {{1, "1.5.0"}},
    .infer = infer_local_response_normalization,
    .reference = reference,
    .doc = "x * (bias + alpha * squares of the neighbouring channels) ^ -beta"};

OpTable local_response_normalization_ops() { return op_table(local_response_normalization); }

}  // namespace wherry::op
