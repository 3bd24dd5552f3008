// Sums of products in Einstein's notation, as matrix products.
#pragma once

#include <string>

#include "keras/emitter.h"

namespace wherry::keras {

/// The axes of one operand of "abc,cd->abd" by what becomes of them.
struct EinsumOperand {
  std::vector<int64_t> batch;       ///< also in the other operand and in the result, in its order
  std::vector<int64_t> free;        ///< also in the result only, in its order
  std::vector<int64_t> contracted;  ///< also in the other operand only, in the order of the left
  std::vector<int64_t> summed;      ///< nowhere else
};

struct Einsum {
  EinsumOperand left, right;
  /// Where each axis of the result is among [batch..., free of left..., free of right...].
  std::vector<int64_t> result;
  std::string letters;  ///< of the result; axes of "..." have letters of their own
};

/// Reads an equation of operands of these ranks; "..." stands for the axes left over. Errors:
/// unsupported for an axis twice in one operand, invalid_model.
Expected<Einsum> parse_einsum(std::string_view equation, int left_rank, int right_rank);

/// One BATCH_MATMUL with the transpositions around it.
Expected<ValueId> einsum(Emitter& emitter, Einsum plan, ValueId left, ValueId right);

/// A constant right operand as FULLY_CONNECTED wants it.
struct EinsumWeights {
  ValueId matrix = no_value;  ///< [all free axes, all contracted axes]
  ValueId bias = no_value;    ///< [all free axes]
  Shape free;                 ///< extents of the free axes
};
/// One FULLY_CONNECTED with the transpositions around it. The plan has no batch axes and the
/// weights no summed ones.
Expected<ValueId> einsum(Emitter& emitter, const Einsum& plan, ValueId left,
                         const EinsumWeights& weights);

}  // namespace wherry::keras
