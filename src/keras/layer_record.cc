// Reads the descriptions of layers in every dialect.
#include "keras/layer_record.h"

#include <algorithm>
#include <set>

#include "keras/functions/function_def.h"
#include "keras/keras1.h"
#include "keras/layer_def.h"
#include "keras/merged_branches.h"

namespace wherry::keras {
namespace {

void collect_tensors(const PyValue& value, std::vector<KerasTensor>& found) {
  if (value.is_tensor()) found.push_back(value.tensor());
  for (const PyValue& item : value.items()) collect_tensors(item, found);
  for (const auto& [key, item] : value.entries()) collect_tensors(item, found);
}

std::string_view plain_name(std::string_view name) {
  size_t package = name.rfind('>');
  return package == std::string_view::npos ? name : name.substr(package + 1);
}

/// What tf.keras called layers while TensorFlow had two implementations of them.
struct EarlierName {
  std::string_view earlier, today;
};
constexpr EarlierName earlier_names[] = {
    {"BatchNormalizationV1", "BatchNormalization"},
    {"BatchNormalizationV2", "BatchNormalization"},
    {"UnifiedGRU", "GRU"},
    {"UnifiedLSTM", "LSTM"},
};

std::string_view todays_name(std::string_view name) {
  for (const EarlierName& entry : earlier_names) {
    if (entry.earlier == name) return entry.today;
  }
  return name;
}

bool is_known_module(std::string_view module) {
  for (std::string_view known : {"keras", "tf_keras", "tensorflow", "builtins"}) {
    if (module == known || module.starts_with(cat(known, "."))) return true;
  }
  return false;
}

/// A class of Keras' InceptionResNetV2, which Keras 2 registers as if it were a user's.
constexpr std::string_view own_custom_class = "Custom>CustomScaleLayer";

bool is_foreign(const PyValue& record, std::string_view stored_class) {
  const PyValue& module = record.at("module");
  bool is_own = module.is_text() && module.text().starts_with("keras.") &&
                record.at("registered_name").text() == own_custom_class;
  if (is_own || stored_class == own_custom_class) return false;
  size_t package = stored_class.find('>');
  if (package != std::string_view::npos) return true;
  std::string_view registered = record.at("registered_name").text();
  size_t end = registered.find('>');
  if (end != std::string_view::npos && registered.substr(0, end) != "keras") return true;
  if (module.is_text()) return !is_known_module(module.text());
  return record.find("module") && !registered.empty() && registered != stored_class;
}

/// A class of somebody's own, with the package or module that it comes from.
std::string foreign_class(const PyValue& record, std::string_view stored_class) {
  std::string_view registered = record.at("registered_name").text();
  if (registered.find('>') != std::string_view::npos) return std::string(registered);
  bool is_complete = stored_class.find('>') != std::string_view::npos;
  const PyValue& module = record.at("module");
  if (is_complete || !module.is_text() || module.text().empty()) return std::string(stored_class);
  return cat(module.text(), ".", stored_class);
}

/// Sequences inside sequences had no names before Keras 2.2.3: "sequential", "sequential_1".
void name_the_nameless(std::vector<LayerRecord>& layers) {
  std::set<std::string, std::less<>> used;
  for (const LayerRecord& layer : layers) used.insert(layer.name);
  for (LayerRecord& layer : layers) {
    if (!layer.name.empty()) continue;
    std::string base = snake_case(layer.class_name), name = base;
    for (int i = 1; !used.insert(name).second; ++i) name = cat(base, "_", i);
    layer.name = name;
    layer.is_nameless = true;
  }
}

/// Options without the wrappers in which Keras writes tuples and arrays; layers inside stay.
PyValue plain_options(const PyValue& config) {
  if (!config.is_dict() || config.at("layers").is_list()) return config;
  return without_wrappers(config);
}

}  // namespace

const PyValue* LayerCall::find_named(std::string_view name) const {
  for (const PyValue::Entry& entry : named) {
    if (entry.first == name) return &entry.second;
  }
  return nullptr;
}

std::vector<KerasTensor> LayerCall::inputs() const {
  std::vector<KerasTensor> found;
  if (!positional.empty()) collect_tensors(positional[0], found);
  return found;
}

bool LayerRecord::is_model() const { return config.is_list() || config.at("layers").is_list(); }

bool LayerRecord::is_graph() const {
  return config.at("layers").is_list() && config.find("output_layers");
}

Expected<LayerRecord> layer_record(const PyValue& record, Dialect dialect) {
  LayerRecord layer;
  ENSURE_CODE(ErrorCode::malformed, record.at("class_name").is_text() && record.find("config"),
              "the configuration of a layer has no class or no options: ", record.shown());
  layer.stored_class = class_name_of(record);
  layer.class_name = todays_name(plain_name(layer.stored_class));
  layer.config = plain_options(record.at("config"));
  if (dialect == Dialect::keras1) layer.config = keras1_config(layer.class_name, layer.config);
  layer.build_config = record.at("build_config");
  layer.inbound = record.at("inbound_nodes");
  layer.name =
      record.at("name").is_text() ? record.at("name").text() : layer.config.at("name").text();
  if (layer.name.empty() && !layer.config.is_list()) layer.name = snake_case(layer.class_name);
  layer.is_foreign = is_foreign(record, layer.stored_class);
  if (layer.is_foreign) layer.foreign_class = foreign_class(record, layer.stored_class);
  // Nearly all layers write whether they are trained, functions never do; SpatialDropout does not.
  bool only_a_layer = find_layer(layer.class_name) && !find_newer_function(layer.class_name);
  layer.is_operation = dialect == Dialect::keras3 && layer.config.is_dict() &&
                       !layer.config.find("trainable") && !layer.is_model() && !only_a_layer &&
                       layer.class_name != "InputLayer";
  if (begins_with_branches(layer)) layer.config = TRY(joined_branches(layer));
  return layer;
}

Expected<std::vector<LayerRecord>> layers_of(const LayerRecord& model, Dialect dialect) {
  const PyValue& list = model.config.is_list() ? model.config : model.config.at("layers");
  std::vector<LayerRecord> layers;
  for (const PyValue& record : list.items()) layers.push_back(TRY(layer_record(record, dialect)));
  ENSURE_CODE(ErrorCode::malformed, !layers.empty(), "the model ", quoted(model.name),
              " has no layers");
  name_the_nameless(layers);
  return layers;
}

Expected<LayerRecord> first_layer(const LayerRecord& layer, Dialect dialect) {
  LayerRecord first = layer;
  while (first.is_model() && !first.is_graph()) first = TRY(layers_of(first, dialect))[0];
  return first;
}

PyValue input_options(const LayerRecord& layer) {
  const PyValue& config = layer.config;
  bool newer = !config.at("batch_shape").is_none();
  // The dtype of other layers is that of their results.
  return PyValue::dict({{"batch_shape", config.at(newer ? "batch_shape" : "batch_input_shape")},
                        {"dtype", config.at(layer.is_input() ? "dtype" : "input_dtype")}});
}

}  // namespace wherry::keras
