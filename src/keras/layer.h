// What a Keras layer is to the importer: the record each file of src/keras/layers fills in, and
// what its import function is handed.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "keras/config.h"
#include "keras/reader/saved_model.h"
#include "keras/reader/weights.h"
#include "ops/graph_builder.h"

namespace wherry::keras {

/// A tensor between layers. The mask (bool, [batch, steps]) travels along where Keras would carry
/// it.
struct KerasTensor {
  ValueId id = no_value;
  ValueId mask = no_value;
};
using Outputs = std::vector<KerasTensor>;

/// One argument of a call: a tensor, a list of arguments, or a plain value (null when absent).
struct Argument {
  std::optional<KerasTensor> tensor;
  std::vector<Argument> list;
  bool is_list = false;
  std::shared_ptr<const nlohmann::json> value;  ///< null for tensors and lists
};
struct CallArguments {
  std::vector<Argument> positional;
  std::map<std::string, Argument> named;
};
/// All tensors of an argument, depth first.
void collect_tensors(const Argument& argument, std::vector<KerasTensor>& out);

class LayerImport;
class GraphImport;

struct LayerDef {
  FixedList<std::string_view, 8> class_names;
  Expected<Outputs> (*import)(LayerImport& layer) = nullptr;
  /// Keys without a meaning at inference, beside those of every layer (see layer_import.cc).
  FixedList<std::string_view, 16> ignored = {};
  /// Outputs carry on the mask of the (first masked) input; otherwise import sets masks itself.
  bool passes_mask = false;
  bool takes_list = false;  ///< called with one list of tensors (merge layers)
  std::string_view doc = {};
};

/// What one file of src/keras/layers contributes: x.cc defines `LayerTable x_layers()`.
struct LayerTable {
  const LayerDef* first;
  size_t count;
};
constexpr LayerTable layer_table(const LayerDef& layer) { return {&layer, 1}; }
template <size_t N>
constexpr LayerTable layer_table(const LayerDef (&layers)[N]) {
  return {layers, N};
}
std::span<const LayerDef* const> all_layers();
const LayerDef* find_layer(std::string_view class_name);

/// One layer object of the model: the same for all its calls.
struct LayerObject {
  std::string name;             ///< in the configuration
  std::string path;             ///< with the names of the models around it: "backbone/conv1"
  std::string class_name;       ///< without module
  std::string module;           ///< Keras 3: "keras.layers", "keras.src.ops.numpy"; else empty
  std::string registered_name;  ///< Keras 3: "package>Class" of custom classes
  const nlohmann::json* record = nullptr;  ///< {"class_name": ..., "config": {...}, ...}
  WeightScope scope;
  bool listed = true;  ///< false for layers made up by a wrapper
};

/// One call of one layer: its arguments, configuration and weights, and the graph under
/// construction.
class LayerImport {
 public:
  LayerImport(GraphImport& graph, const LayerObject& object, CallArguments arguments);

  const LayerObject& object() const { return object_; }
  const Config& config() const { return config_; }
  Dialect dialect() const;
  GraphBuilder& builder() const;
  /// A name for tensors of this layer: its path.
  const std::string& name() const { return object_.path; }

  // Arguments.
  const CallArguments& arguments() const { return arguments_; }
  /// All tensors among the positional arguments, depth first, then none of the named ones.
  const std::vector<KerasTensor>& inputs() const { return inputs_; }
  size_t input_count() const { return inputs_.size(); }
  ValueId input(size_t i = 0) const { return inputs_[i].id; }
  /// The named argument, or positional argument `position`; null when absent.
  const Argument* argument(std::string_view name, size_t position = SIZE_MAX) const;
  /// The mask of input i: given by name ("mask"), or the one it carries; no_value without.
  ValueId mask(size_t i = 0) const;
  const Shape& shape(ValueId id) const { return builder().shape(id); }
  int rank(ValueId id) const { return builder().shape(id).rank(); }
  DType dtype(ValueId id) const { return builder().type(id).dtype; }

  // Weights, as float32 constants in the layout of the file.
  const WeightScope& scope() const { return object_.scope; }
  struct Array {
    Shape shape;
    std::vector<float> values;
  };
  /// The layer's own weights in these roles, in the order Keras makes them.
  Expected<std::vector<Array>> weights(std::initializer_list<std::string_view> roles) const;
  Expected<std::vector<Array>> weights(const WeightScope& scope,
                                       std::span<const std::string_view> roles) const;
  ValueId constant(std::string_view role, Array array) const;
  ValueId constant(std::string_view role, Shape shape, std::vector<float> values) const;
  ValueId scalar(float value) const { return constant("scalar", {}, {value}); }
  ValueId int_constant(std::string_view role, std::vector<int32_t> values) const;
  ValueId int_scalar(int32_t value) const;

  // Nodes.
  /// One node with one output. `outputs` as in GraphBuilder::Emission.
  Expected<ValueId> emit(const OpDef& op, Attributes attributes, std::vector<ValueId> inputs,
                         std::vector<TensorType> outputs = {}) const;
  /// With the operator's default options.
  Expected<ValueId> emit(const OpDef& op, std::vector<ValueId> inputs) const;
  template <class T>
  requires(!std::is_same_v<T, Attributes>) Expected<ValueId> emit(const OpDef& op, T options,
                                                                  std::vector<ValueId> inputs)
  const { return emit(op, Attributes::of(*op.attributes, std::move(options)), std::move(inputs)); }
  /// The activation in config key `key` (a name, or an object with class and config); linear when
  /// absent.
  Expected<ValueId> activate(ValueId x, std::string_view key = "activation") const;
  /// The shape [-1 or extents]; shapes with more than one open extent are computed from `like`
  /// axes: see reshape.h.
  Expected<ValueId> reshape(ValueId x, const std::vector<int64_t>& extents) const;
  Expected<ValueId> transpose(ValueId x, const std::vector<int32_t>& permutation) const;
  Expected<ValueId> cast(ValueId x, DType dtype) const;
  /// `data_format` of the configuration says channels_first.
  Expected<bool> channels_first() const;
  /// Channels-first data as channels-last, and back; x itself when channels are last already.
  Expected<ValueId> to_channels_last(ValueId x, bool channels_first) const;
  Expected<ValueId> from_channels_last(ValueId x, bool channels_first) const;

  // Layers inside layers (wrappers, cells).
  /// Calls the layer of a record {"class_name", "config"}; `attribute` is where Keras keeps its
  /// weights in this layer.
  Expected<Outputs> call(const nlohmann::json& record, const WeightScope& scope,
                         CallArguments arguments) const;
  Expected<Outputs> call(const LayerObject& object, CallArguments arguments) const;
  LayerObject inner(const nlohmann::json& record, const WeightScope& scope) const;

  /// Gives outputs without a mask the first mask among the inputs.
  void pass_mask(Outputs& outputs) const;
  /// Options that import never read: see Config::unread.
  std::vector<std::string> unread(const std::vector<std::string_view>& ignored) const;

  /// An error about this layer: unsupported, with its place.
  Error refuse(std::string message, std::string received = {}, std::string advice = {}) const;
  GraphImport& graph() const { return graph_; }

 private:
  GraphImport& graph_;
  const LayerObject& object_;
  CallArguments arguments_;
  std::vector<KerasTensor> inputs_;
  Config config_;
};

/// The element type of an input layer: its dtype, floats of any width as f32.
Expected<DType> input_dtype(const Config& config);

/// Calls the activation `name` on x, with the meaning it has in this generation of Keras.
Expected<ValueId> apply_activation(const LayerImport& layer, ValueId x, std::string_view name);

inline CallArguments one_argument(KerasTensor tensor) { return {{Argument{.tensor = tensor}}, {}}; }
inline Outputs single(ValueId id) { return {KerasTensor{id, no_value}}; }

}  // namespace wherry::keras
