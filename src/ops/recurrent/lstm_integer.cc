// Steps of an integer LSTM cell.
#include "ops/recurrent/lstm_integer.h"

#include <algorithm>

#include "ops/fixed_point_functions.h"
#include "ops/recurrent/fixed_gates.h"
#include "ops/recurrent/lstm_integer_scales.h"

namespace wherry::recurrent {
namespace {

int32_t wrapped(int64_t x) { return static_cast<int32_t>(static_cast<uint32_t>(x)); }

template <class T>
const T* data_or_null(const Call& call, int i) {
  return i >= 0 && call.has_input(i) ? call.data<T>(i) : nullptr;
}

/// Sums of products wrap as int32.
int32_t dot(const int8_t* a, const int8_t* b, int64_t count, int32_t b_zero, int32_t start) {
  uint32_t sum = static_cast<uint32_t>(start);
  for (int64_t i = 0; i < count; ++i) sum += static_cast<uint32_t>(a[i] * (b[i] - b_zero));
  return static_cast<int32_t>(sum);
}

class IntegerLstm {
 public:
  IntegerLstm(const Call& call, const LstmInputs& inputs, const IntegerLstmScales& scales)
      : call_(call), inputs_(inputs), scales_(scales), depth_(call.shape(inputs.data).back()) {
    const Shape& recurrent = call.shape(inputs.recurrent_weights + output_gate);
    cells_ = recurrent[0];
    outputs_ = recurrent[1];
    couples_gates_ = !call.has_input(inputs.data_weights);
  }
  int64_t cells() const { return cells_; }
  int64_t outputs() const { return outputs_; }

  /// One time step of `rows` sequences.
  void step(int64_t rows, const int8_t* data, int8_t* output_state, int16_t* cell_state) {
    for (Gate gate : {input_gate, forget_gate, cell_gate}) {
      if (gate != input_gate || !couples_gates_)
        compute_gate(gate, rows, data, output_state, cell_state);
    }
    update_cell_state(rows, cell_state);
    compute_gate(output_gate, rows, data, output_state, cell_state);
    update_output_state(rows, cell_state, output_state);
  }

 private:
  void compute_gate(Gate gate, int64_t rows, const int8_t* data, const int8_t* output_state,
                    const int16_t* cell_state) {
    std::vector<int16_t>& values = values_[gate];
    values.resize(static_cast<size_t>(rows * cells_));
    const int8_t* weights = call_.data<int8_t>(inputs_.data_weights + gate);
    const int8_t* recurrent = call_.data<int8_t>(inputs_.recurrent_weights + gate);
    const int32_t* bias = call_.data<int32_t>(inputs_.biases + gate);
    const int16_t* norm =
        inputs_.norms < 0 ? nullptr : data_or_null<int16_t>(call_, inputs_.norms + gate);
    const GateScales& scales = scales_.gates[gate];
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t c = 0; c < cells_; ++c) {
        int32_t from_data = dot(weights + c * depth_, data + row * depth_, depth_,
                                scales_.data_zero, norm ? 0 : bias[c]);
        int32_t from_state = dot(recurrent + c * outputs_, output_state + row * outputs_, outputs_,
                                 scales_.output_zero, 0);
        int32_t sum = saturated16(multiply(from_data, scales.data));
        int64_t both = int64_t{sum} + multiply(from_state, scales.recurrent);
        values[static_cast<size_t>(row * cells_ + c)] =
            static_cast<int16_t>(std::clamp<int64_t>(both, INT16_MIN, INT16_MAX));
      }
    }
    add_peephole(gate, rows, cell_state, values);
    for (int64_t row = 0; norm && row < rows; ++row)
      normalize(norm, bias, scales, {values.data() + row * cells_, static_cast<size_t>(cells_)});
    for (int16_t& x : values) x = gate == cell_gate ? fixed_tanh(x, 3) : fixed_logistic(x);
  }

  /// The stock kernel takes the number of outputs for that of the cells, so that with a projection
  /// only the first rows * outputs elements of the batch get the (misplaced) weights. Results of
  /// existing models depend on it. More outputs than cells, where it would leave the tensors,
  /// count as cells.
  void add_peephole(Gate gate, int64_t rows, const int16_t* cell_state,
                    std::vector<int16_t>& values) const {
    const int16_t* weights =
        gate == cell_gate
            ? nullptr
            : data_or_null<int16_t>(call_, inputs_.peepholes + (gate == output_gate ? 2 : gate));
    if (!weights) return;
    int64_t width = std::min(outputs_, cells_);
    for (int64_t i = 0; i < rows * width; ++i) {
      int32_t product = multiply(weights[i % width] * cell_state[i], scales_.gates[gate].peephole);
      int16_t& value = values[static_cast<size_t>(i)];
      value =
          static_cast<int16_t>(std::clamp<int64_t>(int64_t{product} + value, INT16_MIN, INT16_MAX));
    }
  }

  static void normalize(const int16_t* norm, const int32_t* bias, const GateScales& scales,
                        std::span<int16_t> values) {
    int64_t count = static_cast<int64_t>(values.size()), sum = 0, squares = 0;
    if (count == 0) return;
    for (int64_t x : values) sum += x, squares += x * x;
    // The mean has 10 bits after the point, the variance none.
    int32_t mean = static_cast<int32_t>(sum * 1024 / count);
    int64_t variance = (squares * ((1 << 20) / count) - int64_t{mean} * mean) / (1 << 20);
    if (variance < 1) variance = scales.variance_guard;
    FixedMultiplier inverse = fixed_inverse_square_root(static_cast<int32_t>(variance));
    for (size_t c = 0; c < values.size(); ++c) {
      int32_t normalized = multiply(1024 * values[c] - mean, inverse);
      int64_t weighted = wrapped(int64_t{wrapped(int64_t{normalized} * norm[c])} + bias[c]);
      int32_t rounded = static_cast<int32_t>((weighted + (weighted > 0 ? 512 : -512)) / 1024);
      values[c] = saturated16(multiply(rounded, scales.norm));
    }
  }

  void update_cell_state(int64_t rows, int16_t* cell_state) const {
    int product_shift = 30 + scales_.cell_exponent;
    int32_t clip = scales_.cell_clip;
    for (int64_t i = 0; i < rows * cells_; ++i) {
      size_t k = static_cast<size_t>(i);
      int16_t forget = values_[forget_gate][k];
      int32_t input = couples_gates_ ? 32767 - forget : values_[input_gate][k];
      int16_t kept = static_cast<int16_t>(rounding_divide_by_power(forget * cell_state[i], 15));
      int32_t added = rounding_divide_by_power(input * values_[cell_gate][k], product_shift);
      int16_t state = saturated16(kept + added);
      cell_state[i] =
          clip > 0 ? static_cast<int16_t>(std::clamp<int32_t>(state, -clip, clip)) : state;
    }
  }

  void update_output_state(int64_t rows, const int16_t* cell_state, int8_t* output_state) {
    bool projected = call_.has_input(inputs_.projection);
    hidden_.resize(static_cast<size_t>(rows * cells_));
    for (size_t i = 0; i < hidden_.size(); ++i) {
      int16_t x = fixed_tanh_of_scaled(cell_state[i], scales_.cell_exponent);
      int64_t value = multiply(values_[output_gate][i] * x, scales_.hidden);
      // The projection wants its operand without the zero point of its own scale.
      value += projected ? -scales_.hidden_zero : scales_.hidden_zero;
      hidden_[i] = static_cast<int8_t>(std::clamp<int64_t>(value, -128, 127));
    }
    if (projected)
      project(rows, output_state);
    else
      std::copy(hidden_.begin(), hidden_.end(), output_state);
  }

  void project(int64_t rows, int8_t* output_state) const {
    const int8_t* weights = call_.data<int8_t>(inputs_.projection);
    const int32_t* bias = data_or_null<int32_t>(call_, inputs_.projection_bias);
    int32_t clip = scales_.projection_clip;
    for (int64_t row = 0; row < rows; ++row) {
      for (int64_t o = 0; o < outputs_; ++o) {
        int32_t sum = dot(weights + o * cells_, hidden_.data() + row * cells_, cells_,
                          -scales_.hidden_zero, bias ? bias[o] : 0);
        int64_t value = int64_t{multiply(sum, scales_.projection)} + scales_.output_zero;
        value = std::clamp<int64_t>(value, -128, 127);
        if (clip > 0) value = std::clamp<int64_t>(value, -clip, clip);
        output_state[row * outputs_ + o] = static_cast<int8_t>(value);
      }
    }
  }

  const Call& call_;
  const LstmInputs& inputs_;
  const IntegerLstmScales& scales_;
  int64_t depth_, cells_ = 0, outputs_ = 0;
  bool couples_gates_ = false;
  std::vector<int16_t> values_[4];
  std::vector<int8_t> hidden_;
};

}  // namespace

Status check_integer_lstm(const InferContext& context, const LstmInputs& inputs,
                          const LstmRules& rules) {
  CHECK(context.graph());
  std::vector<const TensorType*> types = input_types(context);
  TRY(IntegerLstmScales::of(*context.graph(), context.node(), types, inputs, rules));
  return {};
}

Status run_integer_lstm(Call& call, const LstmInputs& inputs, const LstmRules& rules,
                        const SequenceLayout& layout, bool together) {
  std::vector<const TensorType*> types = input_types(call);
  IntegerLstmScales scales =
      TRY(IntegerLstmScales::of(call.graph(), call.node(), types, inputs, rules));
  IntegerLstm lstm(call, inputs, scales);
  int64_t rows = together ? layout.batch : 1, count = rows * lstm.outputs();
  const int8_t* data = call.data<int8_t>(inputs.data);
  for (int64_t b = 0; b < layout.batch; b += std::max<int64_t>(rows, 1)) {
    int8_t* output_state = call.input(inputs.output_state).as<int8_t>() + b * lstm.outputs();
    int16_t* cell_state = call.input(inputs.cell_state).as<int16_t>() + b * lstm.cells();
    for (int64_t t = 0; t < layout.time; ++t) {
      int64_t at = layout.vector(b, t);
      lstm.step(rows, data + at * layout.depth, output_state, cell_state);
      std::copy_n(output_state, count, call.result<int8_t>(0) + at * lstm.outputs());
    }
  }
  return {};
}

}  // namespace wherry::recurrent
