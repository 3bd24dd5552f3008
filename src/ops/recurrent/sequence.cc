// Checks of states and operands of recurrent operators, and their activations.
#include "ops/recurrent/sequence.h"

#include <algorithm>

namespace wherry::recurrent {

Status check_state(const InferContext& context, int i, DType dtype, int64_t elements) {
  std::string_view op = context.op().name;
  ENSURE(context.has_input(i), op, " needs a state as input ", i);
  const TensorType& type = context.input(i);
  ENSURE(type.dtype == dtype, op, " needs a state of type ", dtype, " as input ", i, ", got ",
         type.dtype);
  ENSURE(type.shape.elements() == elements, op, " needs a state of ", elements,
         " elements as input ", i, ", got the shape ", type.shape);
  CHECK(context.graph());
  ValueId id = context.node().inputs[static_cast<size_t>(i)];
  const Value& value = context.graph()->value(id);
  const std::vector<ValueId>& fed = context.graph()->inputs;
  bool is_fed = std::find(fed.begin(), fed.end(), id) != fed.end();
  ENSURE(value.is_variable && !value.constant && !is_fed, op, " needs a variable as state, ",
         quoted(value.name), " is ", is_fed ? "an input of the graph" : "no variable");
  return {};
}

Status check_operand(const InferContext& context, int i, TypeSet types, const Shape& shape,
                     std::string_view what) {
  std::string_view op = context.op().name;
  ENSURE(context.has_input(i), op, " needs ", what, " (input ", i, ")");
  const TensorType& type = context.input(i);
  ENSURE(types.contains(type.dtype), op, " needs ", what, " (input ", i, ") of type ",
         names_of(types), ", got ", type.dtype);
  ENSURE(type.shape == shape, op, " needs ", what, " (input ", i, ") of shape ", shape, ", got ",
         type.shape);
  return {};
}

float activated(Activation activation, float x) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return x < 0 ? 0.0f : x;
    case Activation::relu_n1_to_1:
      return x < -1 ? -1.0f : x > 1 ? 1.0f : x;
    case Activation::relu6:
      return x < 0 ? 0.0f : x > 6 ? 6.0f : x;
    case Activation::tanh:
      return std::tanh(x);
    case Activation::sign_bit:
      return std::signbit(x) ? 1.0f : 0.0f;
  }
  return x;
}

}  // namespace wherry::recurrent
