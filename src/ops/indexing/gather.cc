// GATHER: takes slices along one axis.
#include "ops/indexing/gather.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field gather_fields[] = {field<&Gather::axis>("axis", 0),
                                   field<&Gather::batch_dims>("batch_dims", 1)};

constexpr TypeSet gathered_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::u8, DType::i8, DType::i4, DType::i16,
           DType::i32, DType::i64, DType::boolean, DType::string, DType::f8e4m3, DType::f8e5m2);

struct Axes {
  int axis, batch;
};

Expected<Axes> axes_of(const Gather& attributes, const Shape& params, const Shape& indices) {
  int axis = TRY(resolve_axis(attributes.axis, params.rank(), "axis of GATHER"));
  int64_t batch = attributes.batch_dims;
  if (batch < 0) batch += indices.rank();
  ENSURE(batch >= 0 && batch <= axis && batch <= indices.rank(), "GATHER along axis ", axis,
         " with indices of rank ", indices.rank(), " cannot have batch_dims ",
         attributes.batch_dims);
  for (int k = 0; k < batch; ++k) {
    ENSURE(params[k] == indices[k], "GATHER with ", batch, " batch axes got the shapes ", params,
           " and ", indices);
  }
  return Axes{axis, static_cast<int>(batch)};
}

Status infer_gather(InferContext& context) {
  const Shape &params = context.shape(0), &indices = context.shape(1);
  Axes axes = TRY(axes_of(context.attributes<Gather>(), params, indices));
  Shape result;
  for (int k = 0; k < axes.axis; ++k) result.push_back(params[k]);
  for (int k = axes.batch; k < indices.rank(); ++k) result.push_back(indices[k]);
  for (int k = axes.axis + 1; k < params.rank(); ++k) result.push_back(params[k]);
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  const Shape &params = call.shape(0), &indices = call.shape(1);
  Axes axes = TRY(axes_of(call.attributes<Gather>(), params, indices));
  int64_t extent = params[axes.axis], batches = params.product(0, axes.batch);
  int64_t outer = params.product(axes.batch, axes.axis),
          inner = params.product(axes.axis + 1, params.rank());
  int64_t count = indices.product(axes.batch, indices.rank());
  ElementCopy copy(call, 0);
  for (int64_t batch = 0; batch < batches; ++batch) {
    for (int64_t i = 0; i < count; ++i) {
      int64_t index = integer_at(call.input(1), batch * count + i);
      ENSURE_CODE(ErrorCode::invalid_data, index >= 0 && index < extent, "GATHER index ", index,
                  " is outside the extent ", extent);
      CopyAxis box[] = {{outer, extent * inner, count * inner}, {inner, 1, 1}};
      TRY(copy.copy(0, box, (batch * outer * extent + index) * inner,
                    (batch * outer * count + i) * inner));
    }
  }
  return copy.finish();
}

bool has_batch(const Graph&, const Node& node) {
  return node.attributes.as<Gather>().batch_dims != 0;
}

}  // namespace

constinit const AttributesType gather_attributes = attributes_type<Gather>(gather_fields, 23);

constinit const OpDef gather = {
    .name = "GATHER",
    .code = 36,
    .attributes = &gather_attributes,
    .inputs = {{"params", gathered_types}, {"indices", one_of(DType::i16, DType::i32, DType::i64)}},
    .outputs = {{"y", gathered_types}},
    .versions = {{1, "1.6.0"},
                 {2, "1.14.0", DType::i8},
                 {3, "1.15.0", DType::boolean},
                 {4, "2.4.0", {}, input_is<0, DType::i16>},
                 {5, "2.5.0", {}, has_batch},
                 {6, "2.13.0", {}, input_is<1, DType::i16>},
                 {7, "2.15.0", DType::i4}},
    .infer = infer_gather,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "takes the slices of params along one axis that indices name"};

OpTable gather_ops() { return op_table(gather); }

}  // namespace wherry::op
