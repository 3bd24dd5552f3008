// DILATE: puts copies of one value between the elements of a tensor.
#include "ops/convolution/dilate.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

Status infer_dilate(InferContext& context) {
  const Shape& data = context.shape(0);
  ENSURE(data.rank() >= 1, "DILATE needs data of rank 1 or more, got a scalar");
  ENSURE(context.dtype(2) == context.dtype(0), "DILATE pads ", context.dtype(0),
         " with a value of the same type, got ", context.dtype(2));
  ENSURE(context.shape(2).elements() == 1, "DILATE needs one padding value, got the shape ",
         context.shape(2));
  std::vector<int64_t> dilations = TRY(context.integers(1));
  ENSURE(static_cast<int>(dilations.size()) == data.rank(), "DILATE of the shape ", data,
         " needs a dilation per axis, got ", dilations);
  Shape result = data;
  for (int axis = 0; axis < data.rank(); ++axis) {
    int64_t dilation = dilations[static_cast<size_t>(axis)];
    ENSURE(dilation >= 1, "DILATE needs dilations of 1 or more, got ", dilations);
    if (data[axis] > 0) result[axis] = TRY(checked_multiply(data[axis] - 1, dilation)) + 1;
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  std::vector<int64_t> dilations = call.integers(1);
  std::vector<int64_t> from = dense_steps(shape), to = dense_steps(call.output(0).shape());
  std::vector<CopyAxis> axes;
  for (size_t axis = 0; axis < dilations.size(); ++axis)
    axes.push_back({shape[static_cast<int>(axis)], from[axis], to[axis] * dilations[axis]});
  ElementCopy copy(call, 0);
  TRY(copy.fill_from(2));
  TRY(copy.copy(0, axes));
  return copy.finish();
}

constexpr TypeSet dilated_types = whole_byte_types;

}  // namespace

constinit const AttributesType dilate_attributes = attributes_type<Dilate>({}, 0, 18);

constinit const OpDef dilate = {
    .name = "DILATE",
    .code = 203,
    .attributes = &dilate_attributes,
    .inputs = {{"x", dilated_types}, {"dilations", DType::i32}, {"padding", dilated_types}},
    .outputs = {{"y", dilated_types}},
    .versions = {{1, "2.15.0"}},
    .infer = infer_dilate,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input},
    .doc = "spreads the elements apart, one value in between"};

OpTable dilate_ops() { return op_table(dilate); }

}  // namespace wherry::op
