// What a layer's import function works with: options, inputs, weights and the nodes to emit.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "keras/emitter.h"
#include "keras/import.h"
#include "keras/layer_record.h"

namespace wherry::keras {

/// A layer, or an activation function of a layer, of which the file holds no more than its name.
struct PythonCode {
  LayerRecord record;
  std::string path;
  WeightScope scope;
  std::string activation = {};
};

/// Everything that lasts for the import of one file.
struct ImportState {
  const SavedModel& saved;
  const ImportOptions& options;
  std::deque<GraphState> graphs = {};  ///< the first is the main one; references stay valid
  std::vector<std::string> warnings = {};
  std::vector<Error> errors = {};
  std::set<std::string> refused = {};       ///< paths of layers that cannot be imported
  std::vector<std::string> forms = {};      ///< of recurrent layers, for people
  std::set<std::string> used_recipes = {};  ///< by their titles
  std::vector<PythonCode> python = {};      ///< what only a recipe can replace
  std::map<int, Weight> reformed = {};      ///< by index: weights stored in an older form

  Dialect dialect() const { return saved.dialect; }
  /// Notes why a layer cannot be imported; the same reason only once. An error without message says
  /// that the reasons are noted already.
  void refuse(const Origin& origin, Error error);
  void warn(std::string text);
  /// "layer 'lstm' (LSTM): one operator"; the same only once.
  void note_form(std::string text);
};

/// What a layer gives back: one tensor or several, with or without masks.
struct Results {
  std::vector<KerasTensor> tensors;
  Results(ValueId value) : tensors{{value, -1}} {}
  Results(KerasTensor tensor) : tensors{tensor} {}
  Results(const std::vector<ValueId>& values) {
    for (ValueId value : values) tensors.push_back({value, -1});
  }
  Results(std::vector<KerasTensor> all) : tensors(std::move(all)) {}
};

/// How a weight becomes a constant: axes in this order (none: as stored), then this shape (none:
/// as it comes).
struct Layout {
  std::vector<int64_t> order = {};
  Shape shape = {};
};

class LayerImport : public Emitter {
 public:
  LayerImport(ImportState& state, GraphState& graph, const LayerDef& def, LayerRecord record,
              LayerCall call, WeightScope scope, std::string path);

  ImportState& state() { return *state_; }
  Dialect dialect() const { return state_->dialect(); }
  const LayerDef& def() const { return *def_; }
  const LayerRecord& record() const { return record_; }
  const LayerCall& call() const { return call_; }

  // Options: those that the LayerDef declares, with its defaults. None counts as absent.
  bool has(std::string_view key) const { return !option(key).is_none(); }
  const PyValue& option(std::string_view key) const;
  bool flag(std::string_view key) const;
  int64_t integer(std::string_view key) const;
  double real(std::string_view key) const;
  std::string_view text(std::string_view key) const;
  /// One number for each of `count` axes; a single one counts for all. All at least `least`.
  Expected<std::vector<int64_t>> sizes(std::string_view key, int count, int64_t least = 1) const;
  /// True when the option "data_format" puts channels before the spatial axes.
  bool channels_first() const;

  // Inputs.
  int input_count() const { return static_cast<int>(inputs_.size()); }
  ValueId input(int i = 0) const { return inputs_[static_cast<size_t>(i)].value; }
  const Shape& input_shape(int i = 0) const { return shape(input(i)); }
  KerasTensor input_tensor(int i = 0) const { return inputs_[static_cast<size_t>(i)]; }
  /// Numbers as float32, whatever the input's type.
  Expected<ValueId> float_input(int i = 0) { return to_float(input(i)); }
  /// One input of this rank. Errors: invalid_model.
  Expected<ValueId> input_of_rank(int rank);
  /// A further argument of the call, by name or, when position >= 0, by place; None when absent.
  const PyValue& argument(std::string_view name, int position = -1) const;
  /// The mask of input i, or the one given as argument: bool [batch, steps], or no_value.
  Expected<ValueId> mask(int i = 0);
  /// True when the model calls this layer as in training even when it only predicts. Never in
  /// Keras 3, where a model that predicts says so to all its layers.
  bool in_training() const;
  /// For layers that act at random while training. Errors: unsupported, when in_training().
  Status check_predicting() const;

  // Weights.
  const WeightScope& scope() const { return scope_; }
  /// Finds the weights in these roles, in the order in which Keras makes them; empty roles are
  /// those the options leave out. Errors: invalid_model.
  Status take(std::initializer_list<std::string_view> roles);
  Status take(std::vector<std::string_view> roles);
  /// This layer as the owner of the weights of an object in it: see WeightScope::sub.
  LayerImport part(std::string_view attribute, std::string_view name) const;
  bool holds(std::string_view role) const { return find_weight(role) != nullptr; }
  const Weight& stored(std::string_view role) const;
  /// From now on, for every call of the layer, the weight in this role is `weight`.
  void replace(std::string_view role, Weight weight);
  /// The weight as a constant. Errors: invalid_model when its shape is not `expected`.
  Expected<ValueId> weight(std::string_view role, const Shape& expected, const Layout& layout = {});
  Expected<std::vector<float>> floats(std::string_view role, const Shape& expected) const;

  // Nodes.
  /// The activation in an option of the layer.
  Expected<ValueId> activate(ValueId x, std::string_view key = "activation");
  Expected<Padding> padding(std::string_view key = "padding") const;
  /// Moves channels from axis 1 to the end, and back, where the options say so.
  Expected<ValueId> channels_to_last(ValueId x);
  Expected<ValueId> channels_from_last(ValueId x);
  /// The option "activation" of channels-last data, and the way back: an activation along an axis
  /// means the axis in the layer's own order.
  Expected<ValueId> activate_channels_last(ValueId x);

  /// The same layer, emitting into another graph.
  LayerImport in_graph(GraphState& other) const;
  /// The same layer, with weights from elsewhere.
  LayerImport with_scope(WeightScope scope) const;

  // Layers inside this one.
  /// Imports the layer described by `record`, called with `call`, as part of this one.
  Expected<Results> import_inner(const PyValue& record, LayerCall call, const WeightScope& scope);
  /// The same, not called yet: for wrappers that want its options and weights.
  Expected<LayerImport> inner(const PyValue& record, LayerCall call, const WeightScope& scope);

  /// An error of kind unsupported about this layer.
  Error unsupported(std::string message, std::string received = {}, std::string advice = {}) const;

 private:
  const ConfigKey& key_of(std::string_view key, std::initializer_list<KeyType> types) const;
  const Weight* find_weight(std::string_view role) const;

  ImportState* state_;
  const LayerDef* def_;
  LayerRecord record_;
  LayerCall call_;
  std::vector<KerasTensor> inputs_;
  WeightScope scope_;
  std::vector<std::pair<std::string_view, const Weight*>> weights_;
};

/// Imports one call of a layer, model or function into the graph; its weights are in `scope`.
Expected<Results> import_call(ImportState& state, GraphState& graph, const LayerRecord& record,
                              LayerCall call, const WeightScope& scope, const std::string& path);

/// Looks at a layer before anything is imported: all reasons why it cannot be go to
/// state.errors.
void survey(ImportState& state, const LayerRecord& record, const std::string& path,
            const WeightScope& scope = {});
/// Where each of a model's layers has its weights.
std::vector<WeightScope> scopes_of(const std::vector<LayerRecord>& layers,
                                   const WeightScope& model);

/// "layer 'block/conv' (Conv2D)".
std::string place_of(const Origin& origin);
/// "block" and "conv": "block/conv".
std::string joined_path(const std::string& outer, std::string_view name);

}  // namespace wherry::keras
