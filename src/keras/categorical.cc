// Encodings of category numbers by ONE_HOT and a reduction.
#include "keras/categorical.h"

namespace wherry::keras {
namespace {

Expected<ValueId> one_hot(Emitter& emitter, ValueId numbers, int64_t depth) {
  ValueId extent = TRY(emitter.number(static_cast<double>(depth), DType::i32));
  ValueId on = TRY(emitter.number(1, DType::f32)), off = TRY(emitter.number(0, DType::f32));
  return emitter.node("ONE_HOT", {numbers, extent, on, off}, {{"axis", -1}});
}

}  // namespace

Expected<ValueId> encoded(Emitter& emitter, ValueId numbers, const CategoryEncoding& encoding) {
  if (encoding.mode == "int") return emitter.cast(numbers, encoding.dtype);
  constexpr int64_t most = 1 << 24;
  ENSURE(encoding.depth > 0 && encoding.depth <= most, "there cannot be ", encoding.depth,
         " categories");
  int rank = emitter.rank(numbers);
  if (encoding.mode == "one_hot") {
    if (rank > 1 && emitter.shape(numbers)[rank - 1] == 1)
      numbers = TRY(emitter.squeeze(numbers, rank - 1));
    return emitter.cast(TRY(one_hot(emitter, numbers, encoding.depth)), encoding.dtype);
  }
  bool counts = encoding.mode == "count";
  if (!counts && encoding.mode != "multi_hot" && encoding.mode != "binary")
    return Error{.code = ErrorCode::unsupported,
                 .message = "the output mode is not known",
                 .received = quoted(encoding.mode)};
  ENSURE(rank >= 1, "categories to count need an axis");
  ValueId vectors = TRY(one_hot(emitter, numbers, encoding.depth));
  if (encoding.count_weights != no_value)
    vectors = TRY(emitter.multiply(vectors, TRY(emitter.expand(encoding.count_weights, rank))));
  std::string_view op = counts ? "SUM" : "REDUCE_MAX";
  return emitter.cast(TRY(emitter.reduce(op, vectors, {rank > 1 ? 1 : 0}, false)), encoding.dtype);
}

}  // namespace wherry::keras
