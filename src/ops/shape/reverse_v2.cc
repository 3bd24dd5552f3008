// REVERSE_V2: turns axes around.
#include "ops/shape/reverse_v2.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet reversed_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::u8, DType::i8, DType::i16, DType::i32,
           DType::i64, DType::boolean, DType::f8e4m3, DType::f8e5m2);

Expected<std::vector<bool>> turned_axes(const std::vector<int64_t>& axes, int rank) {
  std::vector<bool> turned(static_cast<size_t>(rank), false);
  for (int64_t named : axes) {
    size_t axis = static_cast<size_t>(TRY(resolve_axis(named, rank, "axis of REVERSE_V2")));
    ENSURE(!turned[axis], "REVERSE_V2 names an axis twice: ", axes);
    turned[axis] = true;
  }
  return turned;
}

Status infer_reverse_v2(InferContext& context) {
  if (context.is_known(1)) TRY(turned_axes(TRY(context.integers(1)), context.shape(0).rank()));
  return context.set_output(0, context.dtype(0), context.shape(0));
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  std::vector<bool> turned = TRY(turned_axes(call.integers(1), shape.rank()));
  std::vector<int64_t> steps = dense_steps(shape);
  std::vector<CopyAxis> axes;
  int64_t start = 0;
  for (size_t axis = 0; axis < steps.size(); ++axis) {
    int64_t extent = shape[static_cast<int>(axis)];
    axes.push_back({extent, turned[axis] ? -steps[axis] : steps[axis], steps[axis]});
    if (turned[axis]) start += (extent - 1) * steps[axis];
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes, start));
  return copy.finish();
}

}  // namespace

constinit const AttributesType reverse_v2_attributes = attributes_type<NoAttributes>({}, 81);

constinit const OpDef reverse_v2 = {
    .name = "REVERSE_V2",
    .code = 105,
    .attributes = &reverse_v2_attributes,
    .inputs = {{"x", reversed_types}, {"axes", DType::i32}},
    .outputs = {{"y", reversed_types}},
    .versions = {{1, "1.14.0"}, {2, "2.2.0", DType::boolean}, {3, "2.5.0", DType::i8}},
    .infer = infer_reverse_v2,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "turns axes around"};

OpTable reverse_v2_ops() { return op_table(reverse_v2); }

}  // namespace wherry::op
