// Functions of the diagonals and triangles of matrices.
#include <algorithm>

#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

/// Rows and columns of the last two axes.
struct Sides {
  int64_t rows = 0, columns = 0;
};

Expected<Sides> sides(FunctionCall& call, ValueId x) {
  int rank = call.rank(x);
  ENSURE(rank >= 2, "a matrix is expected, but the shape is ", text_of(call.shape(x)));
  Sides found{call.shape(x)[rank - 2], call.shape(x)[rank - 1]};
  if (found.rows < 0 || found.columns < 0)
    return call.unsupported("matrices of unknown size are not supported", text_of(call.shape(x)));
  ENSURE(found.rows * found.columns <= (1 << 24), "the matrix is too large");
  return found;
}

/// Zeros outside of a band: `keeps(row, column)` says what stays.
template <class Keeps>
Expected<ValueId> banded(FunctionCall& call, ValueId x, Keeps keeps) {
  Sides shape = TRY(sides(call, x));
  std::vector<uint8_t> mask;
  for (int64_t row = 0; row < shape.rows; ++row) {
    for (int64_t column = 0; column < shape.columns; ++column) mask.push_back(keeps(row, column));
  }
  ValueId stays = call.shared_constant(
      "band", {DType::boolean, {shape.rows, shape.columns}, {}, {}}, Constant::of(std::move(mask)));
  return call.select(stays, x, TRY(call.number(0, x)));
}

Expected<Results> import_lower(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t k = TRY(call.integer("k", -1, 0));
  return TRY(banded(call, x, [k](int64_t row, int64_t column) { return column - row <= k; }));
}

Expected<Results> import_upper(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t k = TRY(call.integer("k", -1, 0));
  return TRY(banded(call, x, [k](int64_t row, int64_t column) { return column - row >= k; }));
}

Expected<Results> import_band(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t below = TRY(call.integer("num_lower")), above = TRY(call.integer("num_upper"));
  return TRY(banded(call, x, [=](int64_t row, int64_t column) {
    return (below < 0 || row - column <= below) && (above < 0 || column - row <= above);
  }));
}

/// The diagonal of the last two axes that starts `offset` to the right.
Expected<ValueId> diagonal(FunctionCall& call, ValueId x, int64_t offset) {
  Sides shape = TRY(sides(call, x));
  std::vector<int64_t> places;
  for (int64_t row = 0; row < shape.rows; ++row) {
    int64_t column = row + offset;
    if (column >= 0 && column < shape.columns) places.push_back(row * shape.columns + column);
  }
  int rank = call.rank(x);
  ValueId flat = TRY(call.merge_axes(x, rank - 2, rank));
  return call.node("GATHER", {flat, call.integers(places)},
                   {{"axis", static_cast<double>(rank - 2)}});
}

/// Axes axis1 and axis2 at the end.
Expected<ValueId> with_matrix_last(FunctionCall& call, ValueId x) {
  int a = TRY(call.axis(TRY(call.integer("axis1", -1, 0)), x));
  int b = TRY(call.axis(TRY(call.integer("axis2", -1, 1)), x));
  ENSURE(a != b, "a diagonal needs two different axes");
  std::vector<int64_t> order;
  for (int i = 0; i < call.rank(x); ++i) {
    if (i != a && i != b) order.push_back(i);
  }
  order.push_back(a), order.push_back(b);
  return call.transpose(x, order);
}

Expected<Results> import_diagonal(FunctionCall& call) {
  ValueId x = TRY(with_matrix_last(call, TRY(call.first())));
  return TRY(diagonal(call, x, TRY(call.integer("offset", -1, 0))));
}

Expected<Results> import_trace(FunctionCall& call) {
  ValueId x = TRY(with_matrix_last(call, TRY(call.first())));
  ValueId line = TRY(diagonal(call, x, TRY(call.integer("offset", -1, 0))));
  return TRY(call.reduce("SUM", line, {-1}, false));
}

/// Of the last two axes.
Expected<Results> import_matrix_trace(FunctionCall& call) {
  return TRY(call.reduce("SUM", TRY(diagonal(call, TRY(call.first()), 0)), {-1}, false));
}

Expected<Results> import_matrix_diagonal(FunctionCall& call) {
  ValueId x = TRY(call.first());
  TRY(call.only("padding_value", PyValue::of(int64_t{0})));
  call.ignore("align");
  return TRY(diagonal(call, x, TRY(call.integer("k", -1, 0))));
}

/// A matrix whose diagonal is the last axis: the elements side by side with a place for zeros.
Expected<ValueId> matrix_of(FunctionCall& call, ValueId line, int64_t offset) {
  int rank = call.rank(line);
  ENSURE(rank >= 1, "a diagonal cannot be made of a scalar");
  int64_t size = call.shape(line).back();
  if (size < 0)
    return call.unsupported("a diagonal of unknown size is not supported",
                            text_of(call.shape(line)));
  int64_t side = size + std::abs(offset);
  ENSURE(side * side <= (1 << 24), "the matrix is too large");
  std::vector<Margin> margins(static_cast<size_t>(rank));
  margins.back() = {0, 1};
  ValueId padded = TRY(call.pad(line, margins));
  std::vector<int32_t> places(static_cast<size_t>(side * side), static_cast<int32_t>(size));
  for (int64_t i = 0; i < size; ++i) {
    int64_t row = i + std::max<int64_t>(0, -offset), column = i + std::max<int64_t>(0, offset);
    places[static_cast<size_t>(row * side + column)] = static_cast<int32_t>(i);
  }
  ValueId table = call.constant(std::move(places), Shape{side, side}, "places");
  return call.node("GATHER", {padded, table}, {{"axis", static_cast<double>(rank - 1)}});
}

Expected<Results> import_matrix_of_diagonal(FunctionCall& call) {
  ValueId line = TRY(call.tensor("diagonal|x", 0));
  for (std::string_view size : {"num_rows", "num_cols"})
    TRY(call.only(size, PyValue::of(int64_t{-1})));
  TRY(call.only("padding_value", PyValue::of(int64_t{0})));
  call.ignore("align");
  return TRY(matrix_of(call, line, TRY(call.integer("k", -1, 0))));
}

/// A matrix of a vector, a vector of a matrix.
Expected<Results> import_diag(FunctionCall& call) {
  ValueId x = TRY(call.first());
  int64_t k = TRY(call.integer("k", -1, 0));
  return TRY(call.rank(x) == 1 ? matrix_of(call, x, k) : diagonal(call, x, k));
}

Expected<Results> import_set_diagonal(FunctionCall& call) {
  ValueId x = TRY(call.first()), line = TRY(call.tensor("diagonal", -1));
  TRY(call.only("k", PyValue::of(int64_t{0})));
  call.ignore("align");
  Sides shape = TRY(sides(call, x));
  ENSURE(shape.rows == shape.columns, "only square matrices get a new diagonal here, not ",
         text_of(call.shape(x)));
  std::vector<uint8_t> mask(static_cast<size_t>(shape.rows * shape.columns));
  for (int64_t i = 0; i < shape.rows; ++i) mask[static_cast<size_t>(i * shape.columns + i)] = 1;
  ValueId on =
      call.shared_constant("diagonal", {DType::boolean, {shape.rows, shape.columns}, {}, {}},
                           Constant::of(std::move(mask)));
  return TRY(call.select(on, TRY(call.expand(line, call.rank(line))), x));
}

constexpr FunctionDef functions[] = {
    {{}, {"Tril"}, import_lower, {}, 0, "SELECT_V2"},
    {{}, {"Triu"}, import_upper, {}, 0, "SELECT_V2"},
    {{"linalg.band_part", "matrix_band_part"}, {}, import_band, {}, 0, "SELECT_V2"},
    {{}, {"Diagonal"}, import_diagonal, {}, 0, "GATHER"},
    {{}, {"Trace"}, import_trace, {}, 0, "GATHER and SUM"},
    {{"linalg.trace"}, {}, import_matrix_trace, {}, 0, "GATHER and SUM"},
    {{"linalg.diag_part", "linalg.tensor_diag_part"}, {}, import_matrix_diagonal, {}, 0, "GATHER"},
    {{"linalg.diag", "linalg.tensor_diag"}, {}, import_matrix_of_diagonal, {}, 0, "PAD and GATHER"},
    {{}, {"Diag"}, import_diag, {}, 0, "GATHER"},
    {{"linalg.set_diag"}, {}, import_set_diagonal, {}, 0, "SELECT_V2"},
};

}  // namespace

FunctionTable matrix_parts_functions() { return function_table(functions); }

}  // namespace wherry::keras
