// BROADCAST_TO: repeats extents of 1 up to a given shape.
#include "ops/shape/broadcast_to.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet spread_types = whole_byte_types;

Status infer_broadcast_to(InferContext& context) {
  const Shape& shape = context.shape(0);
  std::vector<int64_t> wanted = TRY(context.integers(1));
  int added = static_cast<int>(wanted.size()) - shape.rank();
  ENSURE(context.shape(1).rank() == 1 && wanted.size() <= 8 && added >= 0, "BROADCAST_TO of ",
         shape, " got the shape ", wanted);
  for (int axis = 0; axis < static_cast<int>(wanted.size()); ++axis) {
    int64_t extent = axis < added ? 1 : shape[axis - added];
    ENSURE(wanted[static_cast<size_t>(axis)] >= 0 &&
               (extent == 1 || extent == wanted[static_cast<size_t>(axis)]),
           "the shape ", shape, " does not broadcast to ", wanted);
  }
  return context.set_output(0, context.dtype(0), Shape(std::move(wanted)));
}

Status reference(Call& call) {
  const Shape &shape = call.shape(0), &result = call.output(0).shape();
  std::vector<int64_t> from = dense_steps(shape), to = dense_steps(result);
  int added = result.rank() - shape.rank();
  std::vector<CopyAxis> axes;
  for (int axis = 0; axis < result.rank(); ++axis) {
    bool repeats = axis < added || shape[axis - added] == 1;
    axes.push_back({result[axis], repeats ? 0 : from[static_cast<size_t>(axis - added)],
                    to[static_cast<size_t>(axis)]});
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes));
  return copy.finish();
}

}  // namespace

constinit const AttributesType broadcast_to_attributes = attributes_type<NoAttributes>({}, 104);

constinit const OpDef broadcast_to = {
    .name = "BROADCAST_TO",
    .code = 130,
    .attributes = &broadcast_to_attributes,
    .inputs = {{"x", spread_types}, {"shape", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", spread_types}},
    .versions = {{2, "2.5.0"}, {3, "2.5.0", one_of(DType::i8, DType::i16)}},
    .infer = infer_broadcast_to,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "repeats extents of 1 up to a given shape"};

OpTable broadcast_to_ops() { return op_table(broadcast_to); }

}  // namespace wherry::op
