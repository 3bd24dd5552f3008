// MatrixBandPart: matrices of which only diagonals near the main one are kept.
#include "ops/indexing/matrix_band_part.h"

#include <algorithm>

#include "ops/element_copy.h"
#include "ops/opaque.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet count_types = one_of(DType::i32, DType::i64);

Status infer_matrix_band_part(InferContext& context) {
  const Shape& matrices = context.shape(0);
  ENSURE(matrices.rank() >= 2, "MatrixBandPart needs matrices, got the shape ", matrices);
  for (int i : {1, 2}) {
    ENSURE(context.shape(i).elements() == 1, "MatrixBandPart needs one number of diagonals as ",
           "input ", i, ", got the shape ", context.shape(i));
  }
  return context.set_output(0, context.dtype(0), matrices);
}

Status reference(Call& call) {
  const Shape& shape = call.shape(0);
  const int64_t columns = shape.back(), rows = shape[shape.rank() - 2];
  auto kept = [&](int input, int64_t all) {
    int64_t count = call.integers(input)[0];
    return count < 0 ? all : std::min(count, all);
  };
  const int64_t below = kept(1, rows), above = kept(2, columns);
  const int64_t matrices = shape.product(0, shape.rank() - 2);
  ElementCopy copy(call, 0);
  copy.fill_zero();
  for (int64_t row = 0; row < rows && matrices > 0; ++row) {
    int64_t first = std::max<int64_t>(row - below, 0), last = std::min(row + above + 1, columns);
    CopyAxis axes[] = {{matrices, rows * columns, rows * columns}, {last - first, 1, 1}};
    int64_t start = row * columns + first;
    if (first < last) TRY(copy.copy(0, axes, start, start));
  }
  return copy.finish();
}

}  // namespace

constinit const OpDef matrix_band_part = {
    .name = "MatrixBandPart",
    .attributes = &custom_attributes,
    .inputs = {{"x", whole_byte_types}, {"below", count_types}, {"above", count_types}},
    .outputs = {{"y", whole_byte_types}},
    .versions = {{1}},
    .infer = infer_matrix_band_part,
    .reference = reference,
    .doc =
        "matrices with stored zeros but for some diagonals below and above the main one; a "
        "negative number of them keeps all"};

OpTable matrix_band_part_ops() { return op_table(matrix_band_part); }

}  // namespace wherry::op
