// SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND: move blocks of the image axes into the batch and back.
#include "ops/shape/batch_and_space.h"
#include "ops/element_copy.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr TypeSet block_types = whole_byte_types;
constexpr TypeSet amount_types = one_of(DType::i32, DType::i64);

struct Blocks {
  std::vector<int64_t> block, edges;
};

Expected<Blocks> blocks_of(const InferContext& context) {
  const Shape& shape = context.shape(0);
  std::string_view name = context.op().name;
  ENSURE(shape.rank() == 3 || shape.rank() == 4, name, " takes 3 or 4 axes, got the shape ", shape);
  Blocks result;
  result.block = TRY(context.integers(1));
  result.edges = TRY(context.integers(2));
  int spatial = shape.rank() - 2;
  ENSURE(context.shape(1) == Shape({spatial}) && context.shape(2) == Shape({spatial, 2}), name,
         " of the shape ", shape, " got blocks of shape ", context.shape(1), " and edges of shape ",
         context.shape(2));
  for (int64_t block : result.block)
    ENSURE(block > 0, name, " needs blocks of 1 or more, got ", result.block);
  for (int64_t edge : result.edges)
    ENSURE(edge >= 0, name, " needs edges of 0 or more, got ", result.edges);
  return result;
}

Status infer_space_to_batch(InferContext& context) {
  Blocks blocks = TRY(blocks_of(context));
  Shape result = context.shape(0);
  for (size_t k = 0; k < blocks.block.size(); ++k) {
    int axis = static_cast<int>(k) + 1;
    int64_t edges = TRY(checked_add(blocks.edges[2 * k], blocks.edges[2 * k + 1]));
    int64_t padded = TRY(checked_add(result[axis], edges));
    ENSURE(padded % blocks.block[k] == 0, "SPACE_TO_BATCH_ND cannot cut the padded extent ", padded,
           " into blocks of ", blocks.block[k]);
    result[axis] = padded / blocks.block[k];
    result[0] = TRY(checked_multiply(result[0], blocks.block[k]));
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status infer_batch_to_space(InferContext& context) {
  Blocks blocks = TRY(blocks_of(context));
  Shape result = context.shape(0);
  for (size_t k = 0; k < blocks.block.size(); ++k) {
    int axis = static_cast<int>(k) + 1;
    ENSURE(result[0] % blocks.block[k] == 0, "BATCH_TO_SPACE_ND cannot cut the batch of ",
           context.shape(0)[0], " into blocks of ", blocks.block);
    result[0] /= blocks.block[k];
    int64_t whole = TRY(checked_multiply(result[axis], blocks.block[k]));
    int64_t crops = TRY(checked_add(blocks.edges[2 * k], blocks.edges[2 * k + 1]));
    ENSURE(crops <= whole, "BATCH_TO_SPACE_ND cannot crop ", blocks.edges, " of the extent ",
           whole);
    result[axis] = whole - crops;
  }
  return context.set_output(0, context.dtype(0), std::move(result));
}

/// For one place inside the blocks: which of `count` places i in the small image fall inside
/// [0, extent) of the large one, i * block + place - edge being the large position.
struct Overlap {
  int64_t first, count, start;
};
Overlap overlap_of(int64_t count, int64_t extent, int64_t block, int64_t place, int64_t edge) {
  int64_t first = place >= edge ? 0 : (edge - place + block - 1) / block;
  int64_t start = first * block + place - edge;
  int64_t inside = start < extent ? (extent - start - 1) / block + 1 : 0;
  return {first, std::max<int64_t>(std::min(inside, count - first), 0), start};
}

/// Copies between the many small images (batch = place in block, times batch) and the large ones.
Status move_blocks(Call& call, bool to_batch) {
  const Shape &large = to_batch ? call.shape(0) : call.output(0).shape(),
              &small = to_batch ? call.output(0).shape() : call.shape(0);
  std::vector<int64_t> block = call.integers(1), edges = call.integers(2);
  if (block.size() == 1) block.push_back(1), edges.insert(edges.end(), {0, 0});
  int64_t depth = large.back(), batch = large[0];
  int64_t large_size[2] = {large[1], large.rank() == 4 ? large[2] : 1},
          small_size[2] = {small[1], small.rank() == 4 ? small[2] : 1};
  ElementCopy copy(call, 0);
  if (to_batch) copy.fill_zero_point();
  for (int64_t place = 0; place < block[0] * block[1]; ++place) {
    Overlap rows = overlap_of(small_size[0], large_size[0], block[0], place / block[1], edges[0]);
    Overlap columns =
        overlap_of(small_size[1], large_size[1], block[1], place % block[1], edges[2]);
    if (rows.count == 0 || columns.count == 0) continue;
    int64_t large_row = large_size[1] * depth, small_row = small_size[1] * depth;
    int64_t from = rows.start * large_row + columns.start * depth;
    int64_t to =
        place * batch * small_size[0] * small_row + rows.first * small_row + columns.first * depth;
    CopyAxis axes[] = {{batch, large_size[0] * large_row, small_size[0] * small_row},
                       {rows.count, block[0] * large_row, small_row},
                       {columns.count, block[1] * depth, depth},
                       {depth, 1, 1}};
    if (!to_batch) {
      std::swap(from, to);
      for (CopyAxis& axis : axes) std::swap(axis.from_step, axis.to_step);
    }
    TRY(copy.copy(0, axes, from, to));
  }
  return copy.finish();
}

Status reference_space_to_batch(Call& call) { return move_blocks(call, true); }
Status reference_batch_to_space(Call& call) { return move_blocks(call, false); }

bool is_not_an_image(const Graph& graph, const Node& node) {
  const TensorType* type = input_type(graph, node, 0);
  return type && type->shape.rank() != 4;
}

constexpr QuantizationFacts block_quantization = {.rule = QuantizationRule::same_as_input,
                                                  .int16 = true};

}  // namespace

constinit const AttributesType space_to_batch_nd_attributes = attributes_type<NoAttributes>({}, 25);
constinit const AttributesType batch_to_space_nd_attributes = attributes_type<NoAttributes>({}, 24);

constinit const OpDef batch_and_space_family[2] = {
    {.name = "SPACE_TO_BATCH_ND",
     .code = 38,
     .attributes = &space_to_batch_nd_attributes,
     .inputs = {{"x", block_types}, {"block", amount_types}, {"paddings", amount_types}},
     .outputs = {{"y", block_types}},
     .versions = {{1, "1.6.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", {}, is_not_an_image},
                  {4, "2.12.0", DType::i16}},
     .infer = infer_space_to_batch,
     .reference = reference_space_to_batch,
     .quantization = block_quantization,
     .doc = "cuts padded images into blocks and moves the places inside a block into the batch"},
    {.name = "BATCH_TO_SPACE_ND",
     .code = 37,
     .attributes = &batch_to_space_nd_attributes,
     .inputs = {{"x", block_types}, {"block", amount_types}, {"crops", amount_types}},
     .outputs = {{"y", block_types}},
     .versions = {{1, "1.6.0"},
                  {2, "1.14.0", DType::i8},
                  {3, "2.3.0", {}, is_not_an_image},
                  {4, "2.12.0", DType::i16}},
     .infer = infer_batch_to_space,
     .reference = reference_batch_to_space,
     .quantization = block_quantization,
     .doc = "puts blocks spread over the batch together to images and crops them"},
};

OpTable batch_and_space_ops() { return op_table(batch_and_space_family); }

}  // namespace wherry::op
