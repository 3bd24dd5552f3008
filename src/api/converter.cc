// Implements wherry/converter.h.
#include "wherry/converter.h"

#include "base/error.h"
#include "convert/convert.h"

namespace wherry {

Expected<Converted> convert(const std::string& model, const ConvertOptions& options) {
  Conversion conversion = TRY(convert_keras(model, "", options));
  return Converted{std::move(conversion.bytes), std::move(conversion.report)};
}

Expected<ConvertReport> convert_file(const std::string& model, const std::string& output,
                                     const ConvertOptions& options) {
  return std::move(TRY(convert_keras(model, output, options)).report);
}

Expected<ConvertReport> quantize_file(const std::string& model, const std::string& output,
                                      const ConvertOptions& options) {
  return std::move(TRY(quantize_tflite(model, output, options)).report);
}

Expected<CheckReport> check_keras(const std::string& model) { return check_keras_file(model); }

}  // namespace wherry
