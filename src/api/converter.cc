// Implements wherry/converter.h.
#include "wherry/converter.h"

#include <filesystem>

#include "base/mapped_file.h"
#include "convert/convert.h"

namespace wherry {
namespace {

/// Tells before the work what would fail after it.
Status check_output(const std::string& model, const std::string& output) {
  if (output.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = "the name of the output file is empty",
                 .advice = "name the .tflite file to write"};
  }
  std::error_code problem;
  if (std::filesystem::equivalent(model, output, problem)) {
    return Error{.code = ErrorCode::usage,
                 .message = cat("the output would replace the model ", wherry::quoted(model)),
                 .advice = "choose another name for the output"};
  }
  // To open a pipe and close it would tell its reader that this was all.
  if (!std::filesystem::is_fifo(output, problem)) TRY(FileWriter::create(output));
  return {};
}

}  // namespace

Expected<Converted> convert(const std::string& model, const ConvertOptions& options) {
  Conversion conversion = TRY(convert_keras(model, "", options));
  return Converted{std::move(conversion.bytes), std::move(conversion.report)};
}

Expected<ConvertReport> convert_file(const std::string& model, const std::string& output,
                                     const ConvertOptions& options) {
  TRY(check_output(model, output));
  return std::move(TRY(convert_keras(model, output, options)).report);
}

Expected<ConvertReport> quantize_file(const std::string& model, const std::string& output,
                                      const ConvertOptions& options) {
  TRY(check_output(model, output));
  return std::move(TRY(quantize_tflite(model, output, options)).report);
}

Expected<CheckReport> check_keras(const std::string& model, const CheckOptions& options) {
  return check_keras_file(model, options);
}

Expected<std::string> recipe_template(const std::string& model, const std::string& config) {
  return recipe_template_of(model, config);
}

}  // namespace wherry
