// Erf: the error function, which files keep under TensorFlow's name.
#include "ops/activation/erf.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet erf_types = one_of(DType::f32, DType::f16, DType::bf16);

Status infer_erf(InferContext& context) {
  return context.set_output(0, context.dtype(0), context.shape(0));
}

Status reference(Call& call) {
  for_type<float, half, bfloat16>(call.dtype(0), [&]<class T>() {
    map_elements<T>(call, [](T x) { return T(std::erf(static_cast<float>(x))); });
  });
  return {};
}

}  // namespace

constinit const OpDef erf = {.name = "Erf",
                             .attributes = &custom_attributes,
                             .inputs = {{"x", erf_types}},
                             .outputs = {{"y", erf_types}},
                             .versions = {{1}},
                             .infer = infer_erf,
                             .reference = reference,
                             .doc = "the error function"};

OpTable erf_ops() { return op_table(erf); }

}  // namespace wherry::op
