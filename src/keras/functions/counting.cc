// Functions that count how often numbers occur.
#include <numeric>

#include "keras/functions/function_call.h"
#include "keras/functions/reduction.h"

namespace wherry::keras {
namespace {

/// The numbers that are told apart: from 0 on, as many as is written.
Expected<ValueId> numbers_of(FunctionCall& call) {
  int64_t least = TRY(call.integer("minlength", -1, 0));
  int64_t most = TRY(call.integer("maxlength", -1, -1));
  if (least != most)
    return call.unsupported("how many numbers are counted depends on the numbers",
                            cat("at least ", least),
                            "count with a fixed length: tf.math.bincount(..., minlength=N, "
                            "maxlength=N), or sum ops.one_hot");
  ENSURE(least >= 1 && least <= (1 << 20), "numbers cannot be counted up to ", least);
  std::vector<int64_t> numbers(static_cast<size_t>(least));
  std::iota(numbers.begin(), numbers.end(), 0);
  return call.integers(numbers);
}

/// Counts of each row, or of all elements together; each counts 1 or its weight.
Expected<Results> import_counts(FunctionCall& call) {
  ValueId x = TRY(call.cast(TRY(call.tensor("x|arr", 0)), DType::i32));
  TRY(call.only("sparse", PyValue::of(false)));
  bool binary = TRY(call.flag("binary_output", false));
  DType dtype = TRY(call.dtype_argument("dtype", DType::i32));
  bool weighted = call.has("weights");
  ValueId weights = weighted ? TRY(call.float_tensor("weights", -1)) : no_value;
  bool by_rows = call.newer() ? call.rank(x) > 1 : call.has("axis");
  call.ignore("axis");
  if (!by_rows) x = TRY(flattened(call, x));
  if (!by_rows && weighted) weights = TRY(flattened(call, weights));
  ENSURE(call.rank(x) <= 2, "numbers are counted in rows, not in ", text_of(call.shape(x)));
  ValueId numbers = TRY(numbers_of(call));
  ValueId same = TRY(call.node("EQUAL", {TRY(call.expand(x, call.rank(x))), numbers}));
  int rows = call.rank(x) - 1;
  if (binary) return TRY(call.cast(TRY(call.reduce("REDUCE_ANY", same, {rows}, false)), dtype));
  ValueId each = TRY(call.cast(same, weighted ? DType::f32 : DType::i32));
  if (weighted) each = TRY(call.multiply(each, TRY(call.expand(weights, call.rank(weights)))));
  ValueId counts = TRY(call.reduce("SUM", each, {rows}, false));
  return weighted ? counts : TRY(call.cast(counts, dtype));
}

constexpr FunctionDef functions[] = {
    {{"math.bincount", "bincount"}, {"Bincount"}, import_counts, {}, 0, "EQUAL and SUM"},
};

}  // namespace

FunctionTable counting_functions() { return function_table(functions); }

}  // namespace wherry::keras
