// Looks at a saved model as a whole, and imports it as far as that goes.
#include "keras/examine.h"

#include <nlohmann/json.hpp>

#include "keras/layer_record.h"

namespace wherry::keras {
namespace {

constexpr int most_nested = 64;

void count_layers(const LayerRecord& model, Dialect dialect, int depth,
                  std::map<std::string, int>& classes) {
  auto layers = layers_of(model, dialect);
  if (!layers || depth > most_nested) return;
  for (const LayerRecord& layer : *layers) {
    if (layer.is_model())
      count_layers(layer, dialect, depth + 1, classes);
    else if (!layer.is_input())
      ++classes[layer.class_name];
  }
}

}  // namespace

Expected<Examination> examine(const SavedModel& saved, const ImportOptions& options) {
  Examination found;
  LayerRecord record = TRY(layer_record(from_json(*saved.config), saved.dialect));
  found.source = source_text(saved, record.class_name);
  if (record.is_model()) count_layers(record, saved.dialect, 0, found.classes);
  auto imported = import_model(saved, options);
  if (imported) {
    found.imported = std::move(*imported);
    return found;
  }
  Error& error = imported.error();
  found.problems = std::move(error.details);
  if (found.problems.empty()) found.problems.push_back(std::move(error));
  return found;
}

Expected<Examination> examine_file(const std::string& path, const ImportOptions& options) {
  return examine(TRY(read_saved_model(path, options.config)), options);
}

}  // namespace wherry::keras
