// MATRIX_DIAG and MATRIX_SET_DIAG: put vectors on the diagonals of matrices.
#include "ops/indexing/matrix_diag.h"

#include <algorithm>

#include "ops/element_copy.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet matrix_types = whole_byte_types;

Status infer_matrix_diag(InferContext& context) {
  Shape result = context.shape(0);
  ENSURE(result.rank() >= 1, "MATRIX_DIAG needs a tensor of rank 1 or more, got a scalar");
  result.push_back(result.back());
  return context.set_output(0, context.dtype(0), std::move(result));
}

Status infer_matrix_set_diag(InferContext& context) {
  const Shape& matrices = context.shape(0);
  int rank = matrices.rank();
  ENSURE(rank >= 2, "MATRIX_SET_DIAG needs matrices, got the shape ", matrices);
  Shape diagonals = matrices;
  diagonals.resize(rank - 1);
  diagonals[rank - 2] = std::min(matrices[rank - 2], matrices[rank - 1]);
  ENSURE(context.shape(1) == diagonals && context.dtype(1) == context.dtype(0),
         "MATRIX_SET_DIAG of ", text_of(context.input(0)), " needs diagonals of shape ", diagonals,
         ", got ", text_of(context.input(1)));
  return context.set_output(0, context.dtype(0), matrices);
}

Status write_diagonals(Call& call, int diagonals, ElementCopy& copy) {
  const Shape& result = call.output(0).shape();
  int64_t columns = result.back(), rows = result[result.rank() - 2];
  int64_t length = std::min(rows, columns);
  CopyAxis axes[] = {{result.product(0, result.rank() - 2), length, rows * columns},
                     {length, 1, columns + 1}};
  TRY(copy.copy(diagonals, axes));
  return copy.finish();
}

Status reference_matrix_diag(Call& call) {
  ElementCopy copy(call, 0);
  copy.fill_zero();
  return write_diagonals(call, 0, copy);
}

Status reference_matrix_set_diag(Call& call) {
  ElementCopy copy(call, 0);
  TRY(copy.copy_run(0, 0, 0, call.input(0).elements()));
  return write_diagonals(call, 1, copy);
}

}  // namespace

constinit const AttributesType matrix_diag_attributes = attributes_type<NoAttributes>({}, 88);
constinit const AttributesType matrix_set_diag_attributes = attributes_type<NoAttributes>({}, 90);

constinit const OpDef matrix_diag_family[2] = {
    {.name = "MATRIX_DIAG",
     .code = 113,
     .attributes = &matrix_diag_attributes,
     .inputs = {{"diagonals", matrix_types}},
     .outputs = {{"y", matrix_types}},
     .versions = {{1, "1.14.0"}},
     .infer = infer_matrix_diag,
     .reference = reference_matrix_diag,
     .doc = "square matrices with given diagonals and stored zeros elsewhere"},
    {.name = "MATRIX_SET_DIAG",
     .code = 115,
     .attributes = &matrix_set_diag_attributes,
     .inputs = {{"matrices", matrix_types}, {"diagonals", matrix_types}},
     .outputs = {{"y", matrix_types}},
     .versions = {{1, "1.14.0"}},
     .infer = infer_matrix_set_diag,
     .reference = reference_matrix_set_diag,
     .doc = "matrices with their diagonals replaced"},
};

OpTable matrix_diag_ops() { return op_table(matrix_diag_family); }

}  // namespace wherry::op
