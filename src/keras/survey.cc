// Finds every layer that cannot be imported before any is: unknown classes, Python code, options
// without a meaning here.
#include <algorithm>

#include "keras/activation.h"
#include "keras/functions/function_import.h"
#include "keras/layer_import.h"
#include "keras/quantized_weights.h"
#include "keras/recipe_import.h"

namespace wherry::keras {
namespace {

/// Options of every layer that say nothing about inference; "dtype" is judged by itself.
constexpr std::string_view common_options[] = {
    "name",        "trainable",   "dtype",    "batch_input_shape", "batch_shape", "batch_size",
    "input_shape", "input_dtype", "autocast", "lora_rank",         "lora_alpha",  "sparse_input"};
constexpr std::string_view common_endings[] = {"_initializer", "_regularizer", "_constraint"};

bool is_common(std::string_view key) {
  if (std::find(std::begin(common_options), std::end(common_options), key) !=
      std::end(common_options))
    return true;
  return std::any_of(std::begin(common_endings), std::end(common_endings),
                     [&](std::string_view ending) { return key.ends_with(ending); });
}

bool holds_sizes(const PyValue& value) {
  if (value.is_number()) return value.has_integer();
  return value.is_list() && std::all_of(value.items().begin(), value.items().end(),
                                        [](const PyValue& item) { return item.has_integer(); });
}

/// What a value should have been, or nothing when it is right.
std::string_view expected_kind(const ConfigKey& key, const PyValue& value) {
  switch (key.type) {
    case KeyType::flag:
      return value.is_number() ? "" : "True or False";
    case KeyType::integer:
      return value.is_number() && value.has_integer() ? "" : "a whole number";
    case KeyType::real:
      return value.is_number() ? "" : "a number";
    case KeyType::text:
      return value.is_text() ? "" : "a word";
    case KeyType::sizes:
      return holds_sizes(value) ? "" : "a whole number or a list of them";
    case KeyType::layer:
      return value.is_dict() ? "" : "a layer";
    case KeyType::layers:
      return value.is_list() ? "" : "a list of layers";
    default:
      return "";
  }
}

bool is_only(const ConfigKey& key, const PyValue& value) {
  return value.is_number() && value.real() == key.number;
}

class OptionCheck {
 public:
  OptionCheck(ImportState& state, const LayerRecord& record, const std::string& path)
      : state_(state), record_(record), origin_{path, record.class_name} {}

  void run(const LayerDef& def) {
    for (const ConfigKey& key : def.config) {
      if (key.required && record_.config.at(key.name).is_none())
        refuse(ErrorCode::invalid_model, cat("the option ", quoted(key.name), " is missing"), {});
    }
    for (const auto& [name, value] : record_.config.entries()) check(def, name, value);
    check_dtype(def);
  }

 private:
  void refuse(ErrorCode code, std::string message, std::string received) {
    state_.refuse(origin_,
                  {.code = code, .message = std::move(message), .received = std::move(received)});
  }

  void check(const LayerDef& def, std::string_view name, const PyValue& value) {
    if (value.is_none()) return;
    for (const ConfigKey& key : def.config) {
      if (key.name == name) return check_declared(key, value);
    }
    if (is_common(name)) return;
    state_.refuse(origin_,
                  {.code = ErrorCode::unsupported,
                   .message = cat("the option ", quoted(name), " is not supported"),
                   .received = value.shown(),
                   .advice = "this version does not know what it changes: save the model again "
                             "without it, or say in a recipe what the layer computes"});
  }

  void check_declared(const ConfigKey& key, const PyValue& value) {
    std::string_view kind = expected_kind(key, value);
    if (!kind.empty())
      refuse(ErrorCode::invalid_model, cat("the option ", quoted(key.name), " should be ", kind),
             value.shown());
    if (key.type == KeyType::fixed && !is_only(key, value))
      refuse(ErrorCode::unsupported,
             cat("this value of the option ", quoted(key.name), " is not supported"),
             value.shown());
    if (key.type == KeyType::activation) {
      check_function_name(value);
      if (value.is_dict() && activation_name(value).empty()) check_inner(value);
    }
    if (key.type == KeyType::layer && value.is_dict()) check_inner(value);
    if (key.type == KeyType::layers) {
      for (const PyValue& item : value.items()) check_inner(item);
    }
  }

  /// The name of an activation function: known, or replaced by a recipe.
  void check_function_name(const PyValue& value) {
    std::string name(activation_name(value));
    if (const Recipe* recipe = recipe_for_activation(state_, name))
      return survey_recipe(state_, record_, *recipe, origin_.layer);
    Status known = check_activation(value, state_.dialect());
    if (known) return;
    state_.python.push_back({record_, origin_.layer, {}, name});
    state_.refuse(origin_, std::move(known).error());
  }

  void check_inner(const PyValue& value) {
    auto inner = layer_record(value, state_.dialect());
    if (!inner) return state_.refuse(origin_, std::move(inner).error());
    size_t before = state_.errors.size();
    survey(state_, *inner, joined_path(origin_.layer, inner->name));
    if (state_.errors.size() > before) state_.refused.insert(origin_.layer);
  }

  /// Layers without weights that Keras quantises compute as ever.
  void check_dtype(const LayerDef& def) {
    auto form = quantized_form(record_);
    bool parts =
        def.class_names[0] == "MultiHeadAttention" || def.class_names[0] == "GroupQueryAttention";
    if (!form && (parts || reads_quantized_weights(def)))
      return state_.refuse(origin_, std::move(form).error());
  }

  ImportState& state_;
  const LayerRecord& record_;
  Origin origin_;
};

struct Refusal {
  std::string_view class_name, reason, advice;
};
constexpr std::string_view python_advice =
    "say what it computes in a recipe (wherry check MODEL --recipe-template prints one to fill "
    "in), or express it with built-in layers, then save the model again";
constexpr std::string_view outside_advice = "do this outside the model, on what goes into it";
constexpr Refusal python_layers[] = {
    {"Lambda", "a Lambda layer holds Python code, which a .tflite file cannot store",
     python_advice},
    {"Merge", "this Merge layer joins its inputs by Python code", python_advice},
    {"TFSMLayer", "a TFSMLayer holds a TensorFlow SavedModel, not layers",
     "convert the model that the SavedModel was exported from"},
    {"JaxLayer", "a JaxLayer holds a Python function", python_advice},
    {"FlaxLayer", "a FlaxLayer holds a Python object", python_advice},
    {"TorchModuleWrapper", "a TorchModuleWrapper holds a PyTorch module", python_advice},
    {"Hashing", "its hash function is not computed by any operator", outside_advice},
    {"HashedCrossing", "its hash function is not computed by any operator", outside_advice},
    {"TextVectorization", "no operator splits texts into words", outside_advice},
    {"DenseFeatures", "its feature columns are Python objects", python_advice},
    {"Equalization", "no operator computes a histogram of each picture", outside_advice},
    {"CLAHE", "no operator computes a histogram of each tile", outside_advice},
};

/// Why a class that is no layer of ours is refused.
Error unknown_class(const LayerRecord& record) {
  for (const Refusal& refusal : python_layers) {
    if (record.class_name != refusal.class_name) continue;
    const PyValue& function = record.config.at("function").at("config");
    return {.code = ErrorCode::unsupported,
            .message = std::string(refusal.reason),
            .received = function.is_text() ? cat("the function ", function.shown()) : "",
            .advice = std::string(refusal.advice)};
  }
  if (record.is_foreign)
    return {.code = ErrorCode::unsupported,
            .message = cat("the class ", quoted(record.foreign_class),
                           " is custom Python code, of which the file holds only the name"),
            .advice = std::string(python_advice)};
  return {.code = ErrorCode::unsupported,
          .message = cat("the layer class ", quoted(record.stored_class), " is not supported"),
          .advice = std::string(python_advice)};
}

void survey_model(ImportState& state, const LayerRecord& record, const std::string& path,
                  const WeightScope& scope) {
  auto layers = layers_of(record, state.dialect());
  if (!layers) return state.refuse({path, record.class_name}, std::move(layers).error());
  std::vector<WeightScope> scopes = scopes_of(*layers, scope);
  for (size_t i = 0; i < layers->size(); ++i)
    survey(state, (*layers)[i], joined_path(path, (*layers)[i].name), scopes[i]);
}

}  // namespace

void survey(ImportState& state, const LayerRecord& record, const std::string& path,
            const WeightScope& scope) {
  Origin origin{path, record.class_name};
  if (const Recipe* recipe = recipe_for(state, record, path))
    return survey_recipe(state, record, *recipe, path);
  if (record.is_model()) return survey_model(state, record, path, scope);
  if (record.class_name == "InputLayer") return;
  if (record.is_operation || is_function_layer(record.class_name)) {
    Status known = check_function(record);
    if (known) return;
    state.python.push_back({record, path, scope});
    return state.refuse(origin, std::move(known).error());
  }
  const LayerDef* def = record.is_foreign ? nullptr : find_layer(record.class_name);
  if (!def) {
    state.python.push_back({record, path, scope});
    return state.refuse(origin, unknown_class(record));
  }
  OptionCheck(state, record, path).run(*def);
}

}  // namespace wherry::keras
