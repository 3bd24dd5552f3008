// Resizing of pictures by weights that no operator has: each axis is a product with a matrix.
#pragma once

#include <optional>
#include <string_view>

#include "keras/emitter.h"

namespace wherry::keras {

/// How far around its centre a new pixel looks, and with what weights.
struct Resampling {
  enum Kind { triangle, cubic, cubic_table, lanczos3, lanczos5, gaussian, mitchell, area };
  Kind kind = triangle;
  bool antialias = false;  ///< a smaller picture looks as much farther around
};

/// By the names of TensorFlow and Keras; nothing for those that are no resampling.
std::optional<Resampling> resampling_named(std::string_view name);

/// Pictures [batch, height, width, channels] resized to a known height and width, with centres of
/// pixels at halves. Errors: unsupported, for pictures of unknown size.
Expected<ValueId> resampled(Emitter& emitter, ValueId x, const std::vector<int64_t>& size,
                            const Resampling& how);

}  // namespace wherry::keras
