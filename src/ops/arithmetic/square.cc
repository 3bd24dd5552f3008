// SQUARE: x * x.
#include "ops/arithmetic/square.h"

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet square_types = one_of(DType::f32, DType::f16);

Status reference(Call& call) {
  map_floats(call, [](float x) { return x * x; });
  return {};
}

}  // namespace

constinit const AttributesType square_attributes = attributes_type<NoAttributes>({}, 66);

constinit const OpDef square = {.name = "SQUARE",
                                .code = 92,
                                .attributes = &square_attributes,
                                .inputs = {{"x", square_types}},
                                .outputs = {{"y", square_types}},
                                .versions = {{1, "1.12.0"}},
                                .infer = infer_elementwise,
                                .reference = reference,
                                .doc = "x * x"};

OpTable square_ops() { return op_table(square); }

}  // namespace wherry::op
