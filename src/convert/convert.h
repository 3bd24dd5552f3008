// The converter as one readable function: import, simplify, choose formats, write, verify.
#pragma once

#include "wherry/converter.h"

namespace wherry {

struct Conversion {
  std::vector<std::byte> bytes;  ///< the file, when it was not written to disk
  ConvertReport report;
};

/// With an `output`, to that file: it appears complete and verified, or not at all. Without, to
/// memory.
Expected<Conversion> convert_keras(const std::string& path, const std::string& output,
                                   const ConvertOptions& options);
Expected<Conversion> quantize_tflite(const std::string& path, const std::string& output,
                                     const ConvertOptions& options);
Expected<CheckReport> check_keras_file(const std::string& path, const CheckOptions& options);
Expected<std::string> recipe_template_of(const std::string& path, const std::string& config);

}  // namespace wherry
