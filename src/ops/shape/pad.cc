// PAD and PADV2: widen a tensor with a constant border.
#include "ops/shape/pad.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet padded_types =
    one_of(DType::f32, DType::f16, DType::bf16, DType::u8, DType::i8, DType::i16, DType::i32,
           DType::i64, DType::boolean, DType::f8e4m3, DType::f8e5m2);
constexpr TypeSet amount_types = one_of(DType::i32, DType::i64);

Status infer_pad(InferContext& context) {
  Shape result = context.shape(0);
  std::vector<int64_t> amounts = TRY(context.integers(1));
  ENSURE(context.shape(1) == Shape({result.rank(), 2}), context.op().name, " of the shape ", result,
         " needs paddings of shape [", result.rank(), ", 2], got ", context.shape(1));
  for (int axis = 0; axis < result.rank(); ++axis) {
    int64_t before = amounts[static_cast<size_t>(2 * axis)],
            after = amounts[static_cast<size_t>(2 * axis + 1)];
    ENSURE(before >= 0 && after >= 0, context.op().name, " cannot pad by ", amounts);
    result[axis] = TRY(checked_add(result[axis], TRY(checked_add(before, after))));
  }
  if (context.has_input(2)) {
    ENSURE(context.dtype(2) == context.dtype(0) && context.shape(2).elements() == 1,
           "PADV2 needs one value of type ", context.dtype(0), ", got ", text_of(context.input(2)));
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  ElementCopy copy(call, 0);
  if (call.has_input(2))
    TRY(copy.fill_from(2));
  else
    copy.fill_zero_point();
  const Shape& shape = call.shape(0);
  std::vector<int64_t> amounts = call.integers(1);
  std::vector<int64_t> from = dense_steps(shape), to = dense_steps(call.output(0).shape());
  std::vector<CopyAxis> axes;
  int64_t start = 0;
  for (size_t axis = 0; axis < from.size(); ++axis) {
    axes.push_back({shape[static_cast<int>(axis)], from[axis], to[axis]});
    start += amounts[2 * axis] * to[axis];
  }
  TRY(copy.copy(0, axes, 0, start));
  return copy.finish();
}

constexpr QuantizationFacts pad_quantization = {.rule = QuantizationRule::same_as_input,
                                                .int16 = true};

}  // namespace

constinit const AttributesType pad_attributes = attributes_type<NoAttributes>({}, 22);
constinit const AttributesType padv2_attributes = attributes_type<NoAttributes>({}, 43);

constinit const OpDef pad_family[2] = {
    {.name = "PAD",
     .code = 34,
     .attributes = &pad_attributes,
     .inputs = {{"x", padded_types}, {"paddings", amount_types}},
     .outputs = {{"y", padded_types}},
     .versions = {{1, "1.5.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.4.0", DType::i16},
                  {4, "2.6.0", {}, rank_above<0, 4>},
                  {5, "2.20.0", DType::boolean}},
     .infer = infer_pad,
     .reference = reference,
     .quantization = pad_quantization,
     .doc = "widens a tensor with a border of zeros"},
    {.name = "PADV2",
     .code = 60,
     .attributes = &padv2_attributes,
     .inputs = {{"x", padded_types},
                {"paddings", amount_types},
                {"value", padded_types, Presence::optional}},
     .outputs = {{"y", padded_types}},
     .versions = {{1, "1.9.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.4.0", DType::i16},
                  {4, "2.6.0", {}, rank_above<0, 4>},
                  {5, "2.20.0", DType::boolean}},
     .infer = infer_pad,
     .reference = reference,
     .quantization = pad_quantization,
     .doc = "widens a tensor with a border of one given value"},
};

OpTable pad_ops() { return op_table(pad_family); }

}  // namespace wherry::op
