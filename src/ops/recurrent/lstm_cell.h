// One LSTM cell as the three LSTM operators share it: its tensors, its checks, and its steps with
// float activations.
#pragma once

#include "ops/recurrent/matrix.h"
#include "ops/recurrent/sequence.h"

namespace wherry::recurrent {

/// Gates in the order in which their tensors follow each other.
enum Gate { input_gate = 0, forget_gate = 1, cell_gate = 2, output_gate = 3 };

/// The numbers of a cell's inputs; runs of tensors by their first; -1: the operator has none.
struct LstmInputs {
  int data = 0, aux = -1;
  int data_weights = 1;       ///< 4, by gate
  int aux_weights = -1;       ///< 4, by gate
  int recurrent_weights = 5;  ///< 4, by gate
  int peepholes = 9;          ///< 3: input, forget, output gate
  int biases = 12;            ///< 4, by gate
  int projection = 16, projection_bias = 17;
  int output_state = 18, cell_state = 19;
  int norms = 20;         ///< 4, by gate
  bool diagonal = false;  ///< recurrent weights may be vectors
};

struct LstmRules {
  Activation activation = Activation::tanh;
  float cell_clip = 0, projection_clip = 0;  ///< 0: none
  bool asymmetric = false;                   ///< how vectors are quantised for int8 weights
};

struct LstmSizes {
  int64_t cells = 0, outputs = 0;  ///< they differ only with a projection
};

/// Validates everything about a cell that steps through a sequence of this layout.
Expected<LstmSizes> check_lstm(const InferContext& context, const LstmInputs& inputs,
                               const SequenceLayout& layout, const LstmRules& rules);

/// Multiply-accumulates of a cell that steps `vectors` times.
int64_t lstm_macs(const InferContext& context, const LstmInputs& inputs, int64_t vectors);
/// Float data with integer weights; `weights` is the input of the output gate's weights.
bool is_hybrid_lstm(const Graph& graph, const Node& node, size_t weights);

/// A cell with float activations; its weights are all float, or all int8.
class LstmCell {
 public:
  LstmCell(const Call& call, const LstmInputs& inputs, const LstmRules& rules);
  const LstmSizes& sizes() const { return sizes_; }
  /// One time step of one sequence. `aux` is null without auxiliary weights.
  void step(const float* data, const float* aux, float* output_state, float* cell_state);

 private:
  struct GateParts {
    Matrix data, aux, recurrent;
    std::vector<float> diagonal, peephole, bias, norm;
  };
  void compute_gate(Gate gate, const float* output_state, const float* cell_state,
                    std::vector<float>& result);
  void normalize(const std::vector<float>& norm, std::vector<float>& values) const;
  void update_cell_state(float* cell_state);
  void update_output_state(const float* cell_state, float* output_state);

  LstmRules rules_;
  LstmSizes sizes_;
  bool couples_gates_;  ///< CIFG: the input gate is one minus the forget gate
  GateParts gates_[4];
  Matrix projection_;
  std::vector<float> projection_bias_;
  int64_t depth_, aux_depth_ = 0;
  QuantizedVector data_, aux_, previous_, hidden_;
  std::vector<float> values_[4], hidden_values_;
};

/// Where the outputs of a cell go: vectors of `width` elements, the cell's from `first` on.
struct LstmOutput {
  float* data = nullptr;
  int64_t width = 0, first = 0;
};
/// Steps a cell with float activations through all sequences, in time or against it.
void run_lstm(const Call& call, const LstmInputs& inputs, const LstmRules& rules,
              const SequenceLayout& layout, bool backward, const LstmOutput& output);

}  // namespace wherry::recurrent
