// From a saved Keras model to a float32 graph.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/workshop.h"
#include "keras/reader/saved_model.h"

namespace wherry::keras {

/// How recurrent layers are written.
enum class RecurrentForm : uint8_t {
  automatic,  ///< one fused operator where there is one, else unrolled or as a loop
  fused,
  unrolled,
  loop,
};

class Recipes;

struct ImportOptions {
  std::optional<int64_t> batch = {};  ///< fixes an open batch; open ones stay open otherwise
  RecurrentForm recurrent = RecurrentForm::automatic;
  const Recipes* recipes = nullptr;  ///< for layers of Python code
  std::string config = {};           ///< a JSON file that describes the model, for weights alone
  /// False where the number format does not bear variables that grow with the batch.
  bool growing_variables = true;
  Workshop workshop = Workshop();  ///< for the weights
};

struct ImportedModel {
  Model model;
  std::string source;  ///< "Keras 2.15.0 model in an .h5 file, 12 weights": for people
  std::vector<std::string> warnings;
  std::vector<std::string> recurrent_forms;  ///< one line for each recurrent layer
  uint64_t weight_bytes = 0;
  uint64_t optimizer_bytes = 0;  ///< left behind
};

/// "Keras 2.15.0 Functional model in an .h5 file, 12 weights of 3.4 kB".
std::string source_text(const SavedModel& saved, const std::string& class_name);

/// Reads a saved model and builds its graph, with one signature "serving_default" that carries the
/// names of the Keras inputs and output layers. Errors: those of read_saved_model; unsupported,
/// with one entry in `details` for each layer that stands in the way; invalid_model.
Expected<ImportedModel> import_file(const std::string& path, const ImportOptions& options = {});
Expected<ImportedModel> import_model(const SavedModel& saved, const ImportOptions& options = {});

}  // namespace wherry::keras
