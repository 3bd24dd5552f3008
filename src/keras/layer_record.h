// One layer as the model's configuration describes it, and one use of it in a graph.
#pragma once

#include <string>
#include <vector>

#include "keras/layer_def.h"
#include "keras/py_value.h"
#include "keras/reader/saved_model.h"

namespace wherry::keras {

/// What a layer is called with.
struct LayerCall {
  std::vector<PyValue> positional;
  std::vector<PyValue::Entry> named;

  const PyValue* find_named(std::string_view name) const;
  /// All tensors in the first argument: one, a list of them, or a dict in order of its keys.
  std::vector<KerasTensor> inputs() const;
};

struct LayerRecord {
  std::string name;
  std::string class_name;     ///< plain: "Gain" of "Demo>Gain"
  std::string stored_class;   ///< as in the file, for weights and messages
  std::string foreign_class;  ///< with where it comes from, "Demo>Gain"; empty for Keras' own
  PyValue config;             ///< a dict; of Sequential models of Keras 1 a list
  PyValue build_config;       ///< of Keras 2.12 and later; None otherwise
  PyValue inbound;            ///< one entry for each use of the layer in a graph
  bool is_nameless = false;   ///< the name is made up here
  bool is_foreign = false;    ///< the class comes from neither Keras nor TensorFlow
  bool is_operation = false;  ///< a function of keras.ops, not a layer

  bool is_input() const { return class_name == "InputLayer"; }
  bool is_model() const;  ///< has layers of its own
  bool is_graph() const;  ///< ... joined by named tensors, not one after the other
};

/// Reads {"class_name": ..., "config": ...}. Errors: malformed.
Expected<LayerRecord> layer_record(const PyValue& record, Dialect dialect);

/// The layers of a model in the order of the file; those without a name of their own get one.
/// Errors: malformed.
Expected<std::vector<LayerRecord>> layers_of(const LayerRecord& model, Dialect dialect);

/// The layer that an input of a sequence reaches first: the layer itself when it is no sequence.
/// Errors: malformed.
Expected<LayerRecord> first_layer(const LayerRecord& layer, Dialect dialect);
/// What a layer says of the input in front of it, as the options of an InputLayer.
PyValue input_options(const LayerRecord& layer);

}  // namespace wherry::keras
