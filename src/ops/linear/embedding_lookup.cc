// EMBEDDING_LOOKUP: rows of a table by number; rows of integers may come out as floats.
#include "ops/linear/embedding_lookup.h"

#include "ops/element_copy.h"
#include "ops/linear/blockwise.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet stored_types = one_of(DType::i8, DType::u8, DType::i4, DType::i2);
constexpr TypeSet result_types = one_of(DType::f32, DType::f16);

bool dequantizes(DType table, DType result) {
  return stored_types.contains(table) && result_types.contains(result);
}

Status infer_embedding_lookup(InferContext& context) {
  const TensorType& table = context.input(1);
  DType result = context.declared(0).dtype;
  ENSURE(context.shape(0).rank() == 1, "EMBEDDING_LOOKUP needs a vector of ids, got the shape ",
         context.shape(0));
  ENSURE(table.shape.rank() >= 2, "EMBEDDING_LOOKUP needs a table of rank 2 or more, got the ",
         "shape ", table.shape);
  ENSURE(result == table.dtype || dequantizes(table.dtype, result), "EMBEDDING_LOOKUP in a table ",
         "of ", table.dtype, " does not give ", result);
  if (dequantizes(table.dtype, result)) {
    std::string_view what = "the table of EMBEDDING_LOOKUP";
    if (is_blockwise(table)) {
      TRY(check_blockwise_tensor(what, context.graph(), table));
    } else {
      TRY(check_channel_scales(what, table, 0));
      TRY(check_symmetric(what, table));
    }
  }
  Shape shape = table.shape;
  shape[0] = context.shape(0)[0];
  return context.set_output(0, result, std::move(shape));
}

Expected<std::vector<int64_t>> checked_ids(const Call& call) {
  std::vector<int64_t> ids = call.integers(0);
  int64_t rows = call.shape(1)[0];
  for (int64_t id : ids)
    ENSURE_CODE(ErrorCode::invalid_data, id >= 0 && id < rows, "EMBEDDING_LOOKUP asks for row ", id,
                " of a table of ", rows, " rows");
  return ids;
}

/// One scale for each `run` elements of the table, all rows one after the other.
struct TableScales {
  std::vector<float> scales;
  int64_t run;
};

Expected<TableScales> scales_of(const Call& call, const TensorType& table, int64_t row_size) {
  if (is_blockwise(table))
    return TableScales{TRY(blockwise_scales(call, table)),
                       table.quantization->blockwise->block_size};
  const std::vector<float>& scales = table.quantization->scales;
  if (scales.size() > 1) return TableScales{scales, row_size};
  return TableScales{scales, std::max<int64_t>(table.shape.elements(), 1)};
}

template <class Y>
Status look_up_floats(Call& call, const std::vector<int64_t>& ids) {
  const TensorView& table = call.input(1);
  int64_t row_size = table.shape().product(1, table.shape().rank());
  TableScales scales = TRY(scales_of(call, *table.type, row_size));
  Int8Weights stored(table);
  Y* y = call.result<Y>(0);
  // Files are made for a runtime that reads packed rows from a whole byte on: a row that begins
  // inside a byte is read from that byte's first element.
  int64_t per_byte = 8 / bits_of(table.dtype());
  for (int64_t id : ids) {
    float scale = 0;
    const int8_t* row = stored.data() + id * row_size / per_byte * per_byte;
    for (int64_t k = 0; k < row_size; ++k) {
      if (k == 0 || (id * row_size + k) % scales.run == 0)
        scale = scales.scales[static_cast<size_t>((id * row_size + k) / scales.run)];
      *y++ = static_cast<Y>(row[k] * scale);
    }
  }
  return {};
}

Status reference(Call& call) {
  std::vector<int64_t> ids = TRY(checked_ids(call));
  DType table = call.dtype(1), result = call.output(0).dtype();
  if (dequantizes(table, result))
    return result == DType::f32 ? look_up_floats<float>(call, ids)
                                : look_up_floats<half>(call, ids);
  int64_t row_size = call.shape(1).product(1, call.shape(1).rank());
  ElementCopy copy(call, 0);
  for (size_t i = 0; i < ids.size(); ++i)
    TRY(copy.copy_run(1, ids[i] * row_size, static_cast<int64_t>(i) * row_size, row_size));
  return copy.finish();
}

bool has_row_scales(const Graph& graph, const Node& node) {
  if (node.inputs.size() < 2 || node.inputs[1] == no_value) return false;
  const TensorType& table = graph.value(node.inputs[1]).type;
  return table.dtype == DType::i4 || (table.quantized() && table.quantization->scales.size() > 1);
}

constexpr TypeSet table_types = whole_byte_types | stored_types;

}  // namespace

constinit const OpDef embedding_lookup = {
    .name = "EMBEDDING_LOOKUP",
    .code = 7,
    .inputs = {{"ids", DType::i32}, {"table", table_types}},
    .outputs = {{"y", table_types}},
    .versions = {{1, "1.13.0"},
                 {2, "1.14.0", one_of(DType::i8, DType::u8)},
                 {4, "2.18.0", {}, has_row_scales},
                 {5, "2.21.0", DType::i2}},
    .infer = infer_embedding_lookup,
    .reference = reference,
    .quantization = {.weights = 1, .channel_axis = 0, .hybrid = true},
    .doc = "the rows of a table that the ids name"};

OpTable embedding_lookup_ops() { return op_table(embedding_lookup); }

}  // namespace wherry::op
