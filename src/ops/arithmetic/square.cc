// SQUARE: x * x.
#include "ops/arithmetic/square.h"

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status reference(Call& call) {
  map_elements<float>(call, [](float x) { return x * x; });
  return {};
}

}  // namespace

constinit const AttributesType square_attributes = attributes_type<NoAttributes>({}, 66);

constinit const OpDef square = {.name = "SQUARE",
                                .code = 92,
                                .attributes = &square_attributes,
                                .inputs = {{"x", DType::f32}},
                                .outputs = {{"y", DType::f32}},
                                .versions = {{1, "1.12.0"}},
                                .infer = infer_elementwise,
                                .reference = reference,
                                .doc = "x * x"};

OpTable square_ops() { return op_table(square); }

}  // namespace wherry::op
