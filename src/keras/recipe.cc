// Reads recipe files and checks that every name in them stands for something.
#include "keras/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/byte_reader.h"
#include "base/mapped_file.h"
#include "keras/reader/json.h"

namespace wherry::keras {
namespace {

constexpr std::string_view schema = "wherry.recipe/1";
constexpr size_t most_bytes = 1 << 20, most_steps = 10000;

Error wrong(std::string where, std::string message, const PyValue& received) {
  return {.code = ErrorCode::usage,
          .message = std::move(message),
          .where = std::move(where),
          .received = received.is_none() ? "" : received.shown(),
          .advice = "docs/recipes.md says how recipes are written"};
}

Status check_keys(const PyValue& dict, std::initializer_list<std::string_view> known,
                  const std::string& where) {
  if (!dict.is_dict()) return wrong(where, "this should be an object { ... }", dict);
  for (const auto& [key, value] : dict.entries()) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      return wrong(where,
                   cat("the key ", wherry::quoted(key), " means nothing here; known are ",
                       std::vector<std::string_view>(known)),
                   value);
  }
  return {};
}

Expected<std::vector<std::string>> names(const PyValue& written, const std::string& where) {
  std::vector<std::string> result;
  if (written.is_text()) result.emplace_back(written.text());
  for (const PyValue& item : written.items()) {
    if (!item.is_text()) return wrong(where, "this should be a list of names", written);
    result.emplace_back(item.text());
  }
  if (result.empty() && !written.is_none() && !written.is_list())
    return wrong(where, "this should be a list of names", written);
  return result;
}

/// One of two keys, with a name.
Expected<std::string> named(const PyValue& dict, std::string_view key, const std::string& where) {
  const PyValue& value = dict.at(key);
  if (value.is_text() && !value.text().empty()) return std::string(value.text());
  return wrong(where, cat(wherry::quoted(key), " should be a name"), value);
}

std::string without_sign(const std::string& name) {
  return name.starts_with("@") ? name.substr(1) : name;
}

/// Every "@name" in a value is one of `known`, or one of its results, "@name:1".
Status check_references(const PyValue& value, const std::set<std::string>& known,
                        const std::string& where) {
  if (value.is_text() && value.text().starts_with("@") && !value.text().starts_with("@@")) {
    std::string name(value.text().substr(1));
    if (known.count(name) || known.count(name.substr(0, name.rfind(':')))) return {};
    return wrong(where, "no input, weight or earlier step has this name", value);
  }
  for (const PyValue& item : value.items()) TRY(check_references(item, known, where));
  for (const auto& [key, item] : value.entries()) TRY(check_references(item, known, where));
  return {};
}

class RecipeReader {
 public:
  explicit RecipeReader(const PyValue& written) : written_(written) {}

  Expected<Recipe> read() {
    TRY(check_keys(written_,
                   {"class", "layer", "activation", "note", "inputs", "input_shapes", "weights",
                    "steps", "output"},
                   "the recipe file"));
    TRY(read_target());
    where_ = recipe_.title();
    if (const PyValue* inputs = written_.find("inputs"))
      recipe_.inputs = TRY(names(*inputs, where_));
    recipe_.input_shapes = written_.at("input_shapes").items();
    TRY(read_weights());
    for (const std::string& input : recipe_.inputs) TRY(add_name(input));
    for (const RecipeWeight& weight : recipe_.weights) TRY(add_name(weight.name));
    TRY(read_steps());
    TRY(read_outputs());
    return std::move(recipe_);
  }

 private:
  Status read_target() {
    constexpr std::pair<std::string_view, Recipe::Target> targets[] = {
        {"class", Recipe::Target::of_class},
        {"layer", Recipe::Target::of_layer},
        {"activation", Recipe::Target::of_activation}};
    int found = 0;
    for (const auto& [key, target] : targets) {
      if (!written_.find(key)) continue;
      recipe_.target = target;
      recipe_.subject = TRY(named(written_, key, "the recipe file"));
      ++found;
    }
    if (found == 1) return {};
    return wrong("the recipe file",
                 "a recipe is for one of a \"class\", a \"layer\" or an \"activation\"", written_);
  }

  Status read_weights() {
    const PyValue& written = written_.at("weights");
    for (const auto& [name, path] : written.entries()) {
      if (!path.is_text()) return wrong(where_, "a weight is given by its path in the file", path);
      recipe_.weights.push_back({name, std::string(path.text())});
    }
    if (written.is_dict()) return {};
    for (std::string& name : TRY(names(written, where_)))
      recipe_.weights.push_back({std::move(name), ""});
    return {};
  }

  Status add_name(const std::string& name) {
    if (!name.empty() && name_set_.insert(name).second) return {};
    return wrong(where_, "two inputs, weights or steps have the same name", PyValue::of(name));
  }

  Status read_steps() {
    const std::vector<PyValue>& steps = written_.at("steps").items();
    if (steps.empty() || steps.size() > most_steps)
      return wrong(where_, "the recipe needs \"steps\", a list of calls", written_.at("steps"));
    for (const PyValue& step : steps) TRY(read_step(step));
    return {};
  }

  Status read_step(const PyValue& written) {
    TRY(check_keys(
        written, {"name", "layer", "function", "config", "arguments", "options", "weights", "note"},
        where_));
    RecipeStep step;
    step.name = written.find("name") ? TRY(named(written, "name", where_))
                                     : cat("step_", recipe_.steps.size() + 1);
    std::string where = cat("step ", wherry::quoted(step.name), " of ", where_);
    step.is_layer = written.find("layer") != nullptr;
    if (step.is_layer == (written.find("function") != nullptr))
      return wrong(where, "a step is either a \"layer\" or a \"function\"", written);
    step.subject = TRY(named(written, step.is_layer ? "layer" : "function", where));
    step.config = written.at("config");
    step.arguments = written.at("arguments");
    step.options = written.at("options");
    const PyValue& weights = written.at("weights");
    if (!weights.is_dict()) step.weights = TRY(names(weights, where));
    for (const auto& [role, weight] : weights.entries()) {
      if (!weight.is_text()) return wrong(where, "this should be the name of a weight", weight);
      step.roles.push_back(role);
      step.weights.emplace_back(weight.text());
    }
    for (std::string& weight : step.weights) weight = without_sign(weight);
    TRY(check_step(step, where));
    TRY(add_name(step.name));
    recipe_.steps.push_back(std::move(step));
    return {};
  }

  Status check_step(const RecipeStep& step, const std::string& where) {
    if (!step.arguments.is_list() || step.arguments.items().empty())
      return wrong(where, "a step needs \"arguments\", a list", step.arguments);
    for (const PyValue* dict : {&step.config, &step.options}) {
      if (!dict->is_none() && !dict->is_dict())
        return wrong(where, "\"config\" and \"options\" should be objects { ... }", *dict);
    }
    if (!step.is_layer && (!step.config.is_none() || !step.weights.empty()))
      return wrong(where, "a function has \"options\", but no \"config\" and no \"weights\"", {});
    TRY(check_references(step.arguments, name_set_, where));
    TRY(check_references(step.options, name_set_, where));
    for (const std::string& name : step.weights) {
      bool known = std::any_of(recipe_.weights.begin(), recipe_.weights.end(),
                               [&](const RecipeWeight& weight) { return weight.name == name; });
      if (!known) return wrong(where, "the recipe has no weight of this name", PyValue::of(name));
    }
    return {};
  }

  Status read_outputs() {
    recipe_.outputs = TRY(names(written_.at("output"), where_));
    if (recipe_.outputs.empty()) recipe_.outputs = {recipe_.steps.back().name};
    for (std::string& output : recipe_.outputs) {
      output = without_sign(output);
      if (!name_set_.count(output))
        return wrong(where_, "the output is no step of the recipe", PyValue::of(output));
    }
    return {};
  }

  const PyValue& written_;
  std::string where_;
  Recipe recipe_;
  std::set<std::string> name_set_;
};

std::string_view plain(std::string_view name) { return name.substr(name.rfind('>') + 1); }

}  // namespace

std::string Recipe::title() const {
  constexpr std::string_view words[] = {"class", "layer", "activation"};
  return cat("the recipe for ", words[static_cast<size_t>(target)], " ", wherry::quoted(subject));
}

Expected<Recipes> Recipes::parse(std::string_view text) {
  ENSURE_CODE(ErrorCode::too_large, text.size() <= most_bytes, "a recipe file of ", text.size(),
              " bytes is not read");
  PyValue file = from_json(TRY(parse_json(text)));
  TRY(check_keys(file, {"schema", "note", "recipes"}, "the recipe file"));
  if (file.at("schema").text() != schema)
    return wrong("the recipe file", cat("its \"schema\" should be ", wherry::quoted(schema)),
                 file.at("schema"));
  if (!file.at("recipes").is_list())
    return wrong("the recipe file", "\"recipes\" should be a list", file.at("recipes"));
  Recipes recipes;
  for (const PyValue& written : file.at("recipes").items())
    recipes.recipes_.push_back(TRY(RecipeReader(written).read()));
  return recipes;
}

Expected<Recipes> Recipes::read(const std::string& path) {
  std::string context = cat("while reading ", wherry::quoted(path));
  SharedBytes file = TRY(map_file(path));
  return parse(as_text(file.bytes)).context(context);
}

const Recipe* Recipes::find(const LayerRecord& record, const std::string& path) const {
  for (const Recipe& recipe : recipes_) {
    if (recipe.target == Recipe::Target::of_layer && recipe.subject == path) return &recipe;
  }
  bool known = !record.is_foreign && (find_layer(record.class_name) || record.is_model());
  if (known) return nullptr;
  for (const Recipe& recipe : recipes_) {
    bool fits = recipe.subject == record.stored_class || recipe.subject == record.class_name;
    if (recipe.target == Recipe::Target::of_class && fits) return &recipe;
  }
  return nullptr;
}

const Recipe* Recipes::find_activation(std::string_view name) const {
  for (const Recipe& recipe : recipes_) {
    bool fits = recipe.subject == name || recipe.subject == plain(name);
    if (recipe.target == Recipe::Target::of_activation && fits) return &recipe;
  }
  return nullptr;
}

}  // namespace wherry::keras
