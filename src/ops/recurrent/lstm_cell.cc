// Steps of an LSTM cell with float activations and float or int8 weights.
#include "ops/recurrent/lstm_cell.h"

#include <algorithm>

namespace wherry::recurrent {
namespace {

bool is_integer(const TensorView& view) { return view.dtype() != DType::f32; }

float clipped(float x, float clip) { return clip > 0 ? std::clamp(x, -clip, clip) : x; }

/// The peephole of a gate has no place of its own in the list for the cell gate.
int peephole_of(const LstmInputs& inputs, Gate gate) {
  if (gate == cell_gate) return -1;
  return inputs.peepholes + (gate == output_gate ? 2 : gate);
}

}  // namespace

LstmCell::LstmCell(const Call& call, const LstmInputs& inputs, const LstmRules& rules)
    : rules_(rules),
      couples_gates_(!call.has_input(inputs.data_weights)),
      depth_(call.shape(inputs.data).back()),
      data_(is_integer(call.input(inputs.data_weights + output_gate)), rules.asymmetric),
      aux_(data_),
      previous_(data_),
      hidden_(data_) {
  for (Gate gate : {input_gate, forget_gate, cell_gate, output_gate}) {
    if (gate == input_gate && couples_gates_) continue;
    GateParts& parts = gates_[gate];
    parts.data = Matrix::of(call, inputs.data_weights + gate);
    if (inputs.aux_weights >= 0) parts.aux = Matrix::of(call, inputs.aux_weights + gate);
    int recurrent = inputs.recurrent_weights + gate;
    if (call.shape(recurrent).rank() == 1)
      parts.diagonal = real_vector(call, recurrent);
    else
      parts.recurrent = Matrix::of(call, recurrent);
    parts.peephole = real_vector(call, peephole_of(inputs, gate));
    parts.bias = real_vector(call, inputs.biases + gate);
    if (inputs.norms >= 0) parts.norm = real_vector(call, inputs.norms + gate);
  }
  projection_ = Matrix::of(call, inputs.projection);
  projection_bias_ = real_vector(call, inputs.projection_bias);
  const GateParts& last = gates_[output_gate];
  sizes_.cells = last.data.rows;
  sizes_.outputs = last.recurrent ? last.recurrent.columns : sizes_.cells;
  if (last.aux) aux_depth_ = last.aux.columns;
}

void LstmCell::step(const float* data, const float* aux, float* output_state, float* cell_state) {
  data_.set({data, static_cast<size_t>(depth_)});
  if (aux) aux_.set({aux, static_cast<size_t>(aux_depth_)});
  previous_.set({output_state, static_cast<size_t>(sizes_.outputs)});
  for (Gate gate : {input_gate, forget_gate, cell_gate}) {
    if (gate != input_gate || !couples_gates_)
      compute_gate(gate, output_state, cell_state, values_[gate]);
  }
  update_cell_state(cell_state);
  compute_gate(output_gate, output_state, cell_state, values_[output_gate]);
  update_output_state(cell_state, output_state);
}

void LstmCell::compute_gate(Gate gate, const float* output_state, const float* cell_state,
                            std::vector<float>& result) {
  const GateParts& parts = gates_[gate];
  bool normalized = !parts.norm.empty();
  if (normalized)
    result.assign(static_cast<size_t>(sizes_.cells), 0.0f);
  else
    result = parts.bias;
  data_.multiply_add(parts.data, result.data());
  if (parts.aux) aux_.multiply_add(parts.aux, result.data());
  if (parts.recurrent) previous_.multiply_add(parts.recurrent, result.data());
  for (size_t c = 0; c < parts.diagonal.size(); ++c)
    result[c] += parts.diagonal[c] * output_state[c];
  for (size_t c = 0; c < parts.peephole.size(); ++c) result[c] += parts.peephole[c] * cell_state[c];
  if (normalized) {
    normalize(parts.norm, result);
    for (size_t c = 0; c < result.size(); ++c) result[c] += parts.bias[c];
  }
  for (float& x : result) x = gate == cell_gate ? activated(rules_.activation, x) : logistic(x);
}

void LstmCell::normalize(const std::vector<float>& norm, std::vector<float>& values) const {
  float count = static_cast<float>(values.size()), sum = 0, squares = 0;
  for (float x : values) sum += x;
  float mean = sum / count;
  for (float x : values) squares += (x - mean) * (x - mean);
  float inverse = 1.0f / std::sqrt(squares / count + 1e-8f);
  for (size_t c = 0; c < values.size(); ++c) values[c] = (values[c] - mean) * inverse * norm[c];
}

void LstmCell::update_cell_state(float* cell_state) {
  for (size_t c = 0; c < static_cast<size_t>(sizes_.cells); ++c) {
    float forget = values_[forget_gate][c];
    float input = couples_gates_ ? 1.0f - forget : values_[input_gate][c];
    cell_state[c] =
        clipped(forget * cell_state[c] + input * values_[cell_gate][c], rules_.cell_clip);
  }
}

void LstmCell::update_output_state(const float* cell_state, float* output_state) {
  hidden_values_.resize(static_cast<size_t>(sizes_.cells));
  for (size_t c = 0; c < hidden_values_.size(); ++c)
    hidden_values_[c] = values_[output_gate][c] * activated(rules_.activation, cell_state[c]);
  if (!projection_) {
    std::copy(hidden_values_.begin(), hidden_values_.end(), output_state);
    return;
  }
  size_t outputs = static_cast<size_t>(sizes_.outputs);
  for (size_t i = 0; i < outputs; ++i)
    output_state[i] = projection_bias_.empty() ? 0.0f : projection_bias_[i];
  hidden_.set(hidden_values_);
  hidden_.multiply_add(projection_, output_state);
  for (size_t i = 0; i < outputs; ++i)
    output_state[i] = clipped(output_state[i], rules_.projection_clip);
}

void run_lstm(const Call& call, const LstmInputs& inputs, const LstmRules& rules,
              const SequenceLayout& layout, bool backward, const LstmOutput& output) {
  LstmCell cell(call, inputs, rules);
  const LstmSizes& sizes = cell.sizes();
  const float* data = call.data<float>(inputs.data);
  bool has_aux = inputs.aux >= 0 && call.has_input(inputs.aux);
  const float* aux = has_aux ? call.data<float>(inputs.aux) : nullptr;
  int64_t aux_depth = has_aux ? call.shape(inputs.aux).back() : 0;
  for (int64_t b = 0; b < layout.batch; ++b) {
    float* output_state = call.input(inputs.output_state).as<float>() + b * sizes.outputs;
    float* cell_state = call.input(inputs.cell_state).as<float>() + b * sizes.cells;
    for (int64_t step = 0; step < layout.time; ++step) {
      int64_t at = layout.vector(b, backward ? layout.time - 1 - step : step);
      cell.step(data + at * layout.depth, aux ? aux + at * aux_depth : nullptr, output_state,
                cell_state);
      std::copy_n(output_state, sizes.outputs, output.data + at * output.width + output.first);
    }
  }
}

}  // namespace wherry::recurrent
