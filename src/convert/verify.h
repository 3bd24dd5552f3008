// Compares a converted model with the float graph it came from, and sums it up.
#pragma once

#include "ir/model.h"
#include "wherry/converter.h"

namespace wherry {

/// Runs both on the same inputs (calibration data if given, else fixed pseudo-random ones) and
/// returns the largest difference over the largest output. Errors: verification_failed, naming the
/// output, when it passes what the format explains.
Expected<double> compare_with_source(const Model& source, const Model& converted,
                                     const ConvertOptions& options);

/// Fills operators, inputs, outputs.
void summarise(const Model& model, ConvertReport& report);

}  // namespace wherry
