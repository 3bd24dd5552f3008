// The converter as one readable function: import, simplify, choose formats, write, verify.
#pragma once

#include "ir/model.h"
#include "tflite/writer.h"
#include "wherry/converter.h"

namespace wherry {

/// A converted model before it is saved.
struct Conversion {
  Model model;
  tflite::WrittenModel file;
  ConvertReport report;
};

Expected<Conversion> convert_keras(const std::string& path, const ConvertOptions& options);
Expected<Conversion> quantize_tflite(const std::string& path, const ConvertOptions& options);
Expected<CheckReport> check_keras_file(const std::string& path);

}  // namespace wherry
