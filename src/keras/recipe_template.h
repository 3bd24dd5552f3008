// Recipe files to fill in: one recipe for each piece of Python code that a model needs.
#pragma once

#include <string>

#include "keras/import.h"

namespace wherry::keras {

/// The text of a recipe file with every layer, activation and model class of `saved` that only a
/// recipe can replace, with its inputs, options and weights. Errors: as import_model, but for
/// what recipes are for.
Expected<std::string> recipe_template(const SavedModel& saved);

}  // namespace wherry::keras
