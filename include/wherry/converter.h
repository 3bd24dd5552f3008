// Converts saved Keras models, and float .tflite files, to .tflite files in a chosen number format.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "wherry/error.h"

namespace wherry {

enum class Format {
  float32,
  float16,  ///< weights as float16, computed in float32
  dynamic,  ///< weights as int8, activations float32
  int8,     ///< weights and activations as int8; needs calibration data
};

/// Element type of a converted model's inputs or outputs.
enum class EdgeType { float32, int8, uint8 };

/// How recurrent layers are written. A form that a layer cannot have is replaced by another.
enum class RecurrentForm {
  automatic,  ///< one operator where that is exact, else unrolled when steps are few, else a loop
  fused,      ///< one operator
  unroll,     ///< nodes for every step
  loop,       ///< a WHILE operator
};

struct ConvertOptions {
  Format format = Format::float16;
  std::string calibrate;  ///< data for int8: a path as in interface "DATA"
  std::string preprocess =
      "none";  ///< of calibration pictures: none, 0..1, -1..1, mean=a,b,c;std=a,b,c
  size_t calibration_samples = 100;
  EdgeType input_type = EdgeType::float32, output_type = EdgeType::float32;  ///< int8 format only
  std::string recipe;  ///< a recipe file for layers of Python code; see docs/recipes.md
  /// For an `.h5` file of weights alone: a file with what model.to_json() of their model returns.
  std::string config;
  int64_t batch = 0;  ///< fixed batch extent; 0: as in the model, open stays open
  std::vector<std::string>
      keep_float;                  ///< regular expressions; layers whose path matches stay float32
  bool per_channel_dense = false;  ///< one scale per output of dense layers; needs runtime 2.17
  std::string target_runtime;  ///< "2.5": refuse operators that need a newer release; empty: any
  int threads = 0;             ///< to calibrate and verify with; 0: one for each processor
  RecurrentForm recurrent = RecurrentForm::automatic;
  /// Re-open the file, run it, compare with the source graph; networks with much to multiply on
  /// smaller pictures first, and on pictures of their own size when these disagree.
  bool verify = true;
  /// Called with the name of each stage as it begins, and the share done of the whole (0..1).
  std::function<void(const std::string& stage, double share)> progress = {};
};

struct TensorSummary {
  std::string name, type, shape;  ///< shape with '?' for open extents
  std::string formula;            ///< "real = (stored - -128) * 0.0039"; empty for floats
};

struct ConvertReport {
  std::string output;
  Format format = Format::float32;
  std::string dialect;  ///< of the source: "Keras 2.15.0, HDF5"
  uint64_t bytes_in = 0, bytes_out = 0;
  uint64_t optimizer_bytes = 0;  ///< optimizer state in the source, left out
  std::map<std::string, int> operators;
  std::string minimum_runtime;
  std::vector<TensorSummary> inputs, outputs;
  bool verified = false;  ///< the file was run and compared with the float source graph
  double max_error = 0;   ///< largest difference between the two, over the largest output
  double seconds = 0;
  uint64_t peak_bytes = 0;  ///< of this process
  std::vector<std::string> warnings;
  std::vector<std::string> recurrent;  ///< "layer 'lstm' (LSTM): one operator", and why not
};

struct Converted {
  std::vector<std::byte> bytes;
  ConvertReport report;
};

/// Keras `.h5` / `.keras` to the bytes of a `.tflite`. Errors: cannot_read, malformed, unsupported
/// (all layers that do not convert, in `details`), usage, invalid_data (calibration),
/// verification_failed.
Expected<Converted> convert(const std::string& model, const ConvertOptions& options = {});
/// As above, to a file; nothing is left behind on failure.
Expected<ConvertReport> convert_file(const std::string& model, const std::string& output,
                                     const ConvertOptions& options = {});

/// A float `.tflite` to the same formats.
Expected<ConvertReport> quantize_file(const std::string& model, const std::string& output,
                                      const ConvertOptions& options = {});

/// One layer that does not convert.
struct LayerProblem {
  std::string where, reason, received, advice;
};
struct CheckReport {
  std::string dialect;                 ///< "Keras 2.15.0 Functional model in an .h5 file, ..."
  size_t layers = 0;                   ///< those of nested models included, inputs not
  std::map<std::string, int> classes;  ///< layers by class
  std::vector<LayerProblem> problems;  ///< all of them; empty when the model converts
  // When it does:
  std::map<std::string, int> operators;  ///< after simplification
  std::string minimum_runtime;
  std::vector<TensorSummary> inputs, outputs;
  std::vector<std::string> warnings;
};
struct CheckOptions {
  std::string recipe, config;  ///< as in ConvertOptions
};
/// Says what of a Keras file does not convert. Errors only when the file cannot be read at all.
Expected<CheckReport> check_keras(const std::string& model, const CheckOptions& options = {});
/// A recipe file to fill in, with one recipe for each layer, activation function and model class of
/// a Keras file that is Python code.
Expected<std::string> recipe_template(const std::string& model, const std::string& config = {});

}  // namespace wherry
