// SPLIT and SPLIT_V: cut a tensor along one axis, into equal parts or parts of given sizes.
#include "ops/shape/split.h"

#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field split_fields[] = {field<&Split::num_splits>("num_splits", 0)};

constexpr TypeSet split_types = one_of(DType::f32, DType::u8, DType::i8, DType::i16, DType::i32,
                                       DType::i64, DType::f8e4m3, DType::f8e5m2);

Status check_count(const InferContext& context) {
  int32_t count = context.attributes<Split>().num_splits;
  ENSURE(count > 0 && count == context.output_count(), context.op().name, " into ", count,
         " parts has ", context.output_count(), " outputs");
  return {};
}

Status set_parts(InferContext& context, int value, int axis, const std::vector<int64_t>& sizes) {
  for (int i = 0; i < context.output_count(); ++i) {
    Shape part = context.shape(value);
    part[axis] = sizes[static_cast<size_t>(i)];
    TRY(context.set_output(i, context.dtype(value), std::move(part)));
  }
  return {};
}

Status infer_split(InferContext& context) {
  TRY(check_count(context));
  const Shape& shape = context.shape(1);
  int axis = TRY(resolve_axis(TRY(context.integer(0)), shape.rank(), "axis of SPLIT"));
  int64_t count = context.output_count();
  ENSURE(shape[axis] % count == 0, "SPLIT cannot cut the extent ", shape[axis], " into ", count,
         " equal parts");
  return set_parts(context, 1, axis,
                   std::vector<int64_t>(static_cast<size_t>(count), shape[axis] / count));
}

Status infer_split_v(InferContext& context) {
  TRY(check_count(context));
  const Shape& shape = context.shape(0);
  std::vector<int64_t> sizes = TRY(context.integers(1));
  int axis = TRY(resolve_axis(TRY(context.integer(2)), shape.rank(), "axis of SPLIT_V"));
  ENSURE(static_cast<int>(sizes.size()) == context.output_count(), "SPLIT_V has ",
         context.output_count(), " outputs and the sizes ", sizes);
  int64_t rest = shape[axis], open = -1;
  for (size_t i = 0; i < sizes.size(); ++i) {
    ENSURE(sizes[i] >= -1 && (sizes[i] >= 0 || open < 0), "SPLIT_V cannot use the sizes ", sizes);
    if (sizes[i] == -1)
      open = static_cast<int64_t>(i);
    else
      ENSURE(sizes[i] <= rest, "SPLIT_V cannot cut the extent ", shape[axis], " into ", sizes);
    rest -= std::max<int64_t>(sizes[i], 0);
  }
  ENSURE(open >= 0 || rest == 0, "SPLIT_V cannot cut the extent ", shape[axis], " into ", sizes);
  if (open >= 0) sizes[static_cast<size_t>(open)] = rest;
  return set_parts(context, 0, axis, sizes);
}

Status cut(Call& call, int value, int64_t named_axis) {
  const Shape& shape = call.shape(value);
  int axis = TRY(resolve_axis(named_axis, shape.rank()));
  int64_t blocks = shape.product(0, axis), from_block = shape.product(axis, shape.rank()), from = 0;
  for (int i = 0; i < call.output_count(); ++i) {
    int64_t to_block = call.output(i).shape().product(axis, shape.rank());
    CopyAxis axes[] = {{blocks, from_block, to_block}, {to_block, 1, 1}};
    ElementCopy copy(call, i);
    TRY(copy.copy(value, axes, from));
    TRY(copy.finish());
    from += to_block;
  }
  return {};
}

Status reference_split(Call& call) { return cut(call, 1, integer_at(call.input(0), 0)); }
Status reference_split_v(Call& call) { return cut(call, 0, integer_at(call.input(2), 0)); }

constexpr QuantizationFacts split_quantization = {
    .rule = QuantizationRule::same_as_input, .data = 1, .int16 = true};

}  // namespace

constinit const AttributesType split_attributes = attributes_type<Split>(split_fields, 35);
constinit const AttributesType split_v_attributes = attributes_type<Split>(split_fields, 79);

constinit const OpDef split_family[2] = {
    {.name = "SPLIT",
     .code = 49,
     .attributes = &split_attributes,
     .inputs = {{"axis", one_of(DType::i32, DType::i64)}, {"x", split_types}},
     .outputs = {{"y", split_types, Presence::variadic}},
     .versions = {{1, "1.5.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "1.14.0", {}, input_is<1, DType::i32>},
                  {4, "2.3.0", DType::i16}},
     .infer = infer_split,
     .reference = reference_split,
     .quantization = split_quantization,
     .doc = "cuts a tensor into equal parts along one axis"},
    {.name = "SPLIT_V",
     .code = 102,
     .attributes = &split_v_attributes,
     .inputs = {{"x", split_types},
                {"sizes", one_of(DType::i32, DType::i64)},
                {"axis", one_of(DType::i32, DType::i64)}},
     .outputs = {{"y", split_types, Presence::variadic}},
     .versions = {{1, "1.13.1"}, {2, "2.3.0", DType::i8}},
     .infer = infer_split_v,
     .reference = reference_split_v,
     .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
     .doc = "cuts a tensor into parts of given sizes along one axis; one size may be -1"},
};

OpTable split_ops() { return op_table(split_family); }

}  // namespace wherry::op
