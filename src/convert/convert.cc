// Strings import, passes, quantisation, writing and verification together.
#include "convert/convert.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "convert/answers.h"
#include "convert/equal_constants.h"
#include "convert/limits.h"
#include "convert/verify.h"
#include "data/batches.h"
#include "keras/examine.h"
#include "keras/recipe.h"
#include "keras/recipe_template.h"
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

keras::ImportOptions import_options(const ConvertOptions& options, const keras::Recipes& recipes) {
  keras::ImportOptions result{.recipes = &recipes, .config = options.config};
  if (options.batch > 0) result.batch = options.batch;
  result.recurrent = form_of(options.recurrent);
  result.growing_variables = options.format == Format::float32 || options.format == Format::dynamic;
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

/// No path: no recipes.
Expected<keras::Recipes> read_recipes(const std::string& path) {
  return path.empty() ? keras::Recipes() : keras::Recipes::read(path);
}

/// "2.5" or "2.16.1".
bool is_release(const std::string& text) {
  static const std::regex form("[0-9]+\\.[0-9]+(\\.[0-9]+)?");
  return std::regex_match(text, form);
}

Status check_weight_options(const ConvertOptions& options) {
  if (options.format == Format::float32 && !options.keep_float.empty()) {
    return Error{.code = ErrorCode::usage,
                 .message = "every layer stays float32 in the format float32",
                 .received = cat("layers to keep: ", options.keep_float),
                 .advice = "leave --keep-float out, or choose another --format"};
  }
  bool integers = options.format == Format::int8 || options.format == Format::dynamic;
  if (options.per_channel_dense && !integers) {
    return Error{.code = ErrorCode::usage,
                 .message = "scales for the outputs of dense layers are for int8 and dynamic",
                 .advice = "leave --per-channel-dense out, or choose another --format"};
  }
  return {};
}

Status check_options(const ConvertOptions& options) {
  if (!options.target_runtime.empty() && !is_release(options.target_runtime))
    return Error{.code = ErrorCode::usage,
                 .message = "--target-runtime takes a release such as 2.5",
                 .received = options.target_runtime};
  TRY(check_weight_options(options));
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

Expected<quantize::Calibration> calibration(const Model& model, const ConvertOptions& options) {
  Preprocess preprocess = TRY(parse_preprocess(options.preprocess));
  Dataset data = TRY(Dataset::open(options.calibrate, preprocess));
  const Batches runs = Batches::spread(data, input_specs(model), options.calibration_samples);
  return quantize::calibrate(model, runs.size(), threads_of(options), [&](size_t i) {
    if (i % 8 == 0)
      tell(options, cat("calibrate ", i + 1, " of ", runs.size()),
           0.2 + 0.5 * static_cast<double>(i) / static_cast<double>(runs.size()));
    return runs.run(i);
  });
}

/// What accompanies a model through the conversion.
struct Job {
  const ConvertOptions& options;
  const std::string& output;
  Workshop workshop = Workshop(threads_of(options));
  Answers answers = {};
  Conversion result = {};
};

Job job_for(const std::string& path, const std::string& output, const ConvertOptions& options) {
  Job job{.options = options, .output = output};
  job.result.report.bytes_in = file_bytes(path);
  return job;
}

Status apply_format(Model& model, Job& job) {
  const ConvertOptions& options = job.options;
  quantize::Warnings& warnings = job.result.report.warnings;
  quantize::Options settings{.keep_float = TRY(keep_float(model, options)),
                             .per_channel_dense = options.per_channel_dense,
                             .input_type = dtype_of_edge(options.input_type),
                             .output_type = dtype_of_edge(options.output_type),
                             .workshop = job.workshop};
  switch (options.format) {
    case Format::float32:
      return {};
    case Format::float16:
      return quantize::to_float16(model, settings, warnings);
    case Format::dynamic:
      return quantize::to_dynamic_range(model, settings, warnings);
    case Format::int8: {
      quantize::multiply_dense(model.main(), quantize::equalise_dense(model.main(), settings),
                               job.workshop);
      quantize::Calibration observed = TRY(calibration(model, options));
      tell(options, "quantise", 0.7);
      return quantize::to_int8(model, observed, settings, warnings);
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

/// Equal constants become one, and the float forms of what was quantised go.
void drop_needless_values(Model& model) {
  for (size_t i = 0; i < model.graphs.size(); ++i) {
    merge_equal_constants(model.graphs[i]);
    GraphEditor(model, i).finish();
  }
}

/// Where a file does not say which layer made a node, its result names it.
void name_layers(Model& model) {
  for (Graph& graph : model.graphs) {
    for (Node& node : graph.nodes) {
      bool named =
          !node.origin.layer.empty() || node.outputs.empty() || node.outputs[0] == no_value;
      if (!named) node.origin.layer = graph.value(node.outputs[0]).name;
    }
  }
}

/// Formats are made from float32.
Status check_float(const Model& model) {
  for (const Node& node : model.main().nodes) {
    for (ValueId id : node.outputs) {
      if (id == no_value || !model.main().value(id).type.quantized()) continue;
      return Error{.code = ErrorCode::invalid_model,
                   .message = "the model is already quantised",
                   .where = cat("tensor ", wherry::quoted(model.main().value(id).name)),
                   .received = text_of(model.main().value(id).type),
                   .advice = "start from its float32 or float16 form"};
    }
  }
  return {};
}

/// With the weights as they are before they are folded and rounded.
void ask(const Model& source, Job& job, Answers::Read read) {
  if (!job.options.verify) return;
  tell(job.options, "run the source", 0.1);
  job.answers = Answers::of(source, job.options, std::move(read));
}

Status verify(Job& job, const SharedBytes& file) {
  if (!job.options.verify) return {};
  ConvertReport& report = job.result.report;
  tell(job.options, "verify", 0.9);
  Comparison comparison = TRY(job.answers.compare(file, job.options));
  if (comparison.compared) report.max_error = comparison.max_error;
  report.verified = comparison.warnings.empty();
  std::move(comparison.warnings.begin(), comparison.warnings.end(),
            std::back_inserter(report.warnings));
  return {};
}

/// The model and the memory in which its constants were made are given up before the file is read
/// again.
Status deliver(Model model, Job& job) {
  tell(job.options, "write", 0.8);
  tflite::WrittenModel written = TRY(tflite::write(model));
  model = {};
  job.result.report.bytes_out = written.size();
  job.result.report.output = job.output;
  if (job.output.empty()) {
    job.result.bytes = written.bytes(threads_of(job.options));
    written = {};
    return verify(job, SharedBytes{nullptr, job.result.bytes});
  }
  FileWriter file = TRY(FileWriter::create(job.output));
  if (file.temporary_path().empty()) {  // what a device was given cannot be read again
    std::vector<std::byte> bytes = written.bytes(threads_of(job.options));
    written = {};
    TRY(verify(job, SharedBytes{nullptr, bytes}));
    TRY(file.write(bytes));
    return file.commit();
  }
  TRY(written.write_to(file, threads_of(job.options)));
  written = {}, job.workshop = Workshop();
  if (job.options.verify) TRY(verify(job, TRY(map_file(file.temporary_path()))));
  return file.commit();
}

/// A dense layer without a bias needs a later release than one with a bias of zeros.
bool slims(const ConvertOptions& options) {
  return options.format != Format::int8 && options.target_runtime.empty();
}

/// Format, metadata, writing, verification: what both entry points share. `model` is the
/// simplified float model.
Expected<Conversion> finish(Model model, Job job) {
  ConvertReport& report = job.result.report;
  if (slims(job.options)) TRY(run_passes(model, slimming_pipeline(), {.workshop = job.workshop}));
  TRY(apply_format(model, job));
  drop_needless_values(model);
  TRY(check_target(model, job.options));
  std::string release = tflite::minimum_runtime(model);
  tflite::set_conversion_metadata(model, release, optimizations(job.options.format));
  report.format = job.options.format;
  report.minimum_runtime = release;
  summarise(model, report);
  TRY(deliver(std::move(model), job));
  return std::move(job.result);
}

}  // namespace

Expected<Conversion> convert_keras(const std::string& path, const std::string& output,
                                   const ConvertOptions& options) {
  TRY(check_options(options));
  tell(options, "read", 0.0);
  keras::Recipes recipes = TRY(read_recipes(options.recipe));
  keras::ImportOptions settings = import_options(options, recipes);
  Job job = job_for(path, output, options);
  settings.workshop = job.workshop;
  keras::ImportedModel imported = TRY(keras::import_file(path, settings));
  ask(imported.model, job, [&]() -> Expected<Model> {
    return std::move(TRY(keras::import_file(path, settings)).model);
  });
  tell(options, "simplify", 0.2);
  TRY(run_passes(imported.model, float_pipeline(), {.workshop = job.workshop}));
  ConvertReport& report = job.result.report;
  report.dialect = imported.source;
  report.optimizer_bytes = imported.optimizer_bytes;
  report.warnings = std::move(imported.warnings);
  report.recurrent = std::move(imported.recurrent_forms);
  return finish(std::move(imported.model), std::move(job));
}

Expected<Conversion> quantize_tflite(const std::string& path, const std::string& output,
                                     const ConvertOptions& options) {
  TRY(check_options(options));
  tell(options, "read", 0.0);
  Job job = job_for(path, output, options);
  auto read = [&]() -> Expected<Model> {
    Model model = TRY(tflite::read_file(path));
    name_layers(model);
    TRY(check_float(model));
    TRY(run_passes(model, widening_pipeline(), {.workshop = job.workshop}));
    return model;
  };
  Model model = TRY(read());
  ask(model, job, read);
  job.result.report.dialect = "TensorFlow Lite";
  return finish(std::move(model), std::move(job));
}

Expected<CheckReport> check_keras_file(const std::string& path, const CheckOptions& options) {
  keras::Recipes recipes = TRY(read_recipes(options.recipe));
  keras::Examination found =
      TRY(keras::examine_file(path, {.recipes = &recipes, .config = options.config}));
  CheckReport report;
  report.dialect = found.source;
  report.classes = found.classes;
  for (const auto& [name, count] : found.classes) report.layers += static_cast<size_t>(count);
  for (Error& problem : found.problems)
    report.problems.push_back({problem.where, problem.message, problem.received, problem.advice});
  if (!found.imported) return report;
  report.warnings = std::move(found.imported->warnings);
  TRY(run_passes(found.imported->model, float_pipeline()));
  ConvertReport summary;
  summarise(found.imported->model, summary);
  report.operators = summary.operators;
  report.inputs = summary.inputs;
  report.outputs = summary.outputs;
  report.minimum_runtime = tflite::minimum_runtime(found.imported->model);
  return report;
}

Expected<std::string> recipe_template_of(const std::string& path, const std::string& config) {
  return keras::recipe_template(TRY(keras::read_saved_model(path, config)));
}

}  // namespace wherry
