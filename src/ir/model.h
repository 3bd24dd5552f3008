// A model in memory: graphs of nodes over values, with constants that may point into a mapped file.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ir/attributes.h"
#include "ir/constant.h"
#include "ir/tensor_type.h"

namespace wherry {

struct OpDef;
using NodeId = int32_t;
inline constexpr NodeId no_node = -1;

/// Sparse storage of a constant, as in the format: the bytes hold only the stored blocks.
struct Sparsity {
  struct Dimension {
    bool compressed = false;  ///< false: dense with `dense_size`; true: CSR segments and indices
    int32_t dense_size = 0;
    std::vector<int32_t> segments, indices;
    int segments_width = 32, indices_width = 32;  ///< bits per number in the file: 8, 16 or 32
    bool operator==(const Dimension&) const = default;
  };
  std::vector<int32_t> traversal_order, block_map;
  std::vector<Dimension> dimensions;
  bool operator==(const Sparsity&) const = default;
};

struct Value {
  std::string name;
  TensorType type;
  Constant constant;         ///< empty for activations
  bool is_variable = false;  ///< state: keeps its contents from one run to the next
  bool has_rank = false;     ///< as in the file; says nothing for non-scalars
  std::shared_ptr<const Sparsity> sparsity;
  std::vector<TensorType> variant_types;  ///< of a tensor list
  bool operator==(const Value& other) const;
};

/// Where a node came from, for messages: layer 'dense_3' (Dense).
struct Origin {
  std::string layer;
  std::string class_name;
  bool operator==(const Origin&) const = default;
};

struct Node {
  const OpDef* op = nullptr;
  Attributes attributes;
  std::vector<ValueId> inputs, outputs;  ///< no_value: an optional input that is absent
  std::vector<ValueId> intermediates;    ///< values that only carry quantisation (int8 LSTM)
  Origin origin;
  int version = 0;  ///< as read from the file; 0: not from a file. Never decides anything.
};

struct Graph {
  std::string name;
  std::vector<Value> values;
  std::vector<Node> nodes;  ///< in execution order
  std::vector<ValueId> inputs, outputs;

  const Value& value(ValueId id) const { return values[static_cast<size_t>(id)]; }
  Value& value(ValueId id) { return values[static_cast<size_t>(id)]; }
  ValueId add(Value value) {
    values.push_back(std::move(value));
    return static_cast<ValueId>(values.size() - 1);
  }
  /// For each value the node that makes it, or no_node.
  std::vector<NodeId> producers() const;
  /// For each value the nodes that read it, in order, one entry per use.
  std::vector<std::vector<NodeId>> consumers() const;
};

struct Signature {
  struct Entry {
    std::string name;
    ValueId value = no_value;
    bool operator==(const Entry&) const = default;
  };
  std::string key = "serving_default";
  int graph = 0;
  std::vector<Entry> inputs, outputs;
  bool operator==(const Signature&) const = default;
};

struct MetadataEntry {
  std::string name;
  Constant data;
  bool operator==(const MetadataEntry&) const = default;
};

struct Model {
  std::string description;
  std::vector<Graph> graphs;  ///< graph 0 is the main one
  std::vector<Signature> signatures;
  std::vector<MetadataEntry> metadata;
  Constant
      appended;  ///< bytes after the FlatBuffer (a zip with labels and the like), kept on writing
  const Graph& main() const { return graphs[0]; }
  Graph& main() { return graphs[0]; }
};

/// Equality of meaning and names, node by node; `version` and `origin` are not compared.
bool operator==(const Node& a, const Node& b);
bool operator==(const Graph& a, const Graph& b);
bool operator==(const Model& a, const Model& b);
/// The first difference in words, or empty: for tests and messages.
std::string difference(const Model& a, const Model& b);

}  // namespace wherry
