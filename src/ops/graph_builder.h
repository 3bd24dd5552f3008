// Builds a graph node by node; types and shapes follow from the operators, unknown extents stay
// unknown.
#pragma once

#include <array>
#include <optional>

#include "ops/environment.h"

namespace wherry {

/// Extents tried in place of unknown ones. Operators only know concrete shapes, so each node is
/// inferred twice; an extent that differs between the two trials is unknown, one that agrees is
/// fixed.
struct UnknownExtents {
  std::array<int64_t, 2> batch = {2, 3};  ///< for an unknown axis 0 of an input
  std::array<int64_t, 2> other = {
      64, 96};  ///< for any other unknown axis; divisible as image sizes are
};

class GraphBuilder {
 public:
  explicit GraphBuilder(Graph& graph, UnknownExtents unknown = {})
      : graph_(graph), unknown_(unknown) {}

  Graph& graph() { return graph_; }
  const TensorType& type(ValueId id) const { return graph_.value(id).type; }
  /// Rank and extents as declared: -1 where unknown.
  const Shape& shape(ValueId id) const { return type(id).declared_shape(); }

  /// A graph input; extents of -1 are unknown.
  ValueId input(std::string name, DType dtype, const Shape& shape);
  ValueId constant(std::string name, TensorType type, Constant data);
  /// A variable: it starts at zero and keeps its contents from run to run.
  ValueId variable(std::string name, DType dtype, const Shape& shape);
  template <class T>
  ValueId constant(std::string name, Shape shape, std::vector<T> elements) {
    return constant(std::move(name), {dtype_of<T>, std::move(shape), {}, {}},
                    Constant::of(std::move(elements)));
  }

  struct Emission {
    const OpDef& op;
    Attributes attributes;
    std::vector<ValueId> inputs;
    int output_count = 1;
    /// Needed where operators do not decide it themselves (CAST, QUANTIZE, DEQUANTIZE, WHILE ...):
    /// then one per output, complete with shape (-1 allowed in `shape`) where infer leaves the
    /// shape open.
    std::vector<TensorType> outputs = {};
    std::string name = {};  ///< of the first output; further ones get ":1", ":2" appended
    /// Where infer leaves the shape of output i open, it is that of the value i of these, when
    /// given: loops keep the shapes of what goes through them.
    std::vector<ValueId> outputs_like = {};
  };
  /// Adds a node and its output values. Errors: those of the operator's infer, and needs_values
  /// where a shape depends on data.
  Expected<std::vector<ValueId>> emit(Emission emission);
  /// As above, the only output.
  Expected<ValueId> emit_one(Emission emission);

  /// Goes into every node emitted from now on.
  void set_origin(Origin origin) { origin_ = std::move(origin); }
  /// The values that a small integer tensor has in the two trials (constants: twice the same), if
  /// known.
  std::optional<std::array<std::vector<int64_t>, 2>> known_integers(ValueId id) const;

 private:
  struct Trial {
    TensorType type;
    std::optional<Tensor> data;  ///< of shape arithmetic
  };
  struct Trials {
    Trial trial[2];
  };
  void note_constant(ValueId id);
  TensorType type_left_open(const Emission& emission, size_t output, int trial) const;
  TensorView view_of(ValueId id, int trial) const;
  Expected<std::vector<Trial>> infer_trial(const Node& node, const Emission& emission,
                                           int trial) const;
  Status add_outputs(Node& node, std::vector<Trial> (&trials)[2], const Emission& emission);

  Graph& graph_;
  UnknownExtents unknown_;
  Origin origin_;
  std::vector<Trials> trials_;  ///< by value id
};

}  // namespace wherry
