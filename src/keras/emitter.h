// Emits the nodes of one layer: the vocabulary in which layers and functions say what they compute.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ir/op_def.h"
#include "keras/py_value.h"
#include "ops/graph_builder.h"

namespace wherry::keras {

class Emitter;

/// How to make the mask of a tensor, kept until somebody needs it.
struct MaskRecipe {
  Expected<ValueId> (*make)(Emitter& emitter, const MaskRecipe& recipe) = nullptr;
  ValueId source = no_value;
  double number = 0;
  std::vector<int64_t> integers = {};
  std::vector<int> masks = {};  ///< of other tensors
  Origin origin = {};
  std::optional<ValueId> made = {};
};

/// One graph in the making, shared by the emitters of all layers in it.
class GraphState {
 public:
  explicit GraphState(UnknownExtents unknown = {}) : builder(graph, unknown) {}
  GraphState(const GraphState&) = delete;

  Graph graph;
  GraphBuilder builder;
  std::map<std::string, ValueId> constants;  ///< by type and content: small ones
  std::map<std::string, ValueId> weights;    ///< by number in the file and layout
  std::map<std::string, int> names;          ///< how often a name was used
  std::vector<MaskRecipe> masks;
};

/// An extent of a new shape: a number, -1 for what is left over, or `times` an extent of another
/// tensor and `plus` more.
struct Extent {
  int64_t size = -1;
  ValueId of = no_value;  ///< its axis `axis`, known only while running
  int axis = 0;
  int64_t times = 1, plus = 0;
  Extent(int64_t number) : size(number) {}
  Extent(ValueId value, int of_axis) : of(value), axis(of_axis) {}
};
using Extents = std::vector<Extent>;

/// Part of an axis as Python slices it; absent ends are open.
struct Range {
  std::optional<int64_t> begin = {}, end = {};
  int64_t step = 1;
};

/// Amounts of padding or cropping before and after an axis.
struct Margin {
  int64_t before = 0, after = 0;
};

class Emitter {
 public:
  Emitter(GraphState& graph, Origin origin) : graph_(&graph), origin_(std::move(origin)) {}

  GraphState& graph() { return *graph_; }
  const Origin& origin() const { return origin_; }
  const Shape& shape(ValueId id) const { return graph_->builder.shape(id); }  ///< -1: unknown
  int rank(ValueId id) const { return shape(id).rank(); }
  DType dtype(ValueId id) const { return graph_->builder.type(id).dtype; }
  /// The axis counted from the front. Errors: invalid_model.
  Expected<int> axis(int64_t axis, ValueId x) const;
  Extent extent(ValueId x, int axis) const;
  Extents extents(ValueId x) const;

  // Constants.
  ValueId constant(std::vector<float> elements, Shape shape, std::string_view name = "constant");
  ValueId constant(std::vector<int32_t> elements, Shape shape, std::string_view name = "constant");
  ValueId integers(const std::vector<int64_t>& elements);  ///< int32, rank 1
  /// A scalar of the element type of `like`.
  Expected<ValueId> number(double value, ValueId like);
  Expected<ValueId> number(double value, DType dtype);
  ValueId raw_constant(std::string_view name, TensorType type, Constant data);
  /// The same; small ones of equal content are one.
  ValueId shared_constant(std::string_view name, TensorType type, Constant data);

  // Nodes. An operator without options, or with their defaults, is known by its name.
  /// An option of an operator, by the name that the format gives it.
  struct Option {
    std::string_view name;
    double value;
  };
  Expected<ValueId> node(std::string_view op, std::vector<ValueId> inputs,
                         std::initializer_list<Option> options = {},
                         std::vector<TensorType> outputs = {});
  template <class T>
  Expected<ValueId> node(const OpDef& op, T attributes, std::vector<ValueId> inputs,
                         std::vector<TensorType> outputs = {}) {
    std::vector<ValueId> made =
        TRY(emit({.op = op,
                  .attributes = Attributes::of(*op.attributes, std::move(attributes)),
                  .inputs = std::move(inputs),
                  .outputs = std::move(outputs)}));
    return made[0];
  }
  Expected<std::vector<ValueId>> emit(GraphBuilder::Emission emission);

  // Elementwise; both operands broadcast.
  Expected<ValueId> add(ValueId a, ValueId b) { return node("ADD", {a, b}); }
  Expected<ValueId> subtract(ValueId a, ValueId b) { return node("SUB", {a, b}); }
  Expected<ValueId> multiply(ValueId a, ValueId b) { return node("MUL", {a, b}); }
  Expected<ValueId> divide(ValueId a, ValueId b) { return node("DIV", {a, b}); }
  Expected<ValueId> maximum(ValueId a, ValueId b) { return node("MAXIMUM", {a, b}); }
  Expected<ValueId> minimum(ValueId a, ValueId b) { return node("MINIMUM", {a, b}); }
  /// The same with a number; neutral ones emit nothing.
  Expected<ValueId> plus(ValueId x, double number);
  Expected<ValueId> times(ValueId x, double number);
  Expected<ValueId> at_least(ValueId x, double number);
  Expected<ValueId> at_most(ValueId x, double number);
  /// condition ? a : b
  Expected<ValueId> select(ValueId condition, ValueId a, ValueId b);
  /// `x` itself when it has that type already.
  Expected<ValueId> cast(ValueId x, DType dtype);
  Expected<ValueId> to_float(ValueId x) { return cast(x, DType::f32); }
  Expected<ValueId> softmax(ValueId x, int64_t axis = -1);

  // Shapes.
  Expected<ValueId> reshape(ValueId x, const Extents& to);
  Expected<ValueId> expand(ValueId x, int axis);   ///< adds an axis of one element
  Expected<ValueId> squeeze(ValueId x, int axis);  ///< removes it
  /// Joins the axes [first, last) to one.
  Expected<ValueId> merge_axes(ValueId x, int first, int last);
  Expected<ValueId> transpose(ValueId x, const std::vector<int64_t>& order);
  Expected<ValueId> concatenate(const std::vector<ValueId>& parts, int64_t axis);
  Expected<ValueId> stack(const std::vector<ValueId>& parts, int64_t axis);
  /// The slices of an axis whose extent is known, without that axis.
  Expected<std::vector<ValueId>> unstack(ValueId x, int64_t axis);
  Expected<std::vector<ValueId>> split(ValueId x, const std::vector<int64_t>& sizes, int64_t axis);
  Expected<ValueId> slice(ValueId x, const std::vector<Range>& ranges);
  Expected<ValueId> slice_axis(ValueId x, int axis, Range range);
  Expected<ValueId> pad(ValueId x, const std::vector<Margin>& margins, double value = 0);
  Expected<ValueId> tile(ValueId x, const std::vector<int64_t>& multiples);
  Expected<ValueId> reverse(ValueId x, int64_t axis);
  /// The given extents as an int32 tensor of rank 1, computed while running where necessary.
  Expected<ValueId> shape_tensor(const Extents& extents);

  // Reductions and products.
  /// `op`: MEAN, SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_PROD, REDUCE_ANY or REDUCE_ALL.
  Expected<ValueId> reduce(std::string_view op, ValueId x, const std::vector<int64_t>& axes,
                           bool keep);
  /// a @ b over the last two axes, each transposed first where asked.
  Expected<ValueId> matmul(ValueId a, ValueId b, bool transpose_a = false,
                           bool transpose_b = false);
  /// x . transposed(weights [out, in]) + bias over the last axis; bias may be no_value.
  Expected<ValueId> fully_connected(ValueId x, ValueId weights, ValueId bias = no_value);

  // Masks.
  int add_mask(MaskRecipe recipe);
  /// A bool tensor [batch, steps], or no_value when every step counts.
  Expected<ValueId> mask_value(int mask);
  /// A mask that exists as a tensor.
  int mask_of(ValueId value);

  /// A name of its own in the graph, below the layer's.
  std::string name_for(std::string_view what);

 protected:
  GraphState* graph_;
  Origin origin_;

 private:
  bool is_shape_of(ValueId x, const Extents& extents) const;
};

}  // namespace wherry::keras
