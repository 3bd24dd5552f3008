// Imports a saved model: looks for everything that cannot be, then builds the graph.
#include "keras/import.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ir/open_extents.h"
#include "keras/recipe_import.h"

namespace wherry::keras {
namespace {

Error no_graph(const LayerRecord& model) {
  return {.code = ErrorCode::unsupported,
          .message = cat("a subclassed model is Python code: the file names the class ",
                         wherry::quoted(model.stored_class),
                         ", but not its layers and how they are joined"),
          .where = cat("model ", wherry::quoted(model.name), " (", model.stored_class, ")"),
          .advice =
              "say what it computes in a recipe (wherry check MODEL --recipe-template), or "
              "build it as a Functional or Sequential model, load its weights, and save it "
              "again"};
}

/// One error out of those of all layers.
Error joined_errors(std::vector<Error> errors) {
  if (errors.size() == 1) return std::move(errors[0]);
  bool unsupported = std::any_of(errors.begin(), errors.end(), [](const Error& error) {
    return error.code == ErrorCode::unsupported;
  });
  Error all{.code = unsupported ? ErrorCode::unsupported : errors[0].code,
            .message = cat(errors.size(), " reasons why this model cannot be converted")};
  all.details = std::move(errors);
  return all;
}

/// The signature's names are different from each other: "y" and "y_1".
std::string unused_name(const std::string& name, std::set<std::string>& used) {
  std::string candidate = name;
  for (int i = 1; !used.insert(candidate).second; ++i) candidate = cat(name, "_", i);
  return candidate;
}

void add_signature(ImportState& state, const ModelResults& results, Model& model) {
  Graph& graph = state.graphs[0].graph;
  Signature signature;
  std::set<std::string> used;
  for (ValueId input : graph.inputs) signature.inputs.push_back({graph.value(input).name, input});
  for (size_t i = 0; i < results.tensors.size(); ++i) {
    ValueId value = results.tensors[i].value;
    graph.outputs.push_back(value);
    signature.outputs.push_back({unused_name(results.names[i], used), value});
  }
  model.signatures.push_back(std::move(signature));
}

}  // namespace

std::string source_text(const SavedModel& saved, const std::string& class_name) {
  std::string_view container = saved.container == Container::h5 ? "an .h5 file" : "a .keras file";
  std::string version = saved.keras_version;
  if (version.empty()) version = cat(static_cast<int>(saved.dialect));
  return cat("Keras ", version, " ", class_name, " model in ", container, ", ", saved.weight_count,
             " weights of ", human_bytes(saved.weight_bytes));
}

namespace {

void warn_about_class(ImportState& state, const LayerRecord& model) {
  bool plain = model.class_name == "Functional" || model.class_name == "Model" ||
               model.class_name == "Sequential";
  if (plain && !model.is_foreign) return;
  state.warn(cat("the model is of the class ", wherry::quoted(model.stored_class),
                 "; if that class changes how layers are called, the result differs from it"));
}

/// One pass over the saved model, with these numbers in place of the extents it leaves open.
class Import {
 public:
  Import(const SavedModel& saved, const ImportOptions& options, UnknownExtents unknown)
      : saved_(saved), unknown_(unknown), state_{.saved = saved, .options = options} {}

  Expected<ImportedModel> run(const LayerRecord& record) {
    const Recipe* whole = recipe_for(state_, record, "");
    if (!record.is_model() && !whole) return no_graph(record);
    survey(state_, record, "", saved_.weights);
    GraphState& graph = state_.graphs.emplace_back(unknown_);
    graph.graph.name = "main";
    auto results = whole ? import_model_recipe(state_, graph, record)
                         : ModelImport(state_, graph, record, saved_.weights, "").run_outermost();
    if (!results && state_.errors.empty()) return std::move(results).error();
    if (!state_.errors.empty()) return joined_errors(std::move(state_.errors));
    if (!whole) warn_about_class(state_, record);
    warn_about_unused(state_);
    return finished(*results, record);
  }

  bool has_open_extents() const {
    return !state_.graphs.empty() && has_open_inputs(state_.graphs[0].graph);
  }

 private:
  ImportedModel finished(const ModelResults& results, const LayerRecord& record) {
    ImportedModel imported;
    add_signature(state_, results, imported.model);
    for (GraphState& made : state_.graphs) imported.model.graphs.push_back(std::move(made.graph));
    imported.source = source_text(saved_, record.class_name);
    imported.warnings = std::move(state_.warnings);
    imported.recurrent_forms = std::move(state_.forms);
    imported.weight_bytes = saved_.weight_bytes;
    imported.optimizer_bytes = saved_.optimizer_bytes;
    return imported;
  }

  const SavedModel& saved_;
  UnknownExtents unknown_;
  ImportState state_;
};

/// For networks that the usual numbers are too small for: as divisible, and as large as the
/// pictures of the largest usual networks.
constexpr UnknownExtents large_extents{.other = {320, 480}};

}  // namespace

Expected<ImportedModel> import_model(const SavedModel& saved, const ImportOptions& options) {
  LayerRecord record = TRY(layer_record(from_json(*saved.config), saved.dialect));
  Import usual(saved, options, {});
  auto imported = usual.run(record);
  bool may_be_size = !imported && imported.error().code == ErrorCode::invalid_model;
  if (!may_be_size || !usual.has_open_extents()) return imported;
  auto large = Import(saved, options, large_extents).run(record);
  return large ? std::move(large) : std::move(imported);
}

Expected<ImportedModel> import_file(const std::string& path, const ImportOptions& options) {
  SavedModel saved = TRY(read_saved_model(path, options.config));
  return import_model(saved, options).context(cat("in model ", wherry::quoted(path)));
}

}  // namespace wherry::keras
