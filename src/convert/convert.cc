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
#include "tflite/writer.h"

namespace wherry {
namespace {

void tell(const ConvertOptions& options, const std::string& stage, double share) {
  if (options.progress) options.progress(stage, share);
}

DType dtype_of_edge(EdgeType type) {
  return type == EdgeType::int8 ? DType::i8 : type == EdgeType::uint8 ? DType::u8 : DType::f32;
}

keras::RecurrentForm form_of(RecurrentForm form) {
  switch (form) {
    case RecurrentForm::automatic:
      return keras::RecurrentForm::automatic;
    case RecurrentForm::fused:
      return keras::RecurrentForm::fused;
    case RecurrentForm::unroll:
      return keras::RecurrentForm::unrolled;
    case RecurrentForm::loop:
      return keras::RecurrentForm::loop;
  }
  return keras::RecurrentForm::automatic;
}

keras::ImportOptions import_options(const ConvertOptions& options) {
  keras::ImportOptions result;
  if (options.batch > 0) result.batch = options.batch;
  result.recurrent = form_of(options.recurrent);
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

Expected<quantize::Ranges> observed_ranges(const Model& model, const ConvertOptions& options) {
  Preprocess preprocess = TRY(parse_preprocess(options.preprocess));
  Dataset data = TRY(Dataset::open(options.calibrate, preprocess));
  std::vector<size_t> chosen = data.spread(options.calibration_samples);
  std::vector<InputSpec> specs;
  std::vector<std::string> names = input_names(model);
  for (size_t i = 0; i < names.size(); ++i)
    specs.push_back({names[i], model.main().value(model.main().inputs[i]).type});
  size_t threads = static_cast<size_t>(std::max(1, options.threads));
  return quantize::calibrate(model, chosen.size(), threads, [&](size_t i) {
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

/// What the source answers, asked before its weights are folded and rounded.
Expected<Probe> asked(const Model& source, const ConvertOptions& options) {
  if (!options.verify) return Probe();
  tell(options, "run the source", 0.1);
  return probe_source(source, options);
}

Status verify(const Probe& probe, const SharedBytes& file, const ConvertOptions& options,
              ConvertReport& report) {
  if (!options.verify) return {};
  if (probe.samples.empty()) {
    report.warnings.push_back(
        cat("the file was not compared with its source, which does not run "
            "on made-up inputs: ",
            probe.skipped));
    return {};
  }
  tell(options, "verify", 0.9);
  report.max_error = TRY(compare_with_source(probe, file, options));
  report.verified = true;
  return {};
}

/// Writes the model to `output`, or into `bytes` without one. The model is given up before the
/// file is read again: both at once would take twice the memory.
Status deliver(Model model, const Probe& probe, const ConvertOptions& options,
               const std::string& output, Conversion& conversion) {
  tell(options, "write", 0.8);
  tflite::WrittenModel written = TRY(tflite::write(model));
  model = {};
  conversion.report.bytes_out = written.size();
  conversion.report.output = output;
  if (output.empty()) {
    conversion.bytes = written.bytes();
    written = {};
    return verify(probe, SharedBytes{nullptr, conversion.bytes}, options, conversion.report);
  }
  FileWriter file = TRY(FileWriter::create(output));
  TRY(written.write_to(file));
  written = {};
  if (options.verify)
    TRY(verify(probe, TRY(map_file(file.temporary_path())), options, conversion.report));
  return file.commit();
}

/// Format, metadata, writing, verification: what both entry points share. `model` is the
/// simplified float model.
Expected<Conversion> finish(Model model, const Probe& probe, const ConvertOptions& options,
                            const std::string& output, Conversion conversion) {
  TRY(apply_format(model, options, conversion.report.warnings));
  drop_unused_values(model);
  std::string release = tflite::minimum_runtime(model);
  tflite::set_conversion_metadata(model, release, optimizations(options.format));
  conversion.report.format = options.format;
  conversion.report.minimum_runtime = release;
  summarise(model, conversion.report);
  TRY(deliver(std::move(model), probe, options, output, conversion));
  return conversion;
}

}  // namespace

Expected<Conversion> convert_keras(const std::string& path, const std::string& output,
                                   const ConvertOptions& options) {
  TRY(check_options(options));
  tell(options, "read", 0.0);
  keras::ImportedModel imported = TRY(keras::import_file(path, import_options(options))
                                          .context(cat("in the model ", wherry::quoted(path))));
  Probe probe = TRY(asked(imported.model, options));
  tell(options, "simplify", 0.2);
  TRY(run_passes(imported.model, float_pipeline()));
  Conversion conversion;
  conversion.report.dialect = imported.source;
  conversion.report.bytes_in = file_bytes(path);
  conversion.report.optimizer_bytes = imported.optimizer_bytes;
  conversion.report.warnings = std::move(imported.warnings);
  conversion.report.recurrent = std::move(imported.recurrent_forms);
  return finish(std::move(imported.model), probe, options, output, std::move(conversion));
}

Expected<Conversion> quantize_tflite(const std::string& path, const std::string& output,
                                     const ConvertOptions& options) {
  TRY(check_options(options));
  tell(options, "read", 0.0);
  Model model = TRY(tflite::read_file(path));
  Conversion conversion;
  conversion.report.dialect = "TensorFlow Lite";
  conversion.report.bytes_in = file_bytes(path);
  Probe probe = TRY(asked(model, options));
  return finish(std::move(model), probe, options, output, std::move(conversion));
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
