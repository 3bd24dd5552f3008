// Changes of shape that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// Reshapes to what an int32 tensor says; where the result is known with at most one extent open,
/// nothing has to be computed while running.
Expected<ValueId> reshape_to(Emitter& emitter, ValueId x, ValueId shape);
/// The last two axes exchanged.
Expected<ValueId> matrix_transposed(Emitter& emitter, ValueId x);
/// The order of axes that exchanges two of them.
std::vector<int64_t> exchange(int rank, int a, int b);
/// The order of axes that brings [a] to places [b].
Expected<std::vector<int64_t>> move_order(const Emitter& emitter, ValueId x,
                                          const std::vector<int64_t>& from,
                                          const std::vector<int64_t>& to);

}  // namespace wherry::keras
