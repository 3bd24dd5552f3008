// Recognises the container and dialect of a saved Keras model and loads its parts.
#include "keras/reader/saved_model.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "base/byte_reader.h"
#include "keras/reader/foreign_file.h"
#include "keras/reader/json.h"
#include "keras/reader/load_weights.h"

namespace wherry::keras {
namespace {

constexpr std::string_view h5_weights = "model.weights.h5", npz_weights = "model.weights.npz";
constexpr std::string_view sharded_weights = "model.weights.json";

Error no_model(std::string message, std::string advice) {
  return Error{
      .code = ErrorCode::malformed, .message = std::move(message), .advice = std::move(advice)};
}

Dialect dialect_of(std::string_view version, std::string_view config) {
  if (version.starts_with("1.") || version.starts_with("0.")) return Dialect::keras1;
  if (version.starts_with("2.")) return Dialect::keras2;
  if (!version.empty()) return Dialect::keras3;
  // Without a version the spelling of the options tells: Keras 1 had no initializer objects.
  if (config.find("\"registered_name\"") != std::string_view::npos) return Dialect::keras3;
  bool new_names = config.find("_initializer\"") != std::string_view::npos;
  return new_names ? Dialect::keras2 : Dialect::keras1;
}

std::string text_in(const nlohmann::json& config, const char* key) {
  auto found = config.find(key);
  return found != config.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Version and backend stand beside the configuration, or in it.
Status set_config(SavedModel& model, std::string_view text) {
  auto config = std::make_shared<nlohmann::json>(TRY(parse_json(text)));
  ENSURE_CODE(ErrorCode::malformed,
              config->is_object() && config->contains("class_name") && config->contains("config"),
              "the model's configuration does not describe a model");
  if (model.keras_version.empty()) model.keras_version = text_in(*config, "keras_version");
  if (model.backend.empty()) model.backend = text_in(*config, "backend");
  model.config = std::move(config);
  model.dialect = dialect_of(model.keras_version, text);
  return {};
}

/// Keras 1 did not record its backend, but TensorFlow numbers the outputs of its variables:
/// "dense_1_W:0", where Theano's are called "dense_1_W" or nothing at all.
std::string backend_of(const WeightTree& tree) {
  for (const WeightGroup& group : tree.root.groups) {
    for (const Weight& weight : group.weights)
      return weight.path.find(':') == std::string::npos ? "theano" : "tensorflow";
  }
  return "";
}

void set_weights(SavedModel& model, WeightTree tree) {
  if (model.dialect == Dialect::keras1 && model.backend.empty()) model.backend = backend_of(tree);
  model.weight_count = tree.count;
  model.weight_bytes = tree.bytes;
  model.weights = WeightScope(std::make_shared<const WeightTree>(std::move(tree)));
}

struct Contents {
  std::string keras_version;
  size_t layers = 0, weights = 0;
};

void count_groups(const WeightGroup& group, Contents& found) {
  found.weights += group.weights.size();
  found.layers += !group.weights.empty();
  for (const WeightGroup& inner : group.groups) count_groups(inner, found);
}

/// What a file of weights holds, under the names of Keras 1 and 2 or the numbers of Keras 3; no
/// weights where it holds something else.
Contents contents_of(const hdf5::Object& root) {
  Contents found;
  if (auto version = root.text("keras_version")) found.keras_version = *version;
  bool named = root.attribute("layer_names") || root.attribute("layer_names0");
  if (auto tree = named ? load_named_weights(root) : load_numbered_weights(root))
    count_groups(tree->root, found);
  return found;
}

/// The names of what stands in the file, a few of them.
std::string listing(const hdf5::Object& root) {
  constexpr size_t most = 5;
  std::vector<std::string> names;
  for (const hdf5::Link& link : root.links()) names.push_back(wherry::quoted(link.name));
  size_t more = names.size() > most ? names.size() - most : 0;
  names.resize(names.size() - more);
  std::string text = cat(names);
  return cat(text.substr(1, text.size() - 2), more ? cat(" and ", more, " more") : "");
}

Error without_configuration(const hdf5::Object& root) {
  Contents found = contents_of(root);
  if (root.attribute("nb_layers"))
    return no_model("this file holds only the weights of a model, as Keras 0.x wrote them",
                    "build the model in Python as it was, set its weights from this file, and save "
                    "everything with model.save('model.keras')");
  if (found.weights == 0) {
    Error error = no_model("this HDF5 file holds no Keras model",
                           "save the model with model.save('model.keras')");
    if (!root.links().empty()) error.received = listing(root);
    return error;
  }
  Error error = no_model(
      "this file holds only the weights of a model, not the graph of its layers",
      "give the model's configuration, which model.to_json() returns, by --config FILE.json; or "
      "build the model in Python as it was, call model.load_weights(...) with this file, and save "
      "everything with model.save('model.keras')");
  std::string version =
      found.keras_version.empty() ? "" : cat(", saved by Keras ", found.keras_version);
  error.received = cat(found.weights, " weights of ", found.layers, " layers", version);
  return error;
}

Expected<SavedModel> read_h5(SharedBytes file) {
  hdf5::File opened = TRY(hdf5::File::open(std::move(file)));
  const hdf5::Object& root = opened.root();
  if (!root.attribute("model_config")) return without_configuration(root);
  SavedModel model;
  model.container = Container::h5;
  model.keras_version = TRY(root.text("keras_version"));
  model.backend = TRY(root.text("backend"));
  TRY(set_config(model, TRY(root.text("model_config"))));
  std::optional<hdf5::Object> weights = TRY(root.member("model_weights"));
  set_weights(model, TRY(load_named_weights(weights ? *weights : root)));
  if (auto optimizer = TRY(root.member("optimizer_weights")))
    model.optimizer_bytes = stored_bytes(*optimizer);
  return model;
}

Error no_weights_alone() {
  return {.code = ErrorCode::usage,
          .message = "a configuration of its own is for an .h5 file of weights alone"};
}

/// A file that describes a model whose weights stand alone.
struct Description {
  std::string path;
  std::string_view text;
};

constexpr std::string_view from_yaml =
    "turn it into JSON: python3 -c \"import json, sys, yaml; "
    "json.dump(yaml.unsafe_load(sys.stdin), sys.stdout)\" < model.yaml > model.json";

Status read_description(SavedModel& model, const Description& description) {
  if (is_yaml(description.text))
    return no_model("the configuration is in YAML, not in JSON", std::string(from_yaml));
  return set_config(model, description.text);
}

/// Weights that were saved alone, by Keras 1 and 2 under their names and by Keras 3 under numbers.
Expected<SavedModel> read_weights(SharedBytes file, const Description& config) {
  if (!hdf5::is_hdf5(file.bytes)) return no_weights_alone();
  hdf5::File opened = TRY(hdf5::File::open(std::move(file)));
  const hdf5::Object& root = opened.root();
  if (root.attribute("model_config"))
    return Error{.code = ErrorCode::usage,
                 .message = "the file has a configuration already",
                 .advice = "leave --config out"};
  SavedModel model;
  model.container = Container::h5;
  model.keras_version = TRY(root.text("keras_version"));
  model.backend = TRY(root.text("backend"));
  TRY(read_description(model, config)
          .context(cat("in the configuration ", wherry::quoted(config.path))));
  bool named = root.attribute("layer_names") || root.attribute("layer_names0");
  set_weights(model, TRY(named ? load_named_weights(root) : load_numbered_weights(root)));
  return model;
}

Status read_package_weights(SavedModel& model) {
  if (model.package.contains(h5_weights)) {
    hdf5::File file = TRY(hdf5::File::open(TRY(model.package.read(h5_weights))));
    set_weights(model, TRY(load_numbered_weights(file.root())));
    auto optimizer = TRY(file.root().member("optimizer"));
    if (optimizer) model.optimizer_bytes = stored_bytes(*optimizer);
    return {};
  }
  if (model.package.contains(npz_weights)) {
    SharedBytes archive = TRY(model.package.read(npz_weights));
    set_weights(model, TRY(load_npz_weights(std::move(archive))));
    return {};
  }
  ENSURE_CODE(ErrorCode::unsupported, !model.package.contains(sharded_weights),
              "the model's weights are spread over several files, which cannot be read");
  return Error{.code = ErrorCode::malformed,
               .message = "the Keras file has a configuration but no weights",
               .advice = "save the model again with model.save('model.keras')"};
}

Expected<SavedModel> read_package(Package package, Container container) {
  SavedModel model;
  model.container = container;
  model.package = std::move(package);
  if (!model.package.contains("config.json")) return foreign_archive(model.package.names());
  if (model.package.contains("metadata.json")) {
    SharedBytes text = TRY(model.package.read("metadata.json"));
    nlohmann::json metadata = TRY(parse_json(as_text(text.bytes)));
    auto version = metadata.is_object() ? metadata.find("keras_version") : metadata.end();
    if (version != metadata.end() && version->is_string()) model.keras_version = *version;
  }
  SharedBytes config = TRY(model.package.read("config.json"));
  TRY(set_config(model, as_text(config.bytes)));
  TRY(read_package_weights(model));
  return model;
}

Expected<SavedModel> read_folder(const std::string& path) {
  Package package(path);
  if (package.contains("saved_model.pb") && !package.contains("config.json"))
    return no_model("this is a TensorFlow SavedModel, which holds a traced graph and no layers",
                    "load it in Python and save it with model.save('model.keras')");
  return read_package(std::move(package), Container::folder);
}

bool is_tflite(std::span<const std::byte> bytes) {
  return bytes.size() >= 8 && as_text(bytes.subspan(4, 4)) == "TFL3";
}

}  // namespace

Expected<SavedModel> read_saved_model(SharedBytes file) {
  // A .keras archive may hold an HDF5 file at a place where HDF5 would look for one.
  if (!is_tflite(file.bytes) && ends_in_zip(file.bytes))
    return read_package(Package(TRY(ZipReader::open(std::move(file)))), Container::archive);
  if (hdf5::is_hdf5(file.bytes)) return read_h5(std::move(file));
  return foreign_file(file.bytes);
}

Expected<SavedModel> read_saved_model(const std::string& path, const std::string& config) {
  std::string context = cat("while reading ", wherry::quoted(path));
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    if (!config.empty()) return Expected<SavedModel>(no_weights_alone()).context(context);
    return read_folder(path).context(context);
  }
  SharedBytes file = TRY(map_file(path)), text;
  if (!config.empty()) text = TRY(map_file(config));
  auto model =
      config.empty() ? read_saved_model(file) : read_weights(file, {config, as_text(text.bytes)});
  if (!model) return std::move(model).context(context);
  drop_pages(file.owner, file.bytes);  // the weights are read when they are needed
  return model;
}

Expected<SharedBytes> SavedModel::asset(const WeightScope& scope, std::string_view name) const {
  std::string path = cat("assets/", scope.path(), "/", name);
  if (container == Container::h5 || !package.contains(path)) return SharedBytes{};
  return package.read(path);
}

}  // namespace wherry::keras
