// What `wherry check` says about a saved Keras model: everything at once, convertible or not.
#pragma once

#include <map>

#include "keras/import.h"

namespace wherry::keras {

struct Examination {
  std::string source;                     ///< as ImportedModel::source
  std::map<std::string, int> classes;     ///< layers by class, those of nested models included
  std::vector<Error> problems;            ///< one for each reason; empty when the model converts
  std::optional<ImportedModel> imported;  ///< when there are no problems
};

/// Errors: those of read_saved_model, and malformed.
Expected<Examination> examine_file(const std::string& path, const ImportOptions& options = {});
Expected<Examination> examine(const SavedModel& saved, const ImportOptions& options = {});

}  // namespace wherry::keras
