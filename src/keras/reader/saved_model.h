// A saved Keras model as it lies in its file: configuration and weights, not yet interpreted.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/mapped_file.h"
#include "keras/reader/package.h"
#include "keras/reader/weights.h"

namespace wherry::keras {

enum class Container { h5, archive, folder };  ///< .h5; .keras; an unpacked .keras
enum class Dialect { keras1 = 1, keras2 = 2, keras3 = 3 };

struct SavedModel {
  Container container = Container::h5;
  Dialect dialect = Dialect::keras3;
  std::string keras_version;                     ///< "2.15.0"; empty when the file does not say
  std::string backend;                           ///< "tensorflow"; often empty
  std::shared_ptr<const nlohmann::json> config;  ///< {"class_name": ..., "config": {...}}
  WeightScope weights;
  int weight_count = 0;
  uint64_t weight_bytes = 0;
  uint64_t optimizer_bytes = 0;  ///< state of the optimizer, which is left behind
  Package package;               ///< .keras only: vocabularies are files in it

  /// A file that a layer saved beside its weights, such as "vocabulary.txt"; `scope` is the
  /// layer's. Empty bytes when there is none.
  Expected<SharedBytes> asset(const WeightScope& scope, std::string_view name) const;
};

/// Reads a .h5 or .keras file, or the folder of an unpacked .keras file; the content decides, not
/// the name. Or an .h5 file of weights alone, with the path of the JSON text that describes their
/// model. Errors: cannot_read, malformed, too_large, unsupported, usage (no Keras model).
Expected<SavedModel> read_saved_model(const std::string& path, const std::string& config = {});
/// The same from bytes in memory.
Expected<SavedModel> read_saved_model(SharedBytes file);

}  // namespace wherry::keras
