// Strings import, passes, quantisation, writing and verification together.
#include "convert/convert.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "convert/verify.h"
#include "data/dataset.h"
#include "keras/import.h"
#include "passes/editor.h"
#include "passes/runner.h"
#include "quantize/quantize.h"
#include "tflite/metadata.h"
#include "tflite/reader.h"

namespace wherry {
namespace {

void tell(const ConvertOptions& options, const std::string& stage, double share) {
  if (options.progress) options.progress(stage, share);
}

DType dtype_of_edge(EdgeType type) {
  return type == EdgeType::int8 ? DType::i8 : type == EdgeType::uint8 ? DType::u8 : DType::f32;
}

keras::ImportOptions import_options(const ConvertOptions& options) {
  keras::ImportOptions result;
  if (options.batch > 0) result.batch = options.batch;
  return result;
}

/// Of a file, or of all files in a folder (an unpacked .keras).
uint64_t file_bytes(const std::string& path) {
  std::error_code problem;
  if (!std::filesystem::is_directory(path, problem)) {
    uint64_t size = std::filesystem::file_size(path, problem);
    return problem ? 0 : size;
  }
  uint64_t total = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path, problem)) {
    if (entry.is_regular_file(problem)) total += entry.file_size(problem);
  }
  return total;
}

Status check_options(const ConvertOptions& options) {
  bool integer = options.format == Format::int8;
  bool edges = options.input_type != EdgeType::float32 || options.output_type != EdgeType::float32;
  if (edges && !integer) {
    return Error{.code = ErrorCode::usage,
                 .message = "integer inputs and outputs need the format int8",
                 .advice = "add --format int8 --calibrate DATA"};
  }
  if (integer && options.calibrate.empty()) {
    return Error{
        .code = ErrorCode::usage,
        .message = "the format int8 needs calibration data",
        .advice =
            "add --calibrate with about 100 typical inputs (a folder of pictures or an .npz)"};
  }
  if (!integer && !options.calibrate.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = "calibration data is only used by the format int8",
                 .advice = "add --format int8 or leave --calibrate out"};
  }
  return {};
}

Expected<quantize::KeepFloat> keep_float(const ConvertOptions& options) {
  std::vector<std::regex> patterns;
  for (const std::string& text : options.keep_float) {
    try {
      patterns.emplace_back(text);
    } catch (const std::regex_error&) {
      return Error{.code = ErrorCode::usage,
                   .message = "--keep-float takes a regular expression",
                   .received = text};
    }
  }
  if (patterns.empty()) return quantize::KeepFloat();
  return quantize::KeepFloat([patterns](const Node& node) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::regex& pattern) {
      return std::regex_search(node.origin.layer, pattern);
    });
  });
}

std::vector<InputSpec> input_specs(const Model& model) {
  std::vector<InputSpec> specs;
  for (ValueId id : model.main().inputs) {
    std::string name = model.main().value(id).name;
    for (const Signature& signature : model.signatures) {
      for (const Signature::Entry& entry : signature.inputs) {
        if (signature.graph == 0 && entry.value == id) name = entry.name;
      }
    }
    specs.push_back({name, model.main().value(id).type});
  }
  return specs;
}

Expected<quantize::Ranges> observed_ranges(const Model& model, const ConvertOptions& options) {
  Preprocess preprocess = TRY(parse_preprocess(options.preprocess));
  Dataset data = TRY(Dataset::open(options.calibrate, preprocess));
  std::vector<size_t> chosen = data.spread(options.calibration_samples);
  std::vector<InputSpec> specs = input_specs(model);
  return quantize::calibrate(model, chosen.size(), [&](size_t i) {
    if (i % 8 == 0)
      tell(options, cat("calibrate ", i + 1, " of ", chosen.size()),
           0.2 + 0.5 * static_cast<double>(i) / static_cast<double>(chosen.size()));
    return data.sample(chosen[i], specs);
  });
}

Status apply_format(Model& model, const ConvertOptions& options, quantize::Warnings& warnings) {
  quantize::Options settings{.keep_float = TRY(keep_float(options)),
                             .per_channel_dense = options.per_channel_dense,
                             .input_type = dtype_of_edge(options.input_type),
                             .output_type = dtype_of_edge(options.output_type)};
  switch (options.format) {
    case Format::float32:
      return {};
    case Format::float16:
      return quantize::to_float16(model, settings, warnings);
    case Format::dynamic:
      return quantize::to_dynamic_range(model, settings, warnings);
    case Format::int8: {
      quantize::Ranges ranges = TRY(observed_ranges(model, options));
      tell(options, "quantise", 0.7);
      return quantize::to_int8(model, ranges, settings, warnings);
    }
  }
  return {};
}

std::vector<tflite::ModelOptimization> optimizations(Format format) {
  switch (format) {
    case Format::float32:
      return {};
    case Format::float16:
      return {tflite::ModelOptimization::float16};
    case Format::dynamic:
      return {tflite::ModelOptimization::dynamic_range};
    case Format::int8:
      return {tflite::ModelOptimization::full_integer};
  }
  return {};
}

/// The float forms of what was quantised.
void drop_unused_values(Model& model) {
  for (size_t i = 0; i < model.graphs.size(); ++i) GraphEditor(model, i).finish();
}

/// Format, metadata, writing, verification: what both entry points share. `source` is the
/// simplified float model.
Expected<Conversion> finish(Model source, Conversion conversion, const ConvertOptions& options) {
  Model model = source;
  TRY(apply_format(model, options, conversion.report.warnings));
  drop_unused_values(model);
  tell(options, "write", 0.8);
  std::string release = tflite::minimum_runtime(model);
  tflite::set_conversion_metadata(model, release, optimizations(options.format));
  conversion.file = TRY(tflite::write(model));
  conversion.report.format = options.format;
  conversion.report.minimum_runtime = release;
  conversion.report.bytes_out = conversion.file.size();
  summarise(model, conversion.report);
  if (options.verify) {
    tell(options, "verify", 0.85);
    conversion.report.max_error = TRY(compare_with_source(source, model, options));
  }
  conversion.model = std::move(model);
  return conversion;
}

}  // namespace

Expected<Conversion> convert_keras(const std::string& path, const ConvertOptions& options) {
  TRY(check_options(options));
  tell(options, "read", 0.0);
  keras::ImportedModel imported = TRY(keras::import_file(path, import_options(options))
                                          .context(cat("in the model ", wherry::quoted(path))));
  tell(options, "simplify", 0.1);
  TRY(run_passes(imported.model, float_pipeline()));
  Conversion conversion;
  conversion.report.dialect = imported.source;
  conversion.report.bytes_in = file_bytes(path);
  conversion.report.optimizer_bytes = imported.optimizer_bytes;
  conversion.report.warnings = std::move(imported.warnings);
  return finish(std::move(imported.model), std::move(conversion), options);
}

Expected<Conversion> quantize_tflite(const std::string& path, const ConvertOptions& options) {
  TRY(check_options(options));
  tell(options, "read", 0.0);
  SharedBytes file = TRY(map_file(path));
  Model model = TRY(tflite::read_file(path));
  Conversion conversion;
  conversion.report.dialect = "TensorFlow Lite";
  conversion.report.bytes_in = file.bytes.size();
  return finish(std::move(model), std::move(conversion), options);
}

Expected<CheckReport> check_keras_file(const std::string& path) {
  CheckReport report;
  auto imported = keras::import_file(path, {});
  if (!imported) {
    Error& error = imported.error();
    if (error.code != ErrorCode::unsupported || error.details.empty()) return std::move(error);
    for (Error& detail : error.details)
      report.problems.push_back({detail.where, detail.message, detail.received, detail.advice});
    return report;
  }
  report.dialect = imported->source;
  TRY(run_passes(imported->model, float_pipeline()));
  ConvertReport summary;
  summarise(imported->model, summary);
  report.operators = summary.operators;
  report.minimum_runtime = tflite::minimum_runtime(imported->model);
  return report;
}

}  // namespace wherry
