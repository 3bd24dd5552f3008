// What users rule out: layers that must stay float, runtimes that must be able to run the result.
#pragma once

#include "quantize/quantize.h"
#include "wherry/converter.h"

namespace wherry {

/// The nodes whose layer matches one of the patterns. Errors: usage, for a text that is no pattern
/// and for a pattern that matches nothing.
Expected<quantize::KeepFloat> keep_float(const Model& model, const ConvertOptions& options);

/// Errors: unsupported, with all operators that the release asked for does not run.
Status check_target(const Model& model, const ConvertOptions& options);

}  // namespace wherry
