// The driver: order of calls, nesting, names of inputs and outputs, all problems at once.
#include "keras/graph_import.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "keras/inbound.h"
#include "ops/shape/reshape.h"

namespace wherry::keras {
namespace {

using Json = nlohmann::json;

constexpr int max_depth = 32;

std::string word(const Json& record, const char* key) {
  auto place = record.find(key);
  return place != record.end() && place->is_string() ? place->get<std::string>() : std::string();
}

const Json& config_of(const Json& record) {
  static const Json empty = Json::object();
  auto place = record.find("config");
  return place == record.end() ? empty : *place;
}

/// "package>Class" and "Class" both give "Class".
std::string bare_class(const std::string& name) { return name.substr(name.rfind('>') + 1); }

std::string layer_name(const Json& record) {
  std::string name = word(record, "name");
  return name.empty() && config_of(record).is_object() ? word(config_of(record), "name") : name;
}

/// [batch, ...] of a layer record that states its input: batch_shape (3), batch_input_shape (1, 2),
/// build_config (3).
const Json* stated_shape(const Json& record) {
  const Json& config = config_of(record);
  for (const char* key : {"batch_shape", "batch_input_shape"}) {
    if (config.is_object() && config.contains(key) && config[key].is_array()) return &config[key];
  }
  return nullptr;
}

/// Classes of users: registered under a package of their own, or living in a module that is not
/// Keras.
bool is_custom(const LayerObject& object) {
  size_t mark = object.registered_name.find('>');
  if (mark != std::string::npos) return object.registered_name.rfind("keras", 0) != 0;
  return !object.module.empty() && object.module.rfind("keras", 0) != 0 &&
         object.module.rfind("tf_keras", 0) != 0 && object.module.rfind("tensorflow", 0) != 0;
}

/// Operations of keras.ops are in the layer list as "ops.Name". An .h5 file of Keras 3 does not say
/// which of a layer and an operation of the same name is meant: a merge layer takes one list of
/// tensors.
const LayerDef* find_definition(const LayerObject& object, const CallArguments* arguments) {
  if (is_custom(object)) return nullptr;
  const LayerDef* operation = find_layer(cat("ops.", object.class_name));
  if (object.module.find("ops") != std::string::npos) return operation;
  const LayerDef* layer = find_layer(object.class_name);
  if (!layer || !operation || !object.module.empty() || !arguments)
    return layer ? layer : object.module.empty() ? operation : nullptr;
  bool list = arguments->positional.size() == 1 && arguments->positional[0].is_list;
  bool merges = layer->takes_list;
  return merges == list ? layer : operation;
}

Error unknown_layer(const LayerObject& object) {
  bool python = object.class_name == "Lambda" || object.class_name == "TFSMLayer";
  bool custom = is_custom(object);
  const std::string& registered =
      object.registered_name.empty() ? object.class_name : object.registered_name;
  Error error{.code = ErrorCode::unsupported,
              .where = cat("layer ", quoted(object.path), " (", object.class_name, ")")};
  if (python) {
    error.message =
        cat("a ", object.class_name, " layer holds Python code, which a .tflite file cannot store");
    error.advice = "express it with built-in layers";
  } else if (custom) {
    error.message = cat("the custom class ", quoted(registered),
                        " is Python code, which the saved file only names");
    error.advice = "replace it by built-in layers before saving";
  } else {
    error.message = cat("the layer class ", object.class_name, " is not supported");
    std::vector<std::string_view> names;
    for (const LayerDef* layer : all_layers())
      names.insert(names.end(), layer->class_names.begin(), layer->class_names.end());
    std::string_view close = nearest(object.class_name, names);
    error.advice = close.empty()
                       ? "if it is a class of your own, replace it by built-in layers before saving"
                       : cat("the nearest supported class is ", close);
  }
  return error;
}

}  // namespace

bool GraphImport::is_model(const Json& record) {
  std::string name = word(record, "class_name");
  return name == "Sequential" || name == "Functional" || name == "Model";
}

LayerObject GraphImport::object_of(const Json& record, const std::string& path,
                                   const WeightScope& scope) const {
  LayerObject object;
  object.name = layer_name(record);
  object.path = path.empty() ? object.name : cat(path, "/", object.name);
  object.class_name = bare_class(word(record, "class_name"));
  object.module = word(record, "module");
  object.registered_name = word(record, "registered_name");
  if (object.registered_name.empty() && object.class_name != word(record, "class_name"))
    object.registered_name = word(record, "class_name");
  object.record = &record;
  object.scope = scope;
  return object;
}

Expected<Outputs> GraphImport::call(const LayerObject& object, CallArguments arguments) {
  if (is_model(*object.record)) {
    std::vector<KerasTensor> inputs;
    for (const Argument& argument : arguments.positional) collect_tensors(argument, inputs);
    return run_model(*object.record, object.path, object.scope, &inputs);
  }
  const LayerDef* definition = find_definition(object, &arguments);
  if (!definition) return unknown_layer(object);
  LayerImport layer(*this, object, std::move(arguments));
  builder_.set_origin({object.path, object.class_name});
  Outputs outputs = TRY(definition->import(layer));
  std::vector<std::string_view> ignored(definition->ignored.begin(), definition->ignored.end());
  std::vector<std::string> unread = layer.unread(ignored);
  if (!unread.empty())
    return layer.refuse(cat("the option ", joined(unread, ", "), " is not understood"));
  if (definition->passes_mask) layer.pass_mask(outputs);
  return outputs;
}

/// As call, but problems are collected: the outputs are then empty.
Expected<Outputs> GraphImport::guarded_call(const LayerObject& object, CallArguments arguments) {
  auto outputs = call(object, std::move(arguments));
  if (outputs) return outputs;
  Error error = std::move(outputs).error();
  bool fatal = error.code == ErrorCode::internal || error.code == ErrorCode::too_large;
  if (fatal) return error;
  if (!error.details.empty() && error.where.empty()) {
    for (Error& detail : error.details) problems_.push_back(std::move(detail));
  } else {
    if (error.where.empty())
      error.where = cat("layer ", quoted(object.path), " (", object.class_name, ")");
    problems_.push_back(std::move(error));
  }
  return Outputs();
}

Expected<KerasTensor> GraphImport::make_input(const std::string& name, const Json& record) {
  const Json* stated = stated_shape(record);
  ENSURE_CODE(ErrorCode::unsupported, stated,
              "the model never states its input shape; build it with an Input before saving");
  Shape shape;
  for (const Json& extent : *stated) {
    ENSURE_CODE(ErrorCode::malformed,
                extent.is_null() || (extent.is_number_integer() && extent.get<int64_t>() >= 0),
                "the input ", quoted(name), " has the shape ", short_text(*stated));
    shape.push_back(extent.is_null() ? -1 : extent.get<int64_t>());
  }
  if (batch_ > 0 && shape.rank() > 0 && shape[0] < 0) shape[0] = batch_;
  Config config(config_of(record));
  ENSURE_CODE(ErrorCode::unsupported,
              !TRY(config.flag("sparse", false)) && !TRY(config.flag("ragged", false)),
              "the input ", quoted(name),
              " is sparse or ragged, which TensorFlow Lite has no tensors for");
  DType dtype = TRY(input_dtype(config).context(cat("in the input ", quoted(name))));
  return KerasTensor{builder_.input(name, dtype, shape), no_value};
}

Expected<Outputs> GraphImport::run_model(const Json& record, const std::string& path,
                                         const WeightScope& scope,
                                         const std::vector<KerasTensor>* inputs) {
  ENSURE_CODE(ErrorCode::malformed, ++depth_ <= max_depth, "models are nested more than ",
              max_depth, " deep");
  const Json& config = config_of(record);
  bool sequential = word(record, "class_name") == "Sequential";
  auto outputs = sequential ? run_sequential(config, path, scope, inputs)
                            : run_functional(config, path, scope, inputs);
  --depth_;
  return outputs;
}

Expected<Outputs> GraphImport::run_sequential(const Json& config, const std::string& path,
                                              const WeightScope& scope,
                                              const std::vector<KerasTensor>* inputs) {
  const Json& layers = config.is_array()           ? config
                       : config.contains("layers") ? config["layers"]
                                                   : config;
  ENSURE_CODE(ErrorCode::malformed, layers.is_array() && !layers.empty(),
              "a Sequential model has no layers");
  std::map<std::string, int> class_counts;
  Outputs current;
  if (inputs) current = *inputs;
  for (const Json& record : layers) {
    ENSURE_CODE(ErrorCode::malformed, record.is_object(), "a layer is written as ",
                short_text(record));
    std::string class_name = word(record, "class_name"), name = layer_name(record);
    int index = class_counts[class_name]++;
    if (class_name == "InputLayer") {
      if (current.empty()) current = {TRY(make_input(name, record))};
      continue;
    }
    if (current.empty()) {
      Json fallback = record;
      if (!stated_shape(record) && config.is_object() && config.contains("build_input_shape"))
        fallback["config"]["batch_input_shape"] = config["build_input_shape"];
      current = {TRY(make_input(cat(name, "_input"), fallback))};
    }
    LayerKey key{name, class_name, index};
    LayerObject object =
        object_of(record, path, is_model(record) ? scope.nested(key) : scope.layer(key));
    Argument argument;
    if (current.size() == 1)
      argument.tensor = current[0];
    else
      argument.is_list = true;
    for (size_t i = 0; argument.is_list && i < current.size(); ++i)
      argument.list.push_back({.tensor = current[i]});
    current = TRY(guarded_call(object, {{argument}, {}}));
    if (depth_ == 1) output_names_ = {object.name};
    if (current.empty()) return report_rest(layers, &record - &layers[0], path);
  }
  return current;
}

/// After a layer failed in a Sequential model nothing can be computed any more, but unknown classes
/// can still be named.
Expected<Outputs> GraphImport::report_rest(const Json& layers, std::ptrdiff_t failed,
                                           const std::string& path) {
  for (size_t i = static_cast<size_t>(failed) + 1; i < layers.size(); ++i)
    note_unknown(layers[i], path);
  return Outputs();
}

void GraphImport::note_unknown(const Json& record, const std::string& path) {
  if (!record.is_object() || is_model(record) || word(record, "class_name") == "InputLayer") return;
  LayerObject object = object_of(record, path, {});
  if (!find_definition(object, nullptr)) problems_.push_back(unknown_layer(object));
}

/// Layers and calls of one functional model.
struct GraphImport::Container {
  struct Call {
    size_t layer;
    const Json* node;
    int64_t index;
    bool done = false;
  };
  std::vector<LayerObject> objects;
  std::map<std::string, size_t, std::less<>> by_name;
  std::vector<Call> calls;
  std::map<std::pair<std::string, int64_t>, Outputs> results;
  std::map<std::string, bool> failed;

  std::optional<KerasTensor> find(const TensorReference& reference) const {
    auto place = results.find({reference.layer, reference.node});
    if (place == results.end() || reference.tensor < 0 ||
        static_cast<size_t>(reference.tensor) >= place->second.size())
      return std::nullopt;
    return place->second[static_cast<size_t>(reference.tensor)];
  }
};

Expected<Outputs> GraphImport::run_functional(const Json& config, const std::string& path,
                                              const WeightScope& scope,
                                              const std::vector<KerasTensor>* inputs) {
  ENSURE_CODE(ErrorCode::malformed,
              config.is_object() && config.contains("layers") && config["layers"].is_array(),
              "a model has no list of layers");
  ENSURE_CODE(ErrorCode::malformed,
              config.contains("input_layers") && config.contains("output_layers"),
              "a functional model has no inputs or outputs");
  Container container;
  std::map<std::string, int> class_counts;
  const Json& layers = config["layers"];
  container.objects.reserve(layers.size());
  for (const Json& record : layers) {
    ENSURE_CODE(ErrorCode::malformed, record.is_object(), "a layer is written as ",
                short_text(record));
    std::string class_name = word(record, "class_name"), name = layer_name(record);
    LayerKey key{name, class_name, class_counts[class_name]++};
    container.by_name[name] = container.objects.size();
    container.objects.push_back(
        object_of(record, path, is_model(record) ? scope.nested(key) : scope.layer(key)));
    const Json* nodes = record.contains("inbound_nodes") && record["inbound_nodes"].is_array()
                            ? &record["inbound_nodes"]
                            : nullptr;
    for (size_t i = 0; nodes && i < nodes->size(); ++i)
      container.calls.push_back(
          {container.objects.size() - 1, &(*nodes)[i], static_cast<int64_t>(i)});
  }
  TRY(bind_inputs(container, TRY(read_references(config["input_layers"])), inputs));
  TRY(run_calls(container));
  std::vector<TensorReference> references = TRY(read_references(config["output_layers"]));
  Outputs outputs;
  for (const TensorReference& reference : references) {
    std::optional<KerasTensor> tensor = container.find(reference);
    if (!tensor && !problems_.empty()) return Outputs();
    ENSURE_CODE(ErrorCode::malformed, tensor, "the model's output ", quoted(reference.layer),
                " is never computed");
    outputs.push_back(*tensor);
  }
  if (depth_ == 1) {
    output_names_.clear();
    for (const TensorReference& reference : references) output_names_.push_back(reference.layer);
  }
  return outputs;
}

Status GraphImport::bind_inputs(Container& container,
                                const std::vector<TensorReference>& references,
                                const std::vector<KerasTensor>* inputs) {
  ENSURE_CODE(ErrorCode::malformed, !inputs || inputs->size() == references.size(),
              "a nested model of ", references.size(), " inputs is called with ",
              inputs ? inputs->size() : 0);
  for (size_t i = 0; i < references.size(); ++i) {
    const std::string& name = references[i].layer;
    auto place = container.by_name.find(name);
    ENSURE_CODE(ErrorCode::malformed, place != container.by_name.end(), "the model's input ",
                quoted(name), " is not among its layers");
    KerasTensor tensor =
        inputs ? (*inputs)[i] : TRY(make_input(name, *container.objects[place->second].record));
    container.results[{name, references[i].node}] = {tensor};
  }
  return {};
}

/// Calls run as soon as their arguments are there; files usually list them in that order already.
Status GraphImport::run_calls(Container& container) {
  Resolve resolve = [&](const TensorReference& reference) { return container.find(reference); };
  bool progress = true;
  while (progress) {
    progress = false;
    for (Container::Call& call : container.calls) {
      LayerObject& object = container.objects[call.layer];
      if (call.done || container.results.count({object.name, call.index})) continue;
      auto arguments =
          TRY(read_call(*call.node, resolve).context(cat("in the layer ", quoted(object.path))));
      if (!arguments) continue;
      call.done = progress = true;
      Outputs outputs = TRY(guarded_call(object, std::move(*arguments)));
      if (!outputs.empty()) container.results[{object.name, call.index}] = std::move(outputs);
    }
  }
  for (const Container::Call& call : container.calls) {
    const LayerObject& object = container.objects[call.layer];
    if (call.done || container.results.count({object.name, call.index})) continue;
    ENSURE_CODE(ErrorCode::malformed, !problems_.empty(), "the layer ", quoted(object.path),
                " waits for a tensor that no layer makes");
    note_unknown(*object.record,
                 object.path.substr(0, object.path.size() - object.name.size() -
                                           (object.path.size() > object.name.size())));
  }
  return {};
}

Status GraphImport::run() {
  const Json& record = *saved_.config;
  if (!is_model(record)) {
    return Error{
        .code = ErrorCode::unsupported,
        .where = cat("model (", word(record, "class_name"), ")"),
        .message = "the model is a Python class of its own: the file holds no graph of layers",
        .advice = "build it as a Sequential or functional model and save that"};
  }
  Outputs outputs = TRY(run_model(record, "", saved_.weights, nullptr));
  if (!problems_.empty()) {
    Error error{
        .code = ErrorCode::unsupported,
        .message = cat(problems_.size(), problems_.size() == 1 ? " layer does" : " layers do",
                       " not convert")};
    bool damaged = std::all_of(problems_.begin(), problems_.end(),
                               [](const Error& one) { return one.code != ErrorCode::unsupported; });
    if (damaged) error.code = problems_[0].code;
    error.details = std::move(problems_);
    return error;
  }
  return finish_outputs(outputs, output_names_);
}

/// Outputs must be computed tensors, each only once; names follow the output layers, a second one
/// of a layer gets "_1".
Status GraphImport::finish_outputs(Outputs& outputs, const std::vector<std::string>& names) {
  Graph& graph = model_.main();
  Signature signature;
  for (ValueId id : graph.inputs) signature.inputs.push_back({graph.value(id).name, id});
  std::map<std::string, int> counts;
  for (size_t i = 0; i < outputs.size(); ++i) {
    ValueId id = outputs[i].id;
    std::string name = i < names.size() ? names[i] : names.empty() ? "output" : names.back();
    int count = counts[name]++;
    if (count) name += cat("_", count);
    bool computed = !graph.value(id).constant &&
                    std::find(graph.inputs.begin(), graph.inputs.end(), id) == graph.inputs.end();
    bool taken = std::find(graph.outputs.begin(), graph.outputs.end(), id) != graph.outputs.end();
    if (!computed || taken) id = TRY(identity(id));
    graph.value(id).name = cat(name, ":0");
    graph.outputs.push_back(id);
    signature.outputs.push_back({name, id});
  }
  model_.signatures.push_back(std::move(signature));
  return {};
}

/// A copy: RESHAPE to the same shape, which leaves one open extent to the runtime. Passes keep it,
/// since outputs need it.
Expected<ValueId> GraphImport::identity(ValueId id) {
  const TensorType& type = builder_.type(id);
  std::vector<int32_t> extents;
  for (int axis = 0; axis < type.shape.rank(); ++axis)
    extents.push_back(type.fixed(axis) ? static_cast<int32_t>(type.shape[axis]) : -1);
  if (std::count(extents.begin(), extents.end(), -1) > 1) {
    return Error{.code = ErrorCode::unsupported,
                 .message = cat("the output ", quoted(model_.main().value(id).name),
                                " is an input of unknown extents or another output")};
  }
  ValueId shape =
      builder_.constant<int32_t>("identity_shape", {static_cast<int64_t>(extents.size())}, extents);
  return builder_.emit_one(
      {.op = op::reshape,
       .attributes = Attributes::of(*op::reshape.attributes, op::Reshape{.new_shape = extents}),
       .inputs = {id, shape}});
}

}  // namespace wherry::keras
