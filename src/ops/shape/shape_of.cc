// SHAPE and RANK: the extents of a tensor and their number, as tensors.
#include "ops/shape/shape_of.h"

#include "ops/context.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field shape_of_fields[] = {field<&ShapeOf::out_type>("out_type", 0)};

Status infer_shape_of(InferContext& context) {
  DType type = context.attributes<ShapeOf>().out_type;
  ENSURE_CODE(ErrorCode::unsupported, type == DType::i32 || type == DType::i64,
              "SHAPE gives i32 or i64, not ", type);
  return context.set_output(0, type, {context.shape(0).rank()});
}

Status reference_shape_of(Call& call) {
  const Shape& shape = call.shape(0);
  for_type<int32_t, int64_t>(call.output(0).dtype(), [&]<class T>() {
    for (int axis = 0; axis < shape.rank(); ++axis)
      call.result<T>(0)[axis] = static_cast<T>(shape[axis]);
  });
  return {};
}

Status infer_rank_of(InferContext& context) { return context.set_output(0, DType::i32, {}); }

Status reference_rank_of(Call& call) {
  *call.result<int32_t>(0) = call.shape(0).rank();
  return {};
}

}  // namespace

constinit const AttributesType shape_of_attributes = attributes_type<ShapeOf>(shape_of_fields, 55);
constinit const AttributesType rank_of_attributes = attributes_type<NoAttributes>({}, 86);

constinit const OpDef shape_of_family[2] = {
    {.name = "SHAPE",
     .code = 77,
     .attributes = &shape_of_attributes,
     .inputs = {{"x", any_type}},
     .outputs = {{"y", one_of(DType::i32, DType::i64)}},
     .versions = {{1, "1.10.0"}},
     .infer = infer_shape_of,
     .reference = reference_shape_of,
     .quantization = {.rule = QuantizationRule::plain_output, .int16 = true},
     .reads_types_only = true,
     .doc = "the extents of a tensor"},
    {.name = "RANK",
     .code = 110,
     .attributes = &rank_of_attributes,
     .inputs = {{"x", any_type}},
     .outputs = {{"y", DType::i32}},
     .versions = {{1, "1.14.0"}},
     .infer = infer_rank_of,
     .reference = reference_rank_of,
     .quantization = {.rule = QuantizationRule::plain_output, .int16 = true},
     .reads_types_only = true,
     .doc = "the number of axes of a tensor"},
};

OpTable shape_of_ops() { return op_table(shape_of_family); }

}  // namespace wherry::op
