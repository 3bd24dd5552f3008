// ZEROS_LIKE: zeros in the shape of a tensor.
#include "ops/shape/zeros_like.h"

#include <algorithm>

#include "ops/elementwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet zeros_types = one_of(DType::f32, DType::i32, DType::i64);

Status reference(Call& call) {
  std::fill_n(call.output(0).data, call.output(0).bytes, std::byte{0});
  return {};
}

}  // namespace

constinit const AttributesType zeros_like_attributes = attributes_type<NoAttributes>({}, 67);

constinit const OpDef zeros_like = {.name = "ZEROS_LIKE",
                                    .code = 93,
                                    .attributes = &zeros_like_attributes,
                                    .inputs = {{"x", zeros_types}},
                                    .outputs = {{"y", zeros_types}},
                                    .versions = {{1, "1.12.0"}},
                                    .infer = infer_elementwise,
                                    .reference = reference,
                                    .doc = "zeros in the shape of x"};

OpTable zeros_like_ops() { return op_table(zeros_like); }

}  // namespace wherry::op
