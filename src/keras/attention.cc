// Masks over pairs of positions, as constants where the lengths are known.
#include "keras/attention.h"

#include <cstdlib>

#include "ops/shape/strided_slice.h"

namespace wherry::keras {
namespace {

/// Which pairs count: columns up to the row, or all less than `width` apart.
struct Pairs {
  bool causal = false;
  int64_t width = 0;

  bool hold(int64_t row, int64_t column) const {
    return causal ? column <= row : std::abs(row - column) < width;
  }
};

/// All layers of a model that need the same mask share one constant.
ValueId constant_mask(Emitter& emitter, int64_t rows, int64_t columns, const Pairs& pairs) {
  std::string key = cat("pairs ", rows, " ", columns, " ", pairs.causal ? 0 : pairs.width);
  auto known = emitter.graph().weights.find(key);
  if (known != emitter.graph().weights.end()) return known->second;
  std::vector<uint8_t> cells;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) cells.push_back(pairs.hold(row, column));
  }
  ValueId mask = emitter.raw_constant("mask", {DType::boolean, Shape{rows, columns}, {}, {}},
                                      Constant::of(std::move(cells)));
  emitter.graph().weights.emplace(std::move(key), mask);
  return mask;
}

/// 0, 1, 2, ... as an int32 tensor of rank 1.
Expected<ValueId> positions(Emitter& emitter, const Extent& count) {
  ValueId limit = no_value;
  if (count.of == no_value) {
    limit = TRY(emitter.number(static_cast<double>(count.size), DType::i32));
  } else {
    ValueId shape = TRY(emitter.node("SHAPE", {count.of}));
    int64_t axis = count.axis;
    limit = TRY(emitter.node(
        op::strided_slice, op::StridedSlice{.shrink_axis_mask = 1},
        {shape, emitter.integers({axis}), emitter.integers({axis + 1}), emitter.integers({1})}));
  }
  return emitter.node(
      "RANGE", {TRY(emitter.number(0, DType::i32)), limit, TRY(emitter.number(1, DType::i32))});
}

Expected<ValueId> pair_mask(Emitter& emitter, const Extent& rows, const Extent& columns,
                            const Pairs& pairs) {
  constexpr int64_t most_constant = int64_t{1} << 24;
  bool known = rows.of == no_value && columns.of == no_value;
  if (known && rows.size * columns.size <= most_constant)
    return constant_mask(emitter, rows.size, columns.size, pairs);
  ValueId row = TRY(emitter.expand(TRY(positions(emitter, rows)), 1)),
          column = TRY(positions(emitter, columns));
  if (pairs.causal) return emitter.node("GREATER_EQUAL", {row, column});
  ValueId distance = TRY(emitter.node("ABS", {TRY(emitter.subtract(row, column))}));
  ValueId width = TRY(emitter.number(static_cast<double>(pairs.width), DType::i32));
  return emitter.node("LESS", {distance, width});
}

}  // namespace

Expected<ValueId> causal_mask(Emitter& emitter, Extent rows, Extent columns) {
  return pair_mask(emitter, rows, columns, {.causal = true});
}

Expected<ValueId> window_mask(Emitter& emitter, Extent rows, Extent columns, int64_t width) {
  return pair_mask(emitter, rows, columns, {.width = width});
}

Expected<ValueId> both_masks(Emitter& emitter, ValueId a, ValueId b) {
  if (a == no_value || b == no_value) return a == no_value ? b : a;
  return emitter.node("LOGICAL_AND", {a, b});
}

// The masked scores are so far below the others that their exponentials are 0; a row of nothing
// else comes out even.
Expected<ValueId> masked_softmax(Emitter& emitter, ValueId scores, const ScoreMask& mask) {
  if (mask.value == no_value) return emitter.softmax(scores);
  ValueId masked = TRY(emitter.select(mask.value, scores, TRY(emitter.number(-1e9, scores))));
  ValueId weights = TRY(emitter.softmax(masked));
  if (!mask.zeroes_empty_rows) return weights;
  return emitter.select(mask.value, weights, TRY(emitter.number(0, weights)));
}

}  // namespace wherry::keras
