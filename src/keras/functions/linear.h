// Products of matrices that several functions are made of.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// a @ b over the last two axes of both, of rank 2 at least; a constant matrix b becomes the
/// weights of a FULLY_CONNECTED operator.
Expected<ValueId> matrix_product(Emitter& emitter, ValueId a, ValueId b);
/// The sum of products over these axes of a and b: the axes that are left of a, then those of b.
struct Contraction {
  std::vector<int64_t> a, b;
};
Expected<ValueId> contract(Emitter& emitter, ValueId a, ValueId b, const Contraction& axes);
/// The sum of products that an equation such as "bij,bjk->bik" describes.
Expected<ValueId> einsum(Emitter& emitter, std::string_view equation,
                         const std::vector<ValueId>& operands);

}  // namespace wherry::keras
