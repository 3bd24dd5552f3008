// Category numbers as vectors: one-hot, multi-hot and counts.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

struct CategoryEncoding {
  std::string_view mode;             ///< "int", "one_hot", "multi_hot" or "count"
  int64_t depth = 0;                 ///< number of categories
  DType dtype = DType::f32;          ///< of the result
  ValueId count_weights = no_value;  ///< what each number counts; only for "count"
};

/// Numbers outside [0, depth) count nothing. "one_hot" gives the last axis in place of one of
/// extent 1; "multi_hot" and "count" in place of axis 1. Errors: unsupported, for other modes.
Expected<ValueId> encoded(Emitter& emitter, ValueId numbers, const CategoryEncoding& encoding);

}  // namespace wherry::keras
