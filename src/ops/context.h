// What an operator definition is handed: types and known values at plan time, tensors at run time.
#pragma once

#include <string>
#include <vector>

#include "base/checked.h"
#include "ir/op_def.h"
#include "ir/tensor.h"

namespace wherry {

/// Plan time: input types with concrete shapes, the bytes of inputs that are known, and room for
/// output types.
class InferContext {
 public:
  /// An input: its type (null when absent), and its data when already known (null data otherwise).
  using Operand = TensorView;

  InferContext(const Model* model, const Graph* graph, const Node& node,
               std::vector<Operand> inputs, std::vector<TensorType> declared)
      : model_(model),
        graph_(graph),
        node_(node),
        inputs_(std::move(inputs)),
        outputs_(std::move(declared)),
        states_(outputs_.size()) {}

  const Node& node() const { return node_; }
  const OpDef& op() const { return *node_.op; }
  /// The whole model, for operators that name other graphs; null when there is none around.
  const Model* model() const { return model_; }
  const Graph* graph() const { return graph_; }
  template <class T>
  const T& attributes() const {
    return node_.attributes.as<T>();
  }

  int input_count() const { return static_cast<int>(inputs_.size()); }
  int output_count() const { return static_cast<int>(outputs_.size()); }
  bool has_input(int i) const { return i < input_count() && inputs_[static_cast<size_t>(i)].type; }
  const TensorType& input(int i) const { return *inputs_[static_cast<size_t>(i)].type; }
  const Shape& shape(int i) const { return input(i).shape; }
  DType dtype(int i) const { return input(i).dtype; }
  bool is_known(int i) const {
    bool known = has_input(i) && inputs_[static_cast<size_t>(i)].data;
    if (!known && has_input(i)) missed_values_ = true;
    return known;
  }
  /// True when values were asked for that are not known yet: with them `infer` may say more.
  bool missed_values() const { return missed_values_; }
  /// The data of input i, or a needs_values error when it is only known while running.
  Expected<TensorView> value(int i) const;
  /// The elements of an integer input (any integer type), or a needs_values error.
  Expected<std::vector<int64_t>> integers(int i) const;
  /// The single element of an integer input of any rank.
  Expected<int64_t> integer(int i) const;

  /// What the graph says of output i (its shape may be stale after a resize).
  const TensorType& declared(int i) const { return outputs_[static_cast<size_t>(i)]; }
  /// States type and shape of output i; checks the size. Quantisation stays as declared.
  Status set_output(int i, DType dtype, Shape shape);
  /// The shape of output i is known only after running (the operator calls Call::resize).
  void set_output_unknown(int i, DType dtype);

  enum class State : uint8_t { unset, known, unknown };
  State state(int i) const { return states_[static_cast<size_t>(i)]; }
  const std::vector<TensorType>& outputs() const { return outputs_; }

 private:
  const Model* model_;
  const Graph* graph_;
  const Node& node_;
  std::vector<Operand> inputs_;
  std::vector<TensorType> outputs_;
  std::vector<State> states_;
  mutable bool missed_values_ = false;
};

class Environment;

/// Run time: inputs and outputs of one execution of a node.
class Call {
 public:
  /// Gives output `i` a buffer of `bytes` bytes with shape `shape`; used by resize and set_bytes.
  using Allocate = Status (*)(void* owner, Call& call, int i, const Shape& shape, size_t bytes);

  Call(const Graph& graph, const Node& node, Environment& environment,
       std::span<const TensorView> inputs, std::span<TensorView> outputs, Allocate allocate,
       void* owner)
      : graph_(graph),
        node_(node),
        environment_(environment),
        inputs_(inputs),
        outputs_(outputs),
        allocate_(allocate),
        owner_(owner) {}

  const Graph& graph() const { return graph_; }
  const Node& node() const { return node_; }
  template <class T>
  const T& attributes() const {
    return node_.attributes.as<T>();
  }
  Environment& environment() const { return environment_; }

  int input_count() const { return static_cast<int>(inputs_.size()); }
  int output_count() const { return static_cast<int>(outputs_.size()); }
  bool has_input(int i) const { return i < input_count() && inputs_[static_cast<size_t>(i)].type; }
  /// Inputs may be written only when they are variables (is_variable).
  const TensorView& input(int i) const { return inputs_[static_cast<size_t>(i)]; }
  TensorView& output(int i) { return outputs_[static_cast<size_t>(i)]; }
  std::span<const TensorView> inputs() const { return inputs_; }
  const Shape& shape(int i) const { return input(i).shape(); }
  DType dtype(int i) const { return input(i).dtype(); }
  template <class T>
  const T* data(int i) const {
    return input(i).as<const T>();
  }
  template <class T>
  T* result(int i) {
    return output(i).as<T>();
  }
  /// The elements of an integer input of any integer type.
  std::vector<int64_t> integers(int i) const;
  /// The dense bytes of a constant of the graph that is not an input (blockwise scales).
  Expected<TensorView> constant(ValueId id) const;
  /// The type of an intermediate value (int8 LSTM): scales only.
  const TensorType* intermediate(int i) const;

  /// Gives an output that infer left unknown its shape, and memory.
  Status resize(int i, const Shape& shape);
  /// Gives a string output its shape and bytes (see string_bytes).
  Status set_bytes(int i, const Shape& shape, std::span<const std::byte> bytes);

 private:
  const Graph& graph_;
  const Node& node_;
  Environment& environment_;
  std::span<const TensorView> inputs_;
  std::span<TensorView> outputs_;
  Allocate allocate_;
  void* owner_;
};

/// Element i of integer data of any integer type.
int64_t integer_at(const TensorView& view, int64_t i);

/// Checks the node's inputs and outputs (number, presence, element types) against its definition,
/// runs `infer`, and checks that the output types agree with what the graph declares.
Status infer(InferContext& context);

/// "node 3 (CONV_2D, output 'x'), layer 'conv' (Conv2D)": for messages.
std::string place_of(const Graph& graph, const Node& node);

}  // namespace wherry
