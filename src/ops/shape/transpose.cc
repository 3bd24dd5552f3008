// TRANSPOSE: reorders the axes.
#include "ops/shape/transpose.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet transposed_types =
    whole_byte_types | one_of(DType::i4, DType::f8e4m3, DType::f8e5m2);

Status infer_transpose(InferContext& context) {
  const Shape& shape = context.shape(0);
  ENSURE(shape.rank() <= 8, "TRANSPOSE takes up to 8 axes, got the shape ", shape);
  std::vector<int64_t> order = TRY(context.integers(1));
  ENSURE(static_cast<int>(order.size()) == shape.rank(), "TRANSPOSE of a tensor of rank ",
         shape.rank(), " got the permutation ", order);
  std::vector<bool> seen(order.size(), false);
  Shape result;
  for (int64_t axis : order) {
    ENSURE(axis >= 0 && axis < shape.rank() && !seen[static_cast<size_t>(axis)],
           "TRANSPOSE needs each axis once, got the permutation ", order);
    seen[static_cast<size_t>(axis)] = true;
    result.push_back(shape[static_cast<int>(axis)]);
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  std::vector<int64_t> order = call.integers(1);
  std::vector<int64_t> from = dense_steps(call.shape(0)), to = dense_steps(call.output(0).shape());
  std::vector<CopyAxis> axes;
  for (size_t axis = 0; axis < order.size(); ++axis)
    axes.push_back({call.output(0).shape()[static_cast<int>(axis)],
                    from[static_cast<size_t>(order[axis])], to[axis]});
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes));
  return copy.finish();
}

}  // namespace

constinit const AttributesType transpose_attributes = attributes_type<NoAttributes>({}, 26);

constinit const OpDef transpose = {
    .name = "TRANSPOSE",
    .code = 39,
    .attributes = &transpose_attributes,
    .inputs = {{"x", transposed_types}, {"permutation", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", transposed_types}},
    .versions = {{1, "1.6.0"},
                 {2, "1.14.0", DType::i8},
                 {3, "1.15.0", DType::boolean},
                 {4, "2.3.0", {}, rank_above<0, 4>},
                 {5, "2.4.0", DType::i16},
                 {6, "2.12.0", {}, rank_above<0, 5>},
                 {7, "2.14.4", DType::i4},
                 {8, "2.22.0", DType::bf16, rank_above<0, 6>},
                 {9, "2.23.0", DType::f16}},
    .infer = infer_transpose,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "reorders the axes: axis i of the result is axis permutation[i] of x"};

OpTable transpose_ops() { return op_table(transpose); }

}  // namespace wherry::op
