// SLICE: cuts a box out of a tensor.
#include "ops/shape/slice.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet slice_types = whole_byte_types | one_of(DType::string, DType::i4);
constexpr TypeSet index_types = one_of(DType::i32, DType::i64);

Status infer_slice(InferContext& context) {
  const Shape& shape = context.shape(0);
  std::vector<int64_t> begin = TRY(context.integers(1)), size = TRY(context.integers(2));
  size_t rank = static_cast<size_t>(shape.rank());
  ENSURE(begin.size() == rank && size.size() == rank && context.shape(1).rank() == 1 &&
             context.shape(2).rank() == 1,
         "SLICE of the shape ", shape, " got the begin ", begin, " and the size ", size);
  Shape result;
  for (size_t axis = 0; axis < rank; ++axis) {
    int64_t extent = shape[static_cast<int>(axis)];
    bool inside = begin[axis] >= 0 && begin[axis] <= extent && size[axis] >= -1 &&
                  size[axis] <= extent - begin[axis];
    ENSURE(inside, "SLICE leaves the tensor: shape ", shape, ", begin ", begin, ", size ", size);
    result.push_back(size[axis] < 0 ? extent - begin[axis] : size[axis]);
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  const Shape& result = call.output(0).shape();
  std::vector<int64_t> begin = call.integers(1);
  std::vector<int64_t> from = dense_steps(call.shape(0)), to = dense_steps(result);
  std::vector<CopyAxis> axes;
  int64_t start = 0;
  for (size_t axis = 0; axis < begin.size(); ++axis) {
    axes.push_back({result[static_cast<int>(axis)], from[axis], to[axis]});
    start += begin[axis] * from[axis];
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes, start));
  return copy.finish();
}

}  // namespace

constinit const AttributesType slice_attributes = attributes_type<NoAttributes>({}, 48);

constinit const OpDef slice = {
    .name = "SLICE",
    .code = 65,
    .attributes = &slice_attributes,
    .inputs = {{"x", slice_types}, {"begin", index_types}, {"size", index_types}},
    .outputs = {{"y", slice_types}},
    .versions = {{1, "1.14.0"},
                 {2, "1.14.0", DType::i8},
                 {3, "1.14.0", DType::string},
                 {4, "2.4.0", DType::i16},
                 {5, "2.5.0", {}, rank_above<0, 4>},
                 {6, "2.14.0", DType::u32},
                 {7, "2.21.0", DType::i4},
                 {8, "2.23.0", DType::f16}},
    .infer = infer_slice,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "cuts a box out of a tensor; a size of -1 reaches to the end"};

OpTable slice_ops() { return op_table(slice); }

}  // namespace wherry::op
