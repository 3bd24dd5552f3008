// Writes recipe files to fill in.
#include "keras/recipe_template.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "keras/functions/function_import.h"
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

using Json = nlohmann::ordered_json;

/// "gain" of "volume/gain:0", "weight_1" of "vars/1".
std::string name_of(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  name = name.substr(0, name.rfind(':'));
  bool number = !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
    return letter >= '0' && letter <= '9';
  });
  return number ? cat("weight_", name) : name;
}

/// What of a weight's path lies below the layer's own: the same for all layers of a class.
std::string path_below(const std::string& path, const std::string& scope) {
  bool inside = !scope.empty() && path.size() > scope.size() && path.starts_with(scope) &&
                path[scope.size()] == '/';
  return inside ? path.substr(scope.size() + 1) : path;
}

struct Weights {
  Json by_name = Json::object();
  std::string shapes;
};

Weights weights_of(const WeightScope& scope) {
  Weights weights;
  for (const Weight* weight : scope.all()) {
    std::string path = path_below(weight->path, scope.path()), base = name_of(path), name = base;
    for (int i = 1; weights.by_name.contains(name); ++i) name = cat(base, "_", i);
    weights.by_name[name] = path;
    weights.shapes += cat(weights.shapes.empty() ? "" : ", ", name, " ", weight->shape.dims());
  }
  return weights;
}

/// Options by the names under which a recipe can use them: "$width = 3".
std::string options_of(const LayerRecord& record) {
  std::string text;
  for (const auto& [key, value] : record.config.entries()) {
    bool common = key == "name" || key == "trainable" || key == "dtype" || key == "autocast";
    bool plain = value.is_number() || value.is_text() || value.is_list();
    if (!common && plain) text += cat(text.empty() ? "" : ", ", "$", key, " = ", value.shown());
  }
  return text;
}

size_t input_count(const LayerRecord& record) {
  const PyValue& first =
      record.inbound.items().empty() ? record.inbound : record.inbound.items()[0];
  const PyValue& newer = first.at("args");
  if (newer.is_list() && !newer.items().empty())
    return newer.items()[0].is_list() ? newer.items()[0].items().size() : 1;
  return std::max<size_t>(1, first.items().size());
}

Json recipe(const PythonCode& code) {
  bool is_function = code.record.class_name == "Lambda" || code.record.is_operation ||
                     is_function_layer(code.record.class_name);
  bool whole = code.path.empty();
  Json json;
  if (!code.activation.empty())
    json["activation"] = code.activation;
  else if (is_function)
    json["layer"] = code.path;
  else
    json["class"] = code.record.class_name;
  std::string note = whole ? cat("the whole model, ", code.record.stored_class)
                           : cat("first at ", place_of({code.path, code.record.class_name}));
  Json inputs = Json::array({"x"});
  if (code.activation.empty()) {
    std::string options = is_function ? "" : options_of(code.record);
    if (!options.empty()) note += cat("; options ", options);
    Weights weights = weights_of(code.scope);
    if (!weights.shapes.empty()) note += cat("; weights ", weights.shapes);
    for (size_t i = 2; i <= input_count(code.record); ++i) inputs.push_back(cat("x", i));
    json["note"] = note;
    json["inputs"] = inputs;
    if (!weights.by_name.empty()) json["weights"] = weights.by_name;
  } else {
    json["note"] = note;
    json["inputs"] = inputs;
  }
  Json arguments = Json::array();
  for (const Json& input : inputs) arguments.push_back("@" + input.get<std::string>());
  json["steps"] = Json::array(
      {{{"name", "y"}, {"function", "FILL_IN_THE_FUNCTION"}, {"arguments", arguments}}});
  json["output"] = "@y";
  return json;
}

}  // namespace

Expected<std::string> recipe_template(const SavedModel& saved) {
  LayerRecord record = TRY(layer_record(from_json(*saved.config), saved.dialect));
  ImportOptions options;
  ImportState state{.saved = saved, .options = options};
  if (record.is_model())
    survey(state, record, "", saved.weights);
  else
    state.python.push_back({record, "", saved.weights});
  Json recipes = Json::array();
  std::set<std::string> titles;
  for (const PythonCode& code : state.python) {
    Json made = recipe(code);
    std::string title = cat(made.begin().key(), " ", made.begin().value().get<std::string>());
    if (titles.insert(title).second) recipes.push_back(std::move(made));
  }
  Json file = {{"schema", "wherry.recipe/1"}, {"recipes", recipes}};
  return file.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wherry::keras
