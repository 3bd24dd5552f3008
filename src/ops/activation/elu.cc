// ELU: linear above zero, exponential below.
#include "ops/activation/elu.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/lookup_table.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet elu_types = one_of(DType::f32, DType::f16, DType::i8);

Status reference(Call& call) {
  if (!map_floats(call, [](float x) { return x < 0 ? std::expm1(x) : x; }))
    map_by_table(call, [](float x, const TensorType&) { return x < 0 ? std::expm1(x) : x; });
  return {};
}

}  // namespace

constinit const OpDef elu = {.name = "ELU",
                             .code = 111,
                             .inputs = {{"x", elu_types}},
                             .outputs = {{"y", elu_types}},
                             .versions = {{1, "1.14.0"}},
                             .infer = infer_rescaled,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated},
                             .doc = "x above 0, exp(x) - 1 below"};

OpTable elu_ops() { return op_table(elu); }

}  // namespace wherry::op
