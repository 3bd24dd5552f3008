// Implements wherry/converter.h.
#include "wherry/converter.h"

#include "convert/convert.h"

namespace wherry {
namespace {

Expected<ConvertReport> saved(Conversion conversion, const std::string& output) {
  TRY(conversion.file.save(output));
  conversion.report.output = output;
  return std::move(conversion.report);
}

}  // namespace

Expected<Converted> convert(const std::string& model, const ConvertOptions& options) {
  Conversion conversion = TRY(convert_keras(model, options));
  return Converted{conversion.file.bytes(), std::move(conversion.report)};
}

Expected<ConvertReport> convert_file(const std::string& model, const std::string& output,
                                     const ConvertOptions& options) {
  return saved(TRY(convert_keras(model, options)), output);
}

Expected<ConvertReport> quantize_file(const std::string& model, const std::string& output,
                                      const ConvertOptions& options) {
  return saved(TRY(quantize_tflite(model, options)), output);
}

Expected<CheckReport> check_keras(const std::string& model) { return check_keras_file(model); }

}  // namespace wherry
