// Functions that write rows of numbers as sums of cosines: products with constant matrices.
#include <cmath>

#include "keras/functions/function_call.h"
#include "keras/functions/linear.h"

namespace wherry::keras {
namespace {

/// Which transform: its type from 1 to 4, and whether it keeps lengths of vectors.
struct Transform {
  int64_t type = 2;
  bool is_orthonormal = false;
  double scale = 1;
};

/// What a number at place `n` of `length` adds to the sum at place `k`.
double plain_weight(int64_t type, int64_t k, int64_t n, int64_t length) {
  auto at = [](int64_t place) { return static_cast<double>(place); };
  bool is_end = n == 0 || (type == 1 && n == length - 1);
  double factor = is_end && (type == 1 || type == 3) ? 1 : 2, size = at(length);
  switch (type) {
    case 1:
      return factor * std::cos(M_PI * at(k) * at(n) / (size - 1));
    case 2:
      return factor * std::cos(M_PI * at(k) * at(2 * n + 1) / (2 * size));
    case 3:
      return factor * std::cos(M_PI * at(2 * k + 1) * at(n) / (2 * size));
    default:
      return factor * std::cos(M_PI * at(2 * k + 1) * at(2 * n + 1) / (4 * size));
  }
}

double weight_of(const Transform& how, int64_t k, int64_t n, int64_t length) {
  double weight = how.scale * plain_weight(how.type, k, n, length);
  if (!how.is_orthonormal) return weight;
  weight /= std::sqrt(2 * static_cast<double>(length));
  if (how.type == 2 && k == 0) return weight / std::sqrt(2.0);
  return how.type == 3 && n == 0 ? weight * std::sqrt(2.0) : weight;
}

/// Rows of x times the matrix of such weights.
Expected<ValueId> transformed(FunctionCall& call, ValueId x, const Transform& how) {
  int64_t length = call.shape(x).back();
  if (length < 1 || length > 4096)
    return call.unsupported("rows must have a known length of at most 4096",
                            text_of(call.shape(x)));
  std::vector<float> matrix;
  for (int64_t n = 0; n < length; ++n) {
    for (int64_t k = 0; k < length; ++k)
      matrix.push_back(static_cast<float>(weight_of(how, k, n, length)));
  }
  return matrix_product(call, x, call.constant(std::move(matrix), {length, length}, "cosines"));
}

/// `number` is 1 for the way back, whose types 2 and 3 are each other's.
Expected<Results> import_cosines(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("input", 0));
  TRY(call.only("axis", PyValue::of(int64_t{-1})));
  if (call.has("n")) return call.unsupported_argument("n", call.argument("n"));
  int64_t type = TRY(call.integer("type", -1, 2));
  bool is_known = type >= 1 && type <= 4 && (type != 1 || call.shape(x).back() != 1);
  if (!is_known) return call.unsupported_argument("type", call.argument("type"));
  if (call.def().number == 1 && (type == 2 || type == 3)) type = 5 - type;
  return TRY(transformed(call, x, {type, TRY(call.text("norm", "")) == "ortho"}));
}

Expected<Results> import_mel_cosines(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("log_mel_spectrograms", 0));
  double scale = 1 / std::sqrt(2 * static_cast<double>(std::max<int64_t>(call.shape(x).back(), 1)));
  return TRY(transformed(call, x, {.type = 2, .scale = scale}));
}

constexpr FunctionDef functions[] = {
    {{"signal.dct"}, {}, import_cosines, {}, 0, "FULLY_CONNECTED"},
    {{"signal.idct"}, {}, import_cosines, {}, 1, "FULLY_CONNECTED"},
    {{"signal.mfccs_from_log_mel_spectrograms"}, {}, import_mel_cosines, {}, 0, "FULLY_CONNECTED"},
};

}  // namespace

FunctionTable cosine_transforms_functions() { return function_table(functions); }

}  // namespace wherry::keras
