// TILE: repeats a tensor along its axes.
#include "ops/shape/tile.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet tiled_types = whole_byte_types | one_of(DType::string);

Status infer_tile(InferContext& context) {
  Shape result = context.shape(0);
  std::vector<int64_t> times = TRY(context.integers(1));
  ENSURE(static_cast<int>(times.size()) == result.rank(), "TILE of the shape ", result,
         " got the multiples ", times);
  for (int axis = 0; axis < result.rank(); ++axis) {
    ENSURE(times[static_cast<size_t>(axis)] >= 0, "TILE cannot repeat ", times, " times");
    result[axis] = TRY(checked_multiply(result[axis], times[static_cast<size_t>(axis)]));
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  std::vector<int64_t> times = call.integers(1);
  std::vector<int64_t> from = dense_steps(shape), to = dense_steps(call.output(0).shape());
  std::vector<CopyAxis> axes;
  for (size_t axis = 0; axis < times.size(); ++axis) {
    int64_t extent = shape[static_cast<int>(axis)];
    axes.push_back({times[axis], 0, extent * to[axis]});
    axes.push_back({extent, from[axis], to[axis]});
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes));
  return copy.finish();
}

}  // namespace

constinit const AttributesType tile_attributes = attributes_type<NoAttributes>({}, 51);

constinit const OpDef tile = {
    .name = "TILE",
    .code = 69,
    .attributes = &tile_attributes,
    .inputs = {{"x", tiled_types}, {"multiples", one_of(DType::i32, DType::i64)}},
    .outputs = {{"y", tiled_types}},
    .versions = {{1, "1.10.1"},
                 {2, "2.2.0", DType::string},
                 {3, "2.8.0", one_of(DType::i8, DType::i16)}},
    .infer = infer_tile,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::same_as_input, .int16 = true},
    .doc = "repeats a tensor along its axes"};

OpTable tile_ops() { return op_table(tile); }

}  // namespace wherry::op
