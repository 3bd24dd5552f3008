// SPACE_TO_DEPTH and DEPTH_TO_SPACE: move square blocks of an image into its channels and back.
#include "ops/shape/depth_and_space.h"

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr Field block_size_fields[] = {field<&BlockSize::block_size>("block_size", 0)};

constexpr TypeSet image_types =
    one_of(DType::f32, DType::f16, DType::u8, DType::i8, DType::i32, DType::i64);

Expected<int64_t> block_of(const InferContext& context) {
  int64_t block = context.attributes<BlockSize>().block_size;
  ENSURE(block > 0, context.op().name, " needs a block size of 1 or more, got ", block);
  ENSURE(context.shape(0).rank() == 4, context.op().name, " needs a tensor of rank 4, got ",
         context.shape(0));
  return block;
}

Status infer_space_to_depth(InferContext& context) {
  int64_t block = TRY(block_of(context));
  Shape shape = context.shape(0);
  ENSURE(shape[1] % block == 0 && shape[2] % block == 0, "SPACE_TO_DEPTH cannot cut the image ",
         shape, " into blocks of ", block);
  int64_t depth = TRY(checked_multiply(shape[3], TRY(checked_multiply(block, block))));
  return context.set_output(0, context.dtype(0),
                            {shape[0], shape[1] / block, shape[2] / block, depth});
}

Status infer_depth_to_space(InferContext& context) {
  int64_t block = TRY(block_of(context));
  Shape shape = context.shape(0);
  int64_t area = TRY(checked_multiply(block, block));
  ENSURE(shape[3] % area == 0, "DEPTH_TO_SPACE cannot cut ", shape[3], " channels into blocks of ",
         block, " by ", block);
  int64_t height = TRY(checked_multiply(shape[1], block)),
          width = TRY(checked_multiply(shape[2], block));
  return context.set_output(0, context.dtype(0), {shape[0], height, width, shape[3] / area});
}

/// Both are the transposition of [rows, y in block, columns, x in block, channels] and
/// [rows, columns, y in block, x in block, channels]; the batch belongs to the rows.
Status move_blocks(Call& call, bool to_depth) {
  const Shape& large = to_depth ? call.shape(0) : call.output(0).shape();
  int64_t block = call.attributes<BlockSize>().block_size, channels = large[3];
  int64_t rows = large[0] * (large[1] / block), columns = large[2] / block;
  int64_t line = large[2] * channels, patch = block * block * channels;
  CopyAxis axes[] = {{rows, block * line, columns * patch},
                     {block, line, block * channels},
                     {columns, block * channels, patch},
                     {block * channels, 1, 1}};
  if (!to_depth) {
    for (CopyAxis& axis : axes) std::swap(axis.from_step, axis.to_step);
  }
  ElementCopy copy(call, 0);
  TRY(copy.copy(0, axes));
  return copy.finish();
}

Status reference_space_to_depth(Call& call) { return move_blocks(call, true); }
Status reference_depth_to_space(Call& call) { return move_blocks(call, false); }

}  // namespace

constinit const AttributesType space_to_depth_attributes =
    attributes_type<BlockSize>(block_size_fields, 19);
constinit const AttributesType depth_to_space_attributes =
    attributes_type<BlockSize>(block_size_fields, 94);

constinit const OpDef depth_and_space_family[2] = {
    {.name = "SPACE_TO_DEPTH",
     .code = 26,
     .attributes = &space_to_depth_attributes,
     .inputs = {{"x", image_types}},
     .outputs = {{"y", image_types}},
     .versions = {{1, "1.5.0"}, {2, "1.14.0", DType::i8}},
     .infer = infer_space_to_depth,
     .reference = reference_space_to_depth,
     .quantization = {.rule = QuantizationRule::same_as_input},
     .doc = "moves square blocks of an image into its channels"},
    {.name = "DEPTH_TO_SPACE",
     .code = 5,
     .attributes = &depth_to_space_attributes,
     .inputs = {{"x", image_types}},
     .outputs = {{"y", image_types}},
     .versions = {{1, "2.1.0"}, {2, "2.5.0", DType::i8}},
     .infer = infer_depth_to_space,
     .reference = reference_depth_to_space,
     .quantization = {.rule = QuantizationRule::same_as_input},
     .doc = "spreads channels over square blocks of a larger image"},
};

OpTable depth_and_space_ops() { return op_table(depth_and_space_family); }

}  // namespace wherry::op
