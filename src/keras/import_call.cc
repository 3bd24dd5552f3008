// Imports one call: of a layer, of a nested model, or of a function.
#include "keras/constant_arguments.h"
#include "keras/functions/function_import.h"
#include "keras/model_import.h"
#include "keras/recipe_import.h"

namespace wherry::keras {
namespace {

/// The results of a layer that it made itself are called like the layer.
void name_results(GraphState& graph, const Results& results, size_t first_new,
                  const std::string& path) {
  for (size_t i = 0; i < results.tensors.size(); ++i) {
    ValueId id = results.tensors[i].value;
    if (id < 0 || static_cast<size_t>(id) < first_new || graph.graph.value(id).constant) continue;
    int used = graph.names[path]++;
    graph.graph.value(id).name = used == 0 ? path : cat(path, ":", used);
  }
}

Expected<Results> import_nested(ImportState& state, GraphState& graph, const LayerRecord& record,
                                const LayerCall& call, const WeightScope& scope,
                                const std::string& path) {
  ModelResults results = TRY(ModelImport(state, graph, record, scope, path).run(call));
  return Results(std::move(results.tensors));
}

Expected<Results> import_layer(ImportState& state, GraphState& graph, const LayerRecord& record,
                               LayerCall call, const WeightScope& scope, const std::string& path) {
  const LayerDef* def = find_layer(record.class_name);
  if (!def)
    return Error{
        .code = ErrorCode::unsupported,
        .message = cat("the layer class ", quoted(record.stored_class), " is not supported")};
  LayerImport layer(state, graph, *def, record, std::move(call), scope, path);
  ENSURE(layer.input_count() > 0, "the layer is called without a tensor");
  Results results = TRY(def->import(layer));
  if (def->mask == MaskRule::passes) {
    for (KerasTensor& tensor : results.tensors) tensor.mask = layer.input_tensor().mask;
  }
  return results;
}

Expected<Results> import_any(ImportState& state, GraphState& graph, const LayerRecord& record,
                             LayerCall call, const WeightScope& scope, const std::string& path) {
  bool is_function = record.is_operation || is_function_layer(record.class_name);
  if (!is_function) {
    Emitter emitter(graph, {path, record.class_name});
    TRY(complete_arguments(emitter, call));
  }
  if (recipe_for(state, record, path)) {
    LayerImport layer(state, graph, replaced_layer, record, std::move(call), scope, path);
    return import_recipe(layer);
  }
  if (record.is_model()) return import_nested(state, graph, record, call, scope, path);
  if (is_function) return import_function(state, graph, record, call, path);
  return import_layer(state, graph, record, std::move(call), scope, path);
}

}  // namespace

Expected<Results> import_call(ImportState& state, GraphState& graph, const LayerRecord& record,
                              LayerCall call, const WeightScope& scope, const std::string& path) {
  size_t first_new = graph.graph.values.size();
  auto results = import_any(state, graph, record, std::move(call), scope, path);
  if (!results) {
    if (results.error().where.empty()) results.error().where = place_of({path, record.class_name});
    return std::move(results).error();
  }
  if (!record.is_model()) name_results(graph, *results, first_new, path);
  return results;
}

}  // namespace wherry::keras
