// The weights of a saved Keras model, and how a layer finds its own.
//
// Keras files name weights in two ways. An .h5 file has a group per layer with a list of names such
// as "lstm/lstm_cell/kernel:0"; a nested model puts all its weights into one group. A .keras file
// has a tree of Python attributes ("layers/lstm_1/cell/vars/0") without any names of weights.
// WeightScope hides the difference; a layer states what it looks for in both languages:
//
//   WeightScope scope = model.weights.layer({"lstm_1", "LSTM", 1});   // name, class, count so far
//   auto weights = TRY(scope.sub("cell").take({"kernel", "recurrent_kernel", "bias"}));
//
// Nested models, wrappers and lists of objects:
//
//   scope = model.weights.nested({"backbone", "Functional", 0}).layer({"conv", "Conv2D", 0});
//   scope = scope.sub("forward_layer", "forward_lstm").sub("cell");   // Bidirectional
//   scope = scope.sub("query_dense", "query");                        // MultiHeadAttention
//   scope = scope.sub("cell").element("cells", {"lstm_cell_1", "LSTMCell", 1});  // StackedRNNCells
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ir/model.h"
#include "ir/workshop.h"

namespace wherry::keras {

/// One stored variable.
struct Weight {
  std::string path;  ///< in the file: "dense/kernel:0" or "layers/dense/vars/0"
  DType dtype = DType::f32;
  Shape shape;
  Constant data;  ///< little-endian, often a view into the file: at any alignment
  int index = 0;  ///< in the file, 0 to SavedModel::weight_count - 1
};

/// The elements as floats, whatever the type. Errors: unsupported, for types without numbers.
Expected<std::vector<float>> as_floats(const Weight& weight);
/// The same as a constant, which for large weights reads the file when it is needed. Errors: as
/// above.
Expected<Constant> float_constant(const Weight& weight, const Workshop& workshop = Workshop());

/// The weights of one object in a .keras file, or of one outermost layer in an .h5 file.
struct WeightGroup {
  std::string key;   ///< name of the group in the file, "dense_1"
  std::string name;  ///< name of the layer, when the file records it
  std::string path;  ///< "layers/dense_1"
  std::vector<Weight> weights;
  std::vector<WeightGroup> groups;
};

/// All weights of a file. `named`: weights have names (.h5) rather than numbers (.keras).
struct WeightTree {
  bool named = false;
  WeightGroup root;
  int count = 0;
  uint64_t bytes = 0;
};

/// How a layer is known to its container.
struct LayerKey {
  std::string_view name;        ///< in the configuration
  std::string_view class_name;  ///< in the configuration; "package>Class" for registered ones
  int class_index = 0;  ///< how many layers of the container's list before it are of its class
};

/// The weights of the whole model, of a layer or of an object inside a layer. A scope may be empty:
/// that is no error before a weight is taken.
class WeightScope {
 public:
  WeightScope() = default;
  explicit WeightScope(std::shared_ptr<const WeightTree> tree);

  /// A layer of this model.
  WeightScope layer(const LayerKey& key) const;
  /// A model (or a layer with layers of its own) in this model, to be asked for its layers. What a
  /// file with names does not list at all is this model itself: Keras 1 listed the layers of models
  /// that a Sequential merges as if they were its own.
  WeightScope nested(const LayerKey& key) const;
  /// The object that a layer holds in a Python attribute, such as "cell" or "forward_layer"; with
  /// or without a leading underscore. `name` is its Keras name, when it is known.
  WeightScope sub(std::string_view attribute, std::string_view name = {}) const;
  /// An object in a list that a layer holds in an attribute, such as "cells".
  WeightScope element(std::string_view attribute, const LayerKey& key) const;

  /// The weights of this object in these roles, in this order: all that it has by itself, trainable
  /// ones first, as Keras builds them ("kernel", "bias"; "gamma", "beta", "moving_mean", ...).
  /// Named weights are matched by name in any order, and others may be left over; numbered ones
  /// must be exactly as many. Errors: invalid_model.
  Expected<std::vector<const Weight*>> take(std::span<const std::string_view> roles) const;
  Expected<std::vector<const Weight*>> take(std::initializer_list<std::string_view> roles) const {
    return take(std::span<const std::string_view>(roles.begin(), roles.size()));
  }
  /// The weight in one role, or null; only for files whose weights have names.
  const Weight* named(std::string_view role) const;
  /// True when weights have names: then `named` works, and own() includes weights of sub-objects.
  bool has_names() const { return tree_ && tree_->named; }

  /// The names of the layers that a file with names lists, in the order of the model; none within a
  /// layer.
  std::vector<std::string_view> listed_names() const;
  /// The weights of this object by itself, in stored order.
  std::vector<const Weight*> own() const;
  /// The same with those of all objects inside it.
  std::vector<const Weight*> all() const;
  /// Where this is in the file, for messages: "layers/lstm_1/cell".
  const std::string& path() const { return path_; }

 private:
  /// A weight of a named file, what of its path is matched, and what is left as its role.
  struct Item {
    const Weight* weight = nullptr;
    size_t matched = 0;
    std::string_view role;
  };

  WeightScope narrowed(std::string_view name, bool lenient) const;
  WeightScope from_group(const WeightGroup* group, std::string_view missing) const;
  WeightScope from_outer_layer(const LayerKey& key) const;

  std::shared_ptr<const WeightTree> tree_;
  const WeightGroup* group_ = nullptr;  // of numbered files; the root of named ones
  std::vector<Item> items_;             // of named files, below the root
  std::string path_;
};

/// "Conv2DTranspose" -> "conv2d_transpose", by Keras' own rules; a "package>" in front is dropped.
std::string snake_case(std::string_view class_name);

}  // namespace wherry::keras
