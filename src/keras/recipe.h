// Recipes: what a class of somebody's Python code computes, said with layers and functions that are
// known here. Read from a file that nobody vouches for.
#pragma once

#include <map>
#include <set>

#include "keras/layer_record.h"

namespace wherry::keras {

/// One call of a layer or function. In arguments and options "@name" stands for an input, weight
/// or earlier step, "$name" for an option of the layer that is replaced; "@@" and "$$" for one
/// sign.
struct RecipeStep {
  std::string name;
  bool is_layer = false;             ///< else a function
  std::string subject;               ///< "Dense"; "multiply"
  PyValue config;                    ///< of a layer: its options, a dict
  PyValue arguments;                 ///< a list
  PyValue options;                   ///< further arguments by name, a dict
  std::vector<std::string> weights;  ///< of a layer: names of the recipe's weights
  std::vector<std::string> roles;    ///< what the layer calls each of them, where that is said
};

/// A weight of the replaced layer: its name in the recipe, and how its path in the file ends; no
/// path: the next one of those the layer made by itself.
struct RecipeWeight {
  std::string name, path;
};

struct Recipe {
  enum class Target : uint8_t { of_class, of_layer, of_activation };
  Target target = Target::of_class;
  std::string subject;  ///< class, path of a layer, or name of an activation function
  std::vector<std::string> inputs = {"x"};
  std::vector<PyValue> input_shapes;  ///< for whole models: [None, 28, 28, 1]
  std::vector<RecipeWeight> weights;
  std::vector<RecipeStep> steps;
  std::vector<std::string> outputs;  ///< names of steps, "@" left out

  /// "the recipe for class 'Gain'".
  std::string title() const;
};

class Recipes {
 public:
  /// Reads {"schema": "wherry.recipe/1", "recipes": [...]}. Errors: malformed, usage (unknown keys,
  /// names that nothing stands for).
  static Expected<Recipes> parse(std::string_view text);
  static Expected<Recipes> read(const std::string& path);

  /// The recipe for this layer by its path, else by its class; null when there is none. Only a path
  /// replaces a layer that is known.
  const Recipe* find(const LayerRecord& record, const std::string& path) const;
  const Recipe* find_activation(std::string_view name) const;
  const std::vector<Recipe>& all() const { return recipes_; }

 private:
  std::vector<Recipe> recipes_;
};

}  // namespace wherry::keras
