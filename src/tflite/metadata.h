// The metadata entries that runtimes and tools look for.
#pragma once

#include <string>
#include <vector>

#include "ir/model.h"

namespace wherry::tflite {

/// Number formats a file was made with, as in the schema of CONVERSION_METADATA.
enum class ModelOptimization : int32_t {
  float16 = 1001,
  dynamic_range = 1002,
  full_integer = 1003,
  int16 = 1004
};

/// Sets (or replaces) `min_runtime_version` and CONVERSION_METADATA.
void set_conversion_metadata(Model& model, const std::string& minimum_runtime,
                             const std::vector<ModelOptimization>& modes);

}  // namespace wherry::tflite
