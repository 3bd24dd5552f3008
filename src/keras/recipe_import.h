// Carries recipes out: the steps of a recipe in place of a layer that only Python could run.
#pragma once

#include "keras/model_import.h"
#include "keras/recipe.h"

namespace wherry::keras {

/// The recipe that replaces this layer; null when there is none.
const Recipe* recipe_for(const ImportState& state, const LayerRecord& record,
                         const std::string& path);
/// The recipe for an activation function that is not known; null when there is none.
const Recipe* recipe_for_activation(const ImportState& state, std::string_view name);

/// Looks at a recipe before anything is imported: unknown layers, functions and options go to
/// state.errors, as those of `record`.
void survey_recipe(ImportState& state, const LayerRecord& record, const Recipe& recipe,
                   const std::string& path);

/// Stands for the definition of a layer that a recipe replaces.
extern const LayerDef replaced_layer;
/// The steps of the recipe for this layer, of which there is one.
Expected<Results> import_recipe(LayerImport& layer);
/// The same for an activation function of `layer`.
Expected<ValueId> activate_by_recipe(LayerImport& layer, const Recipe& recipe, ValueId x);

/// A recipe for the whole model, whose class is Python code: makes inputs of the graph, too.
Expected<ModelResults> import_model_recipe(ImportState& state, GraphState& graph,
                                           const LayerRecord& model);

/// Warns of recipes that nothing in the model called for.
void warn_about_unused(ImportState& state);

}  // namespace wherry::keras
