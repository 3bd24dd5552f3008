// Checks and steps of the plain recurrent cell.
#include "ops/recurrent/rnn_cell.h"

#include <algorithm>

#include "ops/requantization.h"

namespace wherry::recurrent {
namespace {

Status check_weights(const InferContext& context, int i, DType type, const Shape& shape,
                     std::string_view what) {
  TRY(check_operand(context, i, type, shape, what));
  if (type == DType::f32) return {};
  std::string name = cat("input ", i, " of ", context.op().name);
  TRY(check_one_scale(name, context.input(i)));
  return type == DType::u8 ? Status() : check_symmetric(name, context.input(i));
}

}  // namespace

Expected<int64_t> check_rnn(const InferContext& context, const RnnInputs& inputs,
                            const SequenceLayout& layout) {
  ENSURE(context.has_input(inputs.data_weights), context.op().name, " needs weights (input ",
         inputs.data_weights, ")");
  const TensorType& weights = context.input(inputs.data_weights);
  ENSURE(weights.shape.rank() == 2, context.op().name, " needs weights of two axes, got ",
         weights.shape);
  int64_t units = weights.shape[0];
  DType type = weights.dtype;
  TRY(check_weights(context, inputs.data_weights, type, {units, layout.depth}, "weights"));
  TRY(check_weights(context, inputs.recurrent_weights, type, {units, units}, "recurrent weights"));
  TRY(check_operand(context, inputs.bias, DType::f32, {units}, "a bias"));
  if (inputs.aux_weights >= 0) {
    TRY(check_weights(context, inputs.aux_weights, type, {units, context.shape(inputs.aux).back()},
                      "auxiliary weights"));
  }
  TRY(check_state(context, inputs.state, DType::f32, TRY(checked_multiply(layout.batch, units))));
  return units;
}

void run_rnn(const Call& call, const RnnInputs& inputs, const RnnRules& rules,
             const SequenceLayout& layout, bool backward, const RnnOutput& output) {
  Matrix weights = Matrix::of(call, inputs.data_weights),
         recurrent = Matrix::of(call, inputs.recurrent_weights),
         aux_weights = Matrix::of(call, inputs.aux_weights);
  size_t units = static_cast<size_t>(weights.rows);
  size_t depth = static_cast<size_t>(layout.depth);
  size_t aux_depth = static_cast<size_t>(aux_weights.columns);
  const float *data = call.data<float>(inputs.data), *bias = call.data<float>(inputs.bias);
  const float* aux = aux_weights ? call.data<float>(inputs.aux) : nullptr;
  QuantizedVector vector(weights.bytes != nullptr, rules.asymmetric);
  for (int64_t b = 0; b < layout.batch; ++b) {
    float* state = call.input(inputs.state).as<float>() + static_cast<size_t>(b) * units;
    for (int64_t step = 0; step < layout.time; ++step) {
      size_t at = static_cast<size_t>(layout.vector(b, backward ? layout.time - 1 - step : step));
      std::vector<float> sums(bias, bias + units);
      vector.set({data + at * depth, depth});
      vector.multiply_add(weights, sums.data());
      if (aux) {
        vector.set({aux + at * aux_depth, aux_depth});
        vector.multiply_add(aux_weights, sums.data());
      }
      vector.set({state, units});
      vector.multiply_add(recurrent, sums.data());
      for (size_t u = 0; u < units; ++u) state[u] = activated(rules.activation, sums[u]);
      std::copy_n(state, units,
                  output.data + static_cast<int64_t>(at) * output.width + output.first);
    }
  }
}

int64_t rnn_macs(const InferContext& context, const RnnInputs& inputs, int64_t vectors) {
  int64_t weights = context.shape(inputs.data_weights).elements() +
                    context.shape(inputs.recurrent_weights).elements();
  if (inputs.aux_weights >= 0) weights += context.shape(inputs.aux_weights).elements();
  return vectors * weights;
}

bool is_hybrid_rnn(const Graph& graph, const Node& node) {
  return node.inputs.size() > 1 && node.inputs[1] != no_value &&
         graph.value(node.inputs[1]).type.dtype != DType::f32;
}

}  // namespace wherry::recurrent
