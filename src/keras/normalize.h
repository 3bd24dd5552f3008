// Normalisations by the statistics of the data itself, for layers and functions.
#pragma once

#include "keras/emitter.h"

namespace wherry::keras {

/// (x - mean) / sqrt(variance + epsilon) over these axes.
Expected<ValueId> standardized(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                               double epsilon);
/// x / sqrt(mean(x * x) + epsilon) over these axes.
Expected<ValueId> by_root_mean_square(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                                      double epsilon);
/// x / sqrt(variance + epsilon): what older Keras calls root mean square scaling.
Expected<ValueId> by_deviation(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes,
                               double epsilon);
/// x divided by its Euclidean length over these axes; zeros stay zeros.
Expected<ValueId> unit_length(Emitter& emitter, ValueId x, const std::vector<int64_t>& axes);

}  // namespace wherry::keras
