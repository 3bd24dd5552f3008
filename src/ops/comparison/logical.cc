// LOGICAL_AND, LOGICAL_OR and LOGICAL_NOT: combinations of truths.
#include "ops/comparison/logical.h"

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status infer_logical(InferContext& context) { return infer_pairs(context, DType::boolean); }

// Truths are read as bytes: those of a file may be other than 0 and 1.
uint8_t both(uint8_t a, uint8_t b) { return a && b; }
uint8_t either(uint8_t a, uint8_t b) { return a || b; }

template <uint8_t combine(uint8_t, uint8_t)>
Status reference(Call& call) {
  map_pairs<uint8_t>(call, combine);
  return {};
}

Status reference_not(Call& call) {
  map_elements<uint8_t>(call, [](uint8_t x) -> uint8_t { return !x; });
  return {};
}

}  // namespace

constinit const AttributesType logical_attributes[3] = {attributes_type<NoAttributes>({}, 62),
                                                        attributes_type<NoAttributes>({}, 60),
                                                        attributes_type<NoAttributes>({}, 63)};

constinit const OpDef logical_family[3] = {
    {.name = "LOGICAL_AND",
     .code = 86,
     .attributes = &logical_attributes[0],
     .inputs = {{"a", DType::boolean}, {"b", DType::boolean}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.11.0"}},
     .infer = infer_logical,
     .reference = reference<both>,
     .doc = "whether a and b are true, broadcast"},
    {.name = "LOGICAL_OR",
     .code = 84,
     .attributes = &logical_attributes[1],
     .inputs = {{"a", DType::boolean}, {"b", DType::boolean}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.11.0"}},
     .infer = infer_logical,
     .reference = reference<either>,
     .doc = "whether a or b is true, broadcast"},
    {.name = "LOGICAL_NOT",
     .code = 87,
     .attributes = &logical_attributes[2],
     .inputs = {{"x", DType::boolean}},
     .outputs = {{"y", DType::boolean}},
     .versions = {{1, "1.11.0"}},
     .infer = infer_elementwise,
     .reference = reference_not,
     .doc = "whether x is false"},
};

OpTable logical_ops() { return op_table(logical_family); }

}  // namespace wherry::op
