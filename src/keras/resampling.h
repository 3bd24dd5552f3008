// Resampling of one axis as a matrix, for interpolations that no operator computes.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace wherry::keras {

/// How an axis of `from` samples becomes one of `to`.
struct Resampling {
  int64_t from = 0, to = 0;
  std::string_view method = "bilinear";  ///< a name that Keras uses
  bool antialias = false;
};

/// The weights [to, from] with which TensorFlow's own kernels compute it, to their precision;
/// nothing when the method is not known.
std::optional<std::vector<float>> resampling_matrix(const Resampling& resampling);

}  // namespace wherry::keras
