// wherry convert and wherry quantize: to .tflite in a chosen number format.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
#include <chrono>
#include <memory>

#include "command.h"
#include "output_file.h"
#include "peak_memory.h"
#include "wherry/converter.h"

namespace wherry::cli {
namespace {

const std::map<std::string, Format> formats = {{"float32", Format::float32},
                                               {"float16", Format::float16},
                                               {"dynamic", Format::dynamic},
                                               {"int8", Format::int8}};
const std::map<std::string, RecurrentForm> recurrent_forms = {{"fused", RecurrentForm::fused},
                                                              {"unroll", RecurrentForm::unroll},
                                                              {"while", RecurrentForm::loop}};
const std::map<std::string, EdgeType> edge_types = {
    {"float32", EdgeType::float32}, {"int8", EdgeType::int8}, {"uint8", EdgeType::uint8}};

struct Settings {
  std::string model, output, recurrent;
  std::string format = "float16", input_type = "float32", output_type = "float32",
              batch = "dynamic";
  bool no_verify = false;
  ConvertOptions options;
  const CLI::Option* threads = nullptr;
  bool all_processors() const { return threads->count() == 0; }
};

std::vector<std::string> keys(const auto& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

void add_options(CLI::App& app, Settings& settings) {
  settings.threads = app.get_option("--threads")->default_str("one for each processor");
  app.add_option("-o,--output", settings.output, "the .tflite file to write; -: standard output")
      ->required()
      ->type_name("FILE");
  app.add_option("--format", settings.format, "number format")
      ->check(CLI::IsMember(keys(formats)))
      ->capture_default_str();
  auto* calibrate =
      app.add_option("--calibrate", settings.options.calibrate,
                     "typical inputs for int8: .npy, .npz, a folder of pictures, IDX, a list")
          ->type_name("DATA");
  app.add_option("--calibration-samples", settings.options.calibration_samples,
                 "how many of them to use")
      ->check(CLI::Range(1, 1000000))
      ->needs(calibrate)
      ->capture_default_str();
  app.add_option("--preprocess", settings.options.preprocess,
                 "pixels: none, 0..1, -1..1, mean=a,b,c;std=a,b,c")
      ->type_name("SPEC")
      ->needs(calibrate)
      ->capture_default_str();
  app.add_option("--input-type", settings.input_type, "element type of the inputs (int8 only)")
      ->check(CLI::IsMember(keys(edge_types)))
      ->capture_default_str();
  app.add_option("--output-type", settings.output_type, "element type of the outputs (int8 only)")
      ->check(CLI::IsMember(keys(edge_types)))
      ->capture_default_str();
  app.add_option("--keep-float", settings.options.keep_float,
                 "layers whose path matches stay float32 (repeatable)")
      ->allow_extra_args(false)
      ->type_name("REGEX");
  app.add_flag("--per-channel-dense", settings.options.per_channel_dense,
               "one scale per output of dense layers; needs runtime 2.17");
  app.add_option("--target-runtime", settings.options.target_runtime,
                 "refuse what this release of TensorFlow Lite does not run: 2.5")
      ->type_name("X.Y");
  app.add_flag("--no-verify", settings.no_verify,
               "do not run the result and compare it with its source");
}

const char* format_name(Format format) {
  for (const auto& [name, value] : formats) {
    if (value == format) return name.c_str();
  }
  return "";
}

/// Makes freed weights go back to the system at once: left alone, the allocator of glibc keeps ever
/// larger blocks for reuse.
void return_large_blocks() {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
#endif
}

/// The same for what a stage leaves in small blocks, such as the parsed configuration of the model.
void return_freed_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

nlohmann::json json_of(const std::vector<TensorSummary>& tensors) {
  nlohmann::json list = nlohmann::json::array();
  for (const TensorSummary& tensor : tensors) {
    list.push_back({{"name", tensor.name},
                    {"type", tensor.type},
                    {"shape", tensor.shape},
                    {"formula", tensor.formula}});
  }
  return list;
}

nlohmann::json json_of(const ConvertReport& report) {
  return {{"schema", "wherry.convert/1"},
          {"output", report.output},
          {"format", format_name(report.format)},
          {"dialect", report.dialect},
          {"bytes_in", report.bytes_in},
          {"bytes_out", report.bytes_out},
          {"optimizer_bytes", report.optimizer_bytes},
          {"operators", report.operators},
          {"minimum_runtime", report.minimum_runtime},
          {"inputs", json_of(report.inputs)},
          {"outputs", json_of(report.outputs)},
          {"max_error", report.verified ? nlohmann::json(report.max_error) : nlohmann::json()},
          {"seconds", report.seconds},
          {"peak_bytes", report.peak_bytes},
          {"recurrent", report.recurrent},
          {"warnings", report.warnings}};
}

std::string tensor_lines(const char* title, const std::vector<TensorSummary>& tensors) {
  std::string text;
  for (const TensorSummary& tensor : tensors) {
    text += std::string(title) + tensor.name + "  " + tensor.type + tensor.shape +
            (tensor.formula.empty() ? "" : "  " + tensor.formula) + "\n";
  }
  return text;
}

std::string summary(const ConvertReport& report) {
  std::string operators;
  int total = 0;
  for (const auto& [name, count] : report.operators) {
    total += count;
    operators += (operators.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  }
  double share = report.bytes_in ? 100.0 * static_cast<double>(report.bytes_out) /
                                       static_cast<double>(report.bytes_in)
                                 : 0;
  char error[64];
  std::snprintf(error, sizeof error, "at most %.2g %% of the largest output",
                100 * report.max_error);
  std::string text = report.output + "  (" + format_name(report.format) + ")\n";
  text += "  bytes      " + bytes_text(report.bytes_in) + " -> " + bytes_text(report.bytes_out) +
          " (" + fixed(share, 1) + " %)\n";
  if (report.optimizer_bytes)
    text += "             " + bytes_text(report.optimizer_bytes) + " of optimizer state left out\n";
  text += "  operators  " + std::to_string(total) + ": " + operators + "\n";
  for (const std::string& layer : report.recurrent) text += "  recurrent  " + layer + "\n";
  text += "  runtime    TensorFlow Lite " + report.minimum_runtime + " or newer\n";
  text +=
      tensor_lines("  input      ", report.inputs) + tensor_lines("  output     ", report.outputs);
  text += std::string("  error      ") + (report.verified ? error : "not compared") + "\n";
  text += "  time       " + fixed(report.seconds, 2) + " s, peak memory " +
          bytes_text(report.peak_bytes) + "\n";
  return text + "next: wherry run " + shell_word(report.output) + " --input FILE\n";
}

using Convert = Expected<ConvertReport> (*)(const std::string&, const std::string&,
                                            const ConvertOptions&);

Outcome convert_with(Convert convert, Settings& settings, const Common& common, Console& console) {
  ConvertOptions& options = settings.options;
  options.threads = settings.all_processors() ? 0 : common.threads;
  options.format = formats.at(settings.format);
  options.input_type = edge_types.at(settings.input_type);
  options.output_type = edge_types.at(settings.output_type);
  if (!settings.recurrent.empty()) options.recurrent = recurrent_forms.at(settings.recurrent);
  options.verify = !settings.no_verify;
  options.progress = [&](const std::string& stage, double share) {
    return_freed_memory();
    console.progress(stage, share);
  };
  settings.output = TRY(
      output_file(settings.output, {options.calibrate, options.config, options.recipe}, console));
  return_large_blocks();
  auto start = std::chrono::steady_clock::now();
  ConvertReport report = TRY(convert(settings.model, settings.output, options));
  console.end_progress();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.peak_bytes = peak_bytes();
  for (const std::string& warning : report.warnings) console.warn(warning);
  if (console.verbose()) console.note("source: " + report.dialect);
  if (is_standard_output(settings.output)) return 0;
  console.print(summary(report));
  console.print(json_of(report));
  return 0;
}

std::function<Outcome()> setup_convert(CLI::App& app, const Common& common, Console& console) {
  auto settings = std::make_shared<Settings>();
  app.add_option("model", settings->model, "a saved Keras model: .h5 or .keras")
      ->required()
      ->type_name("MODEL");
  add_options(app, *settings);
  app.add_option("--rnn", settings->recurrent,
                 "recurrent layers: one operator, a node for every step, or a loop (the best of "
                 "them when not given)")
      ->check(CLI::IsMember(keys(recurrent_forms)));
  app.add_option("--config", settings->options.config,
                 "what model.to_json() returns, where MODEL holds weights alone")
      ->type_name("FILE.json");
  app.add_option("--recipe", settings->options.recipe,
                 "what layers of Python code compute: see docs/recipes.md")
      ->type_name("FILE.json");
  app.add_option("--batch", settings->batch, "dynamic (open, as in the model) or a number")
      ->capture_default_str();
  return [settings, &common, &console]() -> Outcome {
    if (settings->batch != "dynamic") {
      char* end = nullptr;
      settings->options.batch = std::strtoll(settings->batch.c_str(), &end, 10);
      bool valid =
          *end == '\0' && settings->options.batch > 0 && settings->options.batch < (1 << 20);
      if (!valid)
        return Error{.code = ErrorCode::usage,
                     .message = "--batch takes 'dynamic' or a number from 1",
                     .received = settings->batch};
    }
    return convert_with(&convert_file, *settings, common, console);
  };
}

std::function<Outcome()> setup_quantize(CLI::App& app, const Common& common, Console& console) {
  auto settings = std::make_shared<Settings>();
  app.add_option("model", settings->model, "a float .tflite file")
      ->required()
      ->type_name("IN.tflite");
  add_options(app, *settings);
  return [settings, &common, &console] {
    return convert_with(&quantize_file, *settings, common, console);
  };
}

}  // namespace

const Command convert_command = {"convert", "a saved Keras model (.h5, .keras) to .tflite",
                                 "  wherry convert digits.keras -o digits.tflite\n"
                                 "  wherry convert digits.h5 -o digits.tflite --format float32\n"
                                 "  wherry convert digits.h5 -o digits.tflite --format int8 "
                                 "--calibrate pictures/ --preprocess 0..1\n",
                                 setup_convert};

const Command quantize_command = {"quantize", "a float .tflite to another number format",
                                  "  wherry quantize net.tflite -o net16.tflite\n"
                                  "  wherry quantize net.tflite -o small.tflite --format dynamic\n"
                                  "  wherry quantize net.tflite -o net8.tflite --format int8 "
                                  "--calibrate samples.npz --input-type uint8\n",
                                  setup_quantize};

}  // namespace wherry::cli
