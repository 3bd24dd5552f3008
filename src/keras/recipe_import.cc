// Runs the steps of recipes as calls of known layers and functions.
#include "keras/recipe_import.h"

#include <algorithm>
#include <cmath>

#include "keras/activation.h"
#include "keras/functions/function_import.h"
#include "keras/reader/load_weights.h"

namespace wherry::keras {
namespace {

/// "squared_difference" -> "SquaredDifference".
std::string class_of_function(std::string_view name) {
  std::string result;
  bool starts = true;
  for (char letter : name) {
    if (letter == '_') {
      starts = true;
      continue;
    }
    bool small = letter >= 'a' && letter <= 'z';
    result.push_back(starts && small ? static_cast<char>(letter - 'a' + 'A') : letter);
    starts = false;
  }
  return result;
}

/// The record that a step would have in a file. Functions with a dot in their names are those of
/// Keras 2.
LayerRecord record_of(const RecipeStep& step, PyValue config) {
  LayerRecord record;
  record.name = step.name;
  record.class_name = record.stored_class = step.subject;
  record.config = config.is_dict() ? std::move(config) : PyValue::dict({});
  if (step.is_layer) return record;
  if (step.subject.find('.') != std::string::npos) {
    record.class_name = record.stored_class = "TFOpLambda";
    record.config = PyValue::dict({{"function", PyValue::of(step.subject)}});
    return record;
  }
  record.is_operation = true;
  record.class_name = record.stored_class = class_of_function(step.subject);
  return record;
}

/// Activation functions are functions, too, as long as they are called plainly.
bool is_activation(const RecipeStep& step) {
  bool plain = step.arguments.items().size() == 1 && step.options.entries().empty();
  return !step.is_layer && plain && check_function(record_of(step, {})).operator bool() == false &&
         check_activation(PyValue::of(step.subject), Dialect::keras3).operator bool();
}

/// Arithmetic of numbers, whose results may be options; nothing for other calls.
std::optional<PyValue> computed(const RecipeStep& step, const PyValue& arguments) {
  const std::vector<PyValue>& items = arguments.items();
  bool numbers = items.size() == 2 && items[0].is_number() && items[1].is_number();
  if (step.is_layer || !numbers || !step.options.entries().empty()) return std::nullopt;
  double a = items[0].real(), b = items[1].real(), result = 0;
  if (step.subject == "add")
    result = a + b;
  else if (step.subject == "subtract")
    result = a - b;
  else if (step.subject == "multiply")
    result = a * b;
  else if (step.subject == "divide" && b != 0)
    result = a / b;
  else if (step.subject == "floor_divide" && b != 0)
    result = std::floor(a / b);
  else
    return std::nullopt;
  return PyValue::of(result);
}

/// Replaces "$name" by options of the layer and "@name" by values.
class Substitution {
 public:
  Substitution(const PyValue& options, const std::map<std::string, PyValue>& values)
      : options_(options), values_(values) {}

  Expected<PyValue> of(const PyValue& value) const {
    if (value.is_text()) return of_text(value);
    if (value.is_list()) {
      std::vector<PyValue> items;
      for (const PyValue& item : value.items()) items.push_back(TRY(of(item)));
      return PyValue::list(std::move(items));
    }
    if (!value.is_dict()) return value;
    std::vector<PyValue::Entry> entries;
    for (const auto& [key, item] : value.entries()) entries.emplace_back(key, TRY(of(item)));
    return PyValue::dict(std::move(entries));
  }

 private:
  Expected<PyValue> of_text(const PyValue& value) const {
    std::string_view text = value.text();
    if (text.starts_with("@@") || text.starts_with("$$"))
      return PyValue::of(std::string(text.substr(1)));
    if (text.starts_with("$")) {
      const PyValue* option = options_.find(text.substr(1));
      if (option) return *option;
      return Error{.code = ErrorCode::usage,
                   .message = cat("the recipe uses the option ", wherry::quoted(text.substr(1)),
                                  ", which the layer has not"),
                   .received = options_.shown()};
    }
    if (!text.starts_with("@")) return value;
    auto found = values_.find(std::string(text.substr(1)));
    return found == values_.end() ? result_of(value) : found->second;
  }

  /// "@halves:1": the second of several results.
  Expected<PyValue> result_of(const PyValue& value) const {
    std::string_view text = value.text();
    size_t colon = text.rfind(':');
    int64_t place = -1;
    if (colon == std::string_view::npos || !parse_number(text.substr(colon + 1), place))
      return value;
    auto found = values_.find(std::string(text.substr(1, colon - 1)));
    if (found == values_.end()) return value;
    const std::vector<PyValue>& results = found->second.items();
    if (place >= 0 && place < static_cast<int64_t>(results.size()))
      return results[static_cast<size_t>(place)];
    return Error{.code = ErrorCode::usage,
                 .message = cat("the recipe uses ", wherry::quoted(text), ", but there are ",
                                std::max<size_t>(results.size(), 1), " results, counted from 0")};
  }

  const PyValue& options_;
  const std::map<std::string, PyValue>& values_;
};

/// Whether there are arguments by place that neither are tensors nor hold any.
bool has_numbers_by_place(const RecipeStep& step) {
  const auto is_plain = [](const PyValue& value) {
    const bool list = value.is_list() && !value.items().empty();
    return !list ? value.is_number() : value.items()[0].is_number();
  };
  return step.arguments.is_list() &&
         std::any_of(step.arguments.items().begin(), step.arguments.items().end(), is_plain);
}

class RecipeRun {
 public:
  RecipeRun(LayerImport& layer, const Recipe& recipe) : layer_(layer), recipe_(recipe) {}

  Expected<Results> run(const std::vector<KerasTensor>& inputs) {
    if (inputs.size() != recipe_.inputs.size())
      return layer_.unsupported(cat(recipe_.title(), " names other inputs than the layer has"),
                                cat(inputs.size(), " inputs"), "list as many names in \"inputs\"");
    for (size_t i = 0; i < inputs.size(); ++i) values_[recipe_.inputs[i]] = PyValue::of(inputs[i]);
    TRY(find_weights());
    for (const RecipeStep& step : recipe_.steps) {
      auto made = run_step(step);
      if (!made) {
        Error error = std::move(made).error();
        error.message = cat("in step ", wherry::quoted(step.name), " of ", recipe_.title(), ": ",
                            error.message);
        error.where = place_of(layer_.origin());
        if (error.advice.empty() && has_numbers_by_place(step))
          error.advice = R"(give numbers by their names: "options": {"axis": 1})";
        return error;
      }
      values_[step.name] = std::move(*made);
    }
    std::vector<KerasTensor> results;
    for (const std::string& output : recipe_.outputs) {
      const PyValue& value = values_[output];
      std::vector<PyValue> tensors = value.is_list() ? value.items() : std::vector<PyValue>{value};
      for (const PyValue& tensor : tensors) {
        ENSURE_CODE(ErrorCode::usage, tensor.is_tensor(), "the output ", wherry::quoted(output),
                    " of ", recipe_.title(), " is no tensor");
        results.push_back(tensor.tensor());
      }
    }
    return Results(std::move(results));
  }

 private:
  Status find_weights() {
    std::vector<std::string_view> own;
    for (const RecipeWeight& weight : recipe_.weights) {
      if (weight.path.empty()) own.push_back(weight.name);
    }
    std::vector<const Weight*> taken;
    if (!own.empty()) taken = TRY(layer_.scope().take(own));
    size_t next = 0;
    for (const RecipeWeight& weight : recipe_.weights) {
      const Weight* found = weight.path.empty() ? taken[next++] : TRY(weight_at(weight.path));
      weights_[weight.name] = found;
      TensorType type{DType::f32, found->shape, {}, {}};
      ValueId constant =
          layer_.raw_constant(weight.name, std::move(type), Constant::of(TRY(as_floats(*found))));
      values_[weight.name] = PyValue::of(KerasTensor{constant});
    }
    return {};
  }

  Expected<const Weight*> weight_at(const std::string& path) const {
    std::vector<const Weight*> all = layer_.scope().all();
    std::vector<std::string> paths;
    const Weight* found = nullptr;
    size_t count = 0;
    for (const Weight* weight : all) {
      paths.push_back(weight->path);
      if (weight->path != path && !weight->path.ends_with(cat("/", path))) continue;
      found = weight;
      ++count;
    }
    if (count == 1) return found;
    return layer_.unsupported(cat(recipe_.title(), " asks for the weight ", wherry::quoted(path),
                                  ", of which there are ", count),
                              paths.empty() ? "a layer without weights" : joined(paths, ", "),
                              "wherry check --recipe-template lists the weights of each layer");
  }

  /// Weights of a step under the step's name, as a layer of an .h5 file has them.
  WeightScope scope_of(const RecipeStep& step) const {
    if (step.weights.empty()) return {};
    WeightTree tree;
    tree.named = true;
    WeightGroup& group = tree.root.groups.emplace_back();
    group.key = group.name = step.name;
    for (size_t i = 0; i < step.weights.size(); ++i) {
      Weight weight = *weights_.at(step.weights[i]);
      weight.path = cat(step.name, "/", step.roles.empty() ? step.weights[i] : step.roles[i]);
      group.weights.push_back(std::move(weight));
    }
    return WeightScope(std::make_shared<const WeightTree>(std::move(tree)))
        .layer({step.name, step.subject, 0});
  }

  Expected<PyValue> run_step(const RecipeStep& step) {
    Substitution substitution(layer_.record().config, values_);
    LayerRecord record = record_of(step, TRY(substitution.of(step.config)));
    LayerCall call;
    const PyValue arguments = TRY(substitution.of(step.arguments));
    const PyValue options = TRY(substitution.of(step.options));
    if (auto number = computed(step, arguments)) return *number;
    call.positional = arguments.items();
    call.named = options.entries();
    if (is_activation(step)) {
      ENSURE(!call.inputs().empty(), "the function is called without a tensor");
      ValueId made =
          TRY(emit_activation(layer_, step.subject, layer_.dialect(), call.inputs()[0].value));
      return PyValue::of(KerasTensor{made});
    }
    std::string path = joined_path(layer_.origin().layer, step.name);
    Results results = TRY(
        import_call(layer_.state(), layer_.graph(), record, std::move(call), scope_of(step), path));
    std::vector<PyValue> tensors;
    for (KerasTensor tensor : results.tensors) tensors.push_back(PyValue::of(tensor));
    return tensors.size() == 1 ? tensors[0] : PyValue::list(std::move(tensors));
  }

  LayerImport& layer_;
  const Recipe& recipe_;
  std::map<std::string, PyValue> values_;
  std::map<std::string, const Weight*> weights_;
};

}  // namespace

const Recipe* recipe_for(const ImportState& state, const LayerRecord& record,
                         const std::string& path) {
  return state.options.recipes ? state.options.recipes->find(record, path) : nullptr;
}

const Recipe* recipe_for_activation(const ImportState& state, std::string_view name) {
  return state.options.recipes ? state.options.recipes->find_activation(name) : nullptr;
}

void survey_recipe(ImportState& state, const LayerRecord& record, const Recipe& recipe,
                   const std::string& path) {
  state.used_recipes.insert(recipe.title());
  Origin origin{path, record.class_name};
  for (const RecipeStep& step : recipe.steps) {
    std::string title = cat("step ", wherry::quoted(step.name), " of ", recipe.title());
    auto refuse = [&](std::string message, std::string advice) {
      state.refuse(origin, {.code = ErrorCode::unsupported,
                            .message = cat(title, " ", message),
                            .received = step.subject,
                            .advice = std::move(advice)});
    };
    std::map<std::string, PyValue> nothing;
    auto config = Substitution(record.config, nothing).of(step.config);
    if (!config) {
      state.refuse(origin, std::move(config).error());
      continue;
    }
    LayerRecord stand_in = record_of(step, std::move(*config));
    if (step.is_layer && !find_layer(step.subject))
      refuse("calls a layer that is not known", "docs/keras_layers.md lists the known ones");
    else if (step.is_layer)
      survey(state, stand_in, joined_path(path, step.name));
    else if (!is_activation(step) && !check_function(stand_in))
      refuse("calls a function that is not known",
             "use the functions of keras.ops by their names, such as multiply or relu");
  }
}

const LayerDef replaced_layer = {.class_names = {"recipe"}, .doc = "the steps of a recipe"};

Expected<Results> import_recipe(LayerImport& layer) {
  const Recipe* recipe = recipe_for(layer.state(), layer.record(), layer.origin().layer);
  CHECK(recipe != nullptr);
  return RecipeRun(layer, *recipe).run(layer.call().inputs());
}

namespace {

/// An open batch, then the shape in the recipe, or with one input that which the model was built
/// with.
Expected<LayerRecord> input_record(const LayerRecord& model, const Recipe& recipe, size_t i) {
  LayerRecord input;
  input.name = recipe.inputs[i];
  input.class_name = input.stored_class = "InputLayer";
  PyValue shape = i < recipe.input_shapes.size() ? recipe.input_shapes[i] : PyValue();
  const PyValue& built = model.build_config.at("input_shape");
  if (shape.is_none() && recipe.inputs.size() == 1 && built.is_list()) {
    std::vector<PyValue> extents = built.items();
    if (!extents.empty()) extents[0] = PyValue();
    shape = PyValue::list(std::move(extents));
  }
  if (!shape.is_list() || shape.items().empty())
    return Error{.code = ErrorCode::unsupported,
                 .message = cat("the file does not say what shape the model's input ",
                                wherry::quoted(input.name), " has"),
                 .where = cat("model ", wherry::quoted(model.name), " (", model.stored_class, ")"),
                 .advice = "add \"input_shapes\": [[null, ...], ...] to the recipe"};
  input.config = PyValue::dict({{"batch_shape", std::move(shape)}});
  return input;
}

}  // namespace

Expected<ModelResults> import_model_recipe(ImportState& state, GraphState& graph,
                                           const LayerRecord& model) {
  const Recipe* recipe = recipe_for(state, model, "");
  CHECK(recipe != nullptr);
  std::vector<PyValue> inputs;
  for (size_t i = 0; i < recipe->inputs.size(); ++i) {
    LayerRecord input = TRY(input_record(model, *recipe, i));
    inputs.push_back(PyValue::of(TRY(make_input(state, graph, input, input.name))));
  }
  LayerCall call{.positional = {PyValue::list(std::move(inputs))}};
  LayerImport layer(state, graph, replaced_layer, model, std::move(call), state.saved.weights, "");
  Results results = TRY(import_recipe(layer));
  return ModelResults{std::move(results.tensors), recipe->outputs};
}

Expected<ValueId> activate_by_recipe(LayerImport& layer, const Recipe& recipe, ValueId x) {
  Results results = TRY(RecipeRun(layer, recipe).run({KerasTensor{x}}));
  return results.tensors[0].value;
}

void warn_about_unused(ImportState& state) {
  if (!state.options.recipes) return;
  for (const Recipe& recipe : state.options.recipes->all()) {
    if (!state.used_recipes.count(recipe.title()))
      state.warn(cat(recipe.title(), " was not used: the model has nothing of this name"));
  }
}

}  // namespace wherry::keras
