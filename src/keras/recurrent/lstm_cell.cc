// LSTM: i, f, o = recurrent_activation(x W + h U + b), g = activation(...), c = f c + i g,
// h = o activation(c).
#include "keras/recurrent/lstm_cell.h"

#include "keras/recurrent/cell_options.h"
#include "ops/recurrent/unidirectional_sequence_lstm.h"

namespace wherry::keras {
namespace {

class LstmCell final : public LstmStep {
 public:
  using LstmStep::LstmStep;
  Expected<Values> project(ValueId x) override {
    TRY(check_depth(x));
    return Values{TRY(
        layer_.fully_connected(x, weights_.kernel(layer_, gates), weights_.bias(layer_, gates)))};
  }
  std::string why_not_fused() const override;
  Expected<ValueId> fused(const FusedSequence& sequence) override;

 protected:
  Expected<ValueId> recurrent_product(ValueId output) override {
    return layer_.fully_connected(output, weights_.recurrent(layer_, gates));
  }

 private:
  Status check_depth(ValueId x) const {
    int64_t depth = layer_.shape(x).back();
    ENSURE(Shape{depth} == weights_.kernel_rows(), "the layer has weights for ",
           weights_.kernel_rows().dims(), " features, but gets ", depth);
    return {};
  }
};

std::string LstmCell::why_not_fused() const {
  if (activation_option(layer_, "recurrent_activation") != "sigmoid")
    return "the operator's gates know no other recurrent activation than sigmoid";
  // Without an activation stock runtimes leave the operator's output unwritten.
  std::string_view activation = activation_option(layer_, "activation");
  if (activation == "linear" || !fused_activation(activation))
    return "the operator does not have this activation";
  return {};
}

Expected<ValueId> LstmCell::fused(const FusedSequence& sequence) {
  TRY(check_depth(sequence.x));
  Values inputs = {sequence.x};
  for (int gate : {0, 1, 2, 3}) inputs.push_back(weights_.kernel(layer_, {&gate, 1}));
  for (int gate : {0, 1, 2, 3}) inputs.push_back(weights_.recurrent(layer_, {&gate, 1}));
  inputs.insert(inputs.end(), 3, no_value);  // peepholes
  for (int gate : {0, 1, 2, 3}) {
    // The operator insists on a bias.
    ValueId zeros = no_value;
    if (!weights_.has_bias())
      zeros = layer_.constant(std::vector<float>(static_cast<size_t>(width()), 0.0f), {width()},
                              "bias");
    inputs.push_back(weights_.has_bias() ? weights_.bias(layer_, {&gate, 1}) : zeros);
  }
  inputs.insert(inputs.end(), 2, no_value);  // projection
  inputs.insert(inputs.end(), sequence.states.begin(), sequence.states.end());
  inputs.insert(inputs.end(), 4, no_value);  // layer normalisation
  op::UnidirectionalSequenceLstm options{
      .fused_activation_function = *fused_activation(activation_option(layer_, "activation")),
      .time_major = sequence.time_major};
  return layer_.node(op::unidirectional_sequence_lstm, options, std::move(inputs));
}

}  // namespace

std::string LstmStep::why_not_fused() const {
  return "no operator computes a whole sequence of this cell";
}

Expected<Values> LstmStep::step(const Values& parts, const Values& states) {
  int64_t units = width();
  ValueId gated = parts[0];
  if (states[0] != no_value) gated = TRY(layer_.add(gated, TRY(recurrent_product(states[0]))));
  Values halves = TRY(layer_.split(gated, {3 * units, units}, -1));
  Values opened =
      TRY(activated_parts(layer_, halves[0], "recurrent_activation", {units, units, units}));
  ValueId candidate = TRY(layer_.activate(halves[1], "activation"));
  ValueId cell = TRY(layer_.multiply(opened[0], candidate));
  if (states[1] != no_value)
    cell = TRY(layer_.add(TRY(layer_.multiply(opened[1], states[1])), cell));
  ValueId output = TRY(layer_.multiply(opened[2], TRY(layer_.activate(cell, "activation"))));
  return Values{output, cell};
}

Expected<std::unique_ptr<Cell>> make_lstm_cell(LayerImport layer) {
  GateWeights weights = TRY(GateWeights::take(layer, 4, layer.integer("units"), has_bias(layer)));
  return std::unique_ptr<Cell>(new LstmCell(std::move(layer), std::move(weights)));
}

}  // namespace wherry::keras
