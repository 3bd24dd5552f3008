// Determinants, inverses, factors and linear equations of small square matrices, as the steps of
// their algorithms one after another.
#include <algorithm>

#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

constexpr int64_t largest_side = 32;

/// The side of the square matrices in the last two axes.
Expected<int64_t> side_of(FunctionCall& call, ValueId x) {
  int rank = call.rank(x);
  ENSURE(rank >= 2, "a matrix is expected, but the shape is ", text_of(call.shape(x)));
  int64_t side = call.shape(x).back();
  if (side > 0 && side <= largest_side && call.shape(x)[rank - 2] == side) return side;
  return call.unsupported(cat("only square matrices of known size, at most ", largest_side, " by ",
                              largest_side, ", are taken apart step by step"),
                          text_of(call.shape(x)), "do it outside the model");
}

Expected<ValueId> column_of(Emitter& emitter, ValueId x, int64_t i) {
  return emitter.slice_axis(x, emitter.rank(x) - 1, {.begin = i, .end = i + 1});
}

Expected<ValueId> row_of(Emitter& emitter, ValueId x, int64_t i) {
  return emitter.slice_axis(x, emitter.rank(x) - 2, {.begin = i, .end = i + 1});
}

Expected<ValueId> swapped(Emitter& emitter, ValueId x) {
  std::vector<int64_t> order;
  for (int i = 0; i < emitter.rank(x); ++i) order.push_back(i);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return emitter.transpose(x, order);
}

/// [side, 1], or [1, side]: 1 where `keeps` says so.
template <class Keeps>
ValueId column_mask(Emitter& emitter, int64_t side, Keeps keeps) {
  std::vector<float> mask;
  for (int64_t i = 0; i < side; ++i) mask.push_back(keeps(i) ? 1.0f : 0.0f);
  return emitter.constant(std::move(mask), Shape{side, 1}, "mask");
}

template <class Keeps>
Expected<ValueId> masked(Emitter& emitter, ValueId x, int64_t side, Keeps keeps) {
  std::vector<float> mask;
  for (int64_t row = 0; row < side; ++row) {
    for (int64_t column = 0; column < side; ++column)
      mask.push_back(keeps(row, column) ? 1.0f : 0.0f);
  }
  return emitter.multiply(x, emitter.constant(std::move(mask), Shape{side, side}, "mask"));
}

ValueId identity(Emitter& emitter, int64_t side) {
  std::vector<float> elements(static_cast<size_t>(side * side));
  for (int64_t i = 0; i < side; ++i) elements[static_cast<size_t>(i * side + i)] = 1;
  return emitter.constant(std::move(elements), Shape{side, side}, "identity");
}

/// What Gauss-Jordan elimination leaves: the row chosen for each column stays where it is.
struct Elimination {
  ValueId rest = no_value;            ///< columns behind the matrix, rows in the order of places
  std::vector<ValueId> pivots = {};   ///< [..., 1, 1]
  std::vector<ValueId> places = {};   ///< of the chosen rows, int32 [...]
  std::vector<ValueId> choices = {};  ///< the same as [..., side, 1], 1 for the chosen row
  ValueId open = no_value;            ///< 1 for rows not chosen yet; none before the first choice
};

/// The row not chosen yet whose element in this column is largest in size.
Status choose_row(Emitter& emitter, ValueId column, int64_t side, Elimination& result) {
  int rank = emitter.rank(column);
  ValueId size = TRY(emitter.node("ABS", {column}));
  // Rows chosen already count as -1, less than any size.
  if (result.open != no_value) {
    ValueId shifted = TRY(emitter.multiply(TRY(emitter.plus(size, 1)), result.open));
    size = TRY(emitter.plus(shifted, -1));
  }
  ValueId axis = TRY(emitter.number(rank - 2, DType::i32));
  ValueId place = TRY(
      emitter.node("ARG_MAX", {size, axis}, {{"output_type", static_cast<double>(DType::i32)}}));
  place = TRY(emitter.squeeze(place, rank - 2));
  ValueId depth = TRY(emitter.number(static_cast<double>(side), DType::i32));
  ValueId choice = TRY(emitter.node(
      "ONE_HOT",
      {place, depth, TRY(emitter.number(1, DType::f32)), TRY(emitter.number(0, DType::f32))},
      {{"axis", -1}}));
  choice = TRY(emitter.expand(choice, emitter.rank(choice)));
  ValueId left = TRY(emitter.subtract(TRY(emitter.number(1, DType::f32)), choice));
  result.open = result.open == no_value ? left : TRY(emitter.multiply(result.open, left));
  result.places.push_back(place);
  result.choices.push_back(choice);
  return {};
}

// Each step scales the chosen row and takes multiples of it from all others. A column of zeros
// leaves the pivot 0, and what is behind unscaled.
Expected<Elimination> eliminated(Emitter& emitter, ValueId x, int64_t side) {
  Elimination result;
  for (int64_t i = 0; i < side; ++i) {
    ValueId column = TRY(column_of(emitter, x, 0));
    TRY(choose_row(emitter, column, side, result));
    ValueId choice = result.choices.back();
    ValueId row = TRY(emitter.matmul(choice, x, true));
    ValueId pivot = TRY(column_of(emitter, row, 0));
    result.pivots.push_back(pivot);
    bool last = i + 1 == side && emitter.shape(x).back() == 1;
    if (last) break;
    int64_t width = emitter.shape(x).back();
    Range behind{.begin = 1, .end = width};
    row = TRY(emitter.slice_axis(row, emitter.rank(row) - 1, behind));
    x = TRY(emitter.slice_axis(x, emitter.rank(x) - 1, behind));
    ValueId zero = TRY(emitter.number(0, DType::f32));
    ValueId none = TRY(emitter.node("EQUAL", {pivot, zero}));
    ValueId divisor = TRY(emitter.select(none, TRY(emitter.number(1, DType::f32)), pivot));
    ValueId scaled = TRY(emitter.divide(row, divisor));
    ValueId others = TRY(emitter.subtract(x, TRY(emitter.multiply(column, scaled))));
    ValueId chosen = TRY(emitter.node("GREATER", {choice, zero}));
    x = TRY(emitter.select(chosen, scaled, others));
  }
  result.rest = x;
  return result;
}

/// The product of all, one after another.
Expected<ValueId> product(Emitter& emitter, const std::vector<ValueId>& factors) {
  ValueId all = factors[0];
  for (size_t i = 1; i < factors.size(); ++i) all = TRY(emitter.multiply(all, factors[i]));
  return all;
}

/// [..., 1, 1] to [...].
Expected<ValueId> scalar(Emitter& emitter, ValueId x) {
  int rank = emitter.rank(x);
  return emitter.squeeze(TRY(emitter.squeeze(x, rank - 1)), rank - 2);
}

/// -1 where an odd number of pairs of rows changed places, else 1.
Expected<ValueId> sign_of_order(Emitter& emitter, const std::vector<ValueId>& places) {
  std::vector<ValueId> signs;
  for (size_t i = 0; i < places.size(); ++i) {
    for (size_t j = i + 1; j < places.size(); ++j) {
      ValueId difference = TRY(emitter.subtract(places[j], places[i]));
      signs.push_back(TRY(emitter.node("SIGN", {TRY(emitter.to_float(difference))})));
    }
  }
  if (signs.empty()) return emitter.number(1, DType::f32);
  return product(emitter, signs);
}

/// x of a x = b, both with matrices in the last two axes.
Expected<ValueId> solved(Emitter& emitter, ValueId a, ValueId b, int64_t side) {
  ValueId joined = TRY(emitter.concatenate({a, b}, emitter.rank(a) - 1));
  Elimination done = TRY(eliminated(emitter, joined, side));
  ValueId order = TRY(emitter.concatenate(done.choices, emitter.rank(a) - 1));
  return emitter.matmul(order, done.rest, true);
}

/// The same axes in front of the matrix b as a has.
Expected<ValueId> spread_as(FunctionCall& call, ValueId b, ValueId a) {
  Extents extents = call.extents(a);
  size_t rank = extents.size();
  int rank_b = call.rank(b);
  ENSURE(rank_b <= static_cast<int>(rank), "the right side has more axes than the matrices");
  if (rank_b == static_cast<int>(rank)) return b;
  extents[rank - 2] = call.extent(b, rank_b - 2);
  extents[rank - 1] = call.extent(b, rank_b - 1);
  return call.node("BROADCAST_TO", {b, TRY(call.shape_tensor(extents))});
}

Expected<ValueId> inverse(FunctionCall& call, ValueId x, int64_t side) {
  return solved(call, x, TRY(spread_as(call, identity(call, side), x)), side);
}

/// The lower triangle whose product with its transposed is x.
Expected<ValueId> cholesky(FunctionCall& call, ValueId x, int64_t side) {
  std::vector<ValueId> columns;
  for (int64_t i = 0; i < side; ++i) {
    ValueId column = TRY(column_of(call, x, i));
    ValueId root = TRY(call.node("SQRT", {TRY(row_of(call, column, i))}));
    column = TRY(call.divide(column, root));
    if (i > 0)
      column = TRY(
          call.multiply(column, column_mask(call, side, [i](int64_t row) { return row >= i; })));
    columns.push_back(column);
    if (i + 1 == side) break;
    ValueId square = TRY(call.multiply(column, TRY(swapped(call, column))));
    x = TRY(call.subtract(x, square));
  }
  return side == 1 ? columns[0] : call.concatenate(columns, call.rank(x) - 1);
}

Expected<Results> import_determinant(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int64_t side = TRY(side_of(call, x));
  Elimination done = TRY(eliminated(call, x, side));
  ValueId size = TRY(scalar(call, TRY(product(call, done.pivots))));
  if (side == 1) return size;
  return TRY(call.multiply(size, TRY(sign_of_order(call, done.places))));
}

Expected<Results> import_inverse(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int64_t side = TRY(side_of(call, x));
  if (TRY(call.flag("adjoint", false))) x = TRY(swapped(call, x));
  return TRY(inverse(call, x, side));
}

Expected<Results> import_cholesky(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId lower = TRY(cholesky(call, x, TRY(side_of(call, x))));
  return TRY(call.flag("upper", false)) ? TRY(swapped(call, lower)) : lower;
}

/// The logarithm of the size; with number 1 behind the sign.
Expected<Results> import_log_determinant(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int64_t side = TRY(side_of(call, x));
  Elimination done = TRY(eliminated(call, x, side));
  ValueId logs = no_value;
  for (ValueId pivot : done.pivots) {
    ValueId log = TRY(call.node("LOG", {TRY(call.node("ABS", {pivot}))}));
    logs = logs == no_value ? log : TRY(call.add(logs, log));
  }
  logs = TRY(scalar(call, logs));
  if (call.def().number == 0) return logs;
  std::vector<ValueId> signs;
  for (ValueId pivot : done.pivots) signs.push_back(TRY(call.node("SIGN", {pivot})));
  ValueId sign = TRY(scalar(call, TRY(product(call, signs))));
  sign = TRY(call.multiply(sign, TRY(sign_of_order(call, done.places))));
  return Results(std::vector<ValueId>{sign, logs});
}

/// The right side as matrices; vectors of Keras 3 get an axis that is taken away again.
struct Right {
  ValueId value = no_value;
  bool is_vector = false;
};

Expected<Right> right_side(FunctionCall& call, ValueId a) {
  Right right{TRY(call.float_tensor("b|rhs", 1))};
  right.is_vector = call.newer() && call.rank(right.value) == call.rank(a) - 1;
  if (right.is_vector) right.value = TRY(call.expand(right.value, call.rank(right.value)));
  right.value = TRY(spread_as(call, right.value, a));
  return right;
}

Expected<Results> finished(FunctionCall& call, ValueId x, bool is_vector) {
  return is_vector ? TRY(call.squeeze(x, call.rank(x) - 1)) : x;
}

Expected<Results> import_solve(FunctionCall& call) {
  ValueId a = TRY(call.float_tensor("a|matrix", 0));
  int64_t side = TRY(side_of(call, a));
  if (TRY(call.flag("adjoint", false))) a = TRY(swapped(call, a));
  Right b = TRY(right_side(call, a));
  return finished(call, TRY(solved(call, a, b.value, side)), b.is_vector);
}

Expected<Results> import_solve_triangle(FunctionCall& call) {
  ValueId a = TRY(call.float_tensor("a|matrix", 0));
  int64_t side = TRY(side_of(call, a));
  bool lower = TRY(call.flag("lower", !call.newer()));
  a = TRY(masked(call, a, side, [lower](int64_t row, int64_t column) {
    return lower ? column <= row : column >= row;
  }));
  if (TRY(call.flag("adjoint", false))) a = TRY(swapped(call, a));
  Right b = TRY(right_side(call, a));
  return finished(call, TRY(solved(call, a, b.value, side)), b.is_vector);
}

/// The matrix that a triangle is a factor of.
Expected<ValueId> multiplied_out(FunctionCall& call, ValueId triangle, int64_t side, bool upper) {
  triangle = TRY(masked(call, triangle, side, [upper](int64_t row, int64_t column) {
    return upper ? column >= row : column <= row;
  }));
  return call.matmul(triangle, triangle, upper, !upper);
}

Expected<Results> import_inverse_of_factor(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int64_t side = TRY(side_of(call, x));
  x = TRY(multiplied_out(call, x, side, TRY(call.flag("upper", false))));
  return TRY(inverse(call, x, side));
}

Expected<Results> import_solve_by_factor(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("chol", 0));
  int64_t side = TRY(side_of(call, x));
  Right b = TRY(right_side(call, x));
  x = TRY(multiplied_out(call, x, side, false));
  return TRY(solved(call, x, b.value, side));
}

constexpr std::string_view steps = "ARG_MAX, BATCH_MATMUL, DIV and SUB, for each row";

constexpr FunctionDef functions[] = {
    {{"linalg.det", "matrix_determinant"}, {"Det"}, import_determinant, {}, 0, steps},
    {{"linalg.inv", "matrix_inverse"}, {"Inv"}, import_inverse, {}, 0, steps},
    {{"linalg.cholesky", "cholesky"},
     {"Cholesky"},
     import_cholesky,
     {},
     0,
     "SQRT, DIV and SUB, for each row"},
    {{"linalg.logdet"}, {"Logdet"}, import_log_determinant, {}, 0, steps},
    {{"linalg.slogdet"}, {"Slogdet"}, import_log_determinant, {}, 1, steps},
    {{"linalg.solve", "matrix_solve"}, {"Solve"}, import_solve, {}, 0, steps},
    {{"linalg.triangular_solve", "matrix_triangular_solve"},
     {"SolveTriangular"},
     import_solve_triangle,
     {},
     0,
     steps},
    {{}, {"CholeskyInverse"}, import_inverse_of_factor, {}, 0, steps},
    {{"linalg.cholesky_solve", "cholesky_solve"}, {}, import_solve_by_factor, {}, 0, steps},
};

}  // namespace

FunctionTable matrix_solving_functions() { return function_table(functions); }

}  // namespace wherry::keras
