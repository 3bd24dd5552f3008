// What a pass is: a rewrite of one place in a graph that keeps the graph's meaning.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/op_def.h"
#include "ir/workshop.h"

namespace wherry {

class PassContext;

/// New nodes and values to put in the place of old ones. Nodes are inserted just before the root,
/// so they may use everything the root may use.
class Patch {
 public:
  explicit Patch(const Graph& graph) : first_new_(static_cast<ValueId>(graph.values.size())) {}

  ValueId constant(std::string name, TensorType type, Constant data) {
    return add({.name = std::move(name), .type = std::move(type), .constant = std::move(data)});
  }
  /// A node with one output of this type.
  ValueId emit(const OpDef& op, Attributes attributes, std::vector<ValueId> inputs, TensorType type,
               std::string name = {}) {
    ValueId id = add({.name = std::move(name), .type = std::move(type)});
    nodes_.push_back({.op = &op,
                      .attributes = std::move(attributes),
                      .inputs = std::move(inputs),
                      .outputs = {id}});
    return id;
  }
  /// As emit, for a node that does the work of `like` and more: it keeps the layer of `like`.
  ValueId emit_as(const Node& like, Attributes attributes, std::vector<ValueId> inputs,
                  TensorType type) {
    ValueId id = emit(*like.op, std::move(attributes), std::move(inputs), std::move(type));
    nodes_.back().origin = like.origin;
    return id;
  }
  /// Every use of `old` becomes a use of `replacement`; a new value takes over the name of the old
  /// one.
  void replace(ValueId old, ValueId replacement) { replacements_.emplace_back(old, replacement); }

 private:
  friend class GraphEditor;
  ValueId add(Value value) {
    values_.push_back(std::move(value));
    return first_new_ + static_cast<ValueId>(values_.size() - 1);
  }
  ValueId first_new_;
  std::vector<Value> values_;
  std::vector<Node> nodes_;
  std::vector<std::pair<ValueId, ValueId>> replacements_;
};

struct Pass {
  std::string_view name;
  /// Operators at which `rewrite` is tried; none: every node.
  FixedList<const OpDef*, 16> roots = {};
  /// Passes that must stand earlier in a pipeline that has them.
  FixedList<std::string_view, 4> after = {};
  /// A patch, or nothing when the pass does not apply at this root.
  std::optional<Patch> (*rewrite)(const PassContext& context, const Node& root) = nullptr;
  std::string_view doc = {};
};

/// What a rewrite may ask about the graph.
class PassContext {
 public:
  virtual ~PassContext() = default;
  virtual const Model& model() const = 0;
  virtual const Graph& graph() const = 0;
  /// The node that makes the value; null for inputs and constants.
  virtual const Node* producer(ValueId id) const = 0;
  /// Nodes that read the value, one entry per use.
  virtual std::vector<const Node*> consumers(ValueId id) const = 0;
  virtual bool is_output(ValueId id) const = 0;
  /// Whether `a` runs before `b`.
  virtual bool precedes(const Node& a, const Node& b) const = 0;
  /// Makes the large constants of patches.
  virtual const Workshop& workshop() const = 0;

  const TensorType& type(ValueId id) const { return graph().value(id).type; }
  bool is_constant(ValueId id) const {
    return id != no_value && static_cast<bool>(graph().value(id).constant);
  }
  /// The producer when it is of this operator and the value has one use and is no graph output.
  const Node* sole_producer(ValueId id, const OpDef& op) const;
  /// The only reader of the value; null when there are several, or the value is a graph output.
  const Node* sole_consumer(ValueId id) const;
  Patch patch() const { return Patch(graph()); }
};

}  // namespace wherry
