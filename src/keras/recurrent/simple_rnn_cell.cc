// SimpleRNN: h = activation(x W + h U + b).
#include "keras/recurrent/cell.h"
#include "keras/recurrent/cell_options.h"
#include "keras/recurrent/gate_weights.h"
#include "ops/recurrent/unidirectional_sequence_rnn.h"

namespace wherry::keras {
namespace {

class SimpleRnnCell final : public Cell {
 public:
  SimpleRnnCell(LayerImport layer, GateWeights weights)
      : Cell(std::move(layer), 1), weights_(std::move(weights)) {}
  int64_t width() const override { return weights_.units(); }

  Expected<Values> project(ValueId x) override {
    TRY(check_depth(x));
    return Values{
        TRY(layer_.fully_connected(x, weights_.kernel(layer_, only), weights_.bias(layer_, only)))};
  }

  Expected<Values> step(const Values& parts, const Values& states) override {
    ValueId sum = parts[0];
    if (states[0] != no_value) {
      ValueId product = TRY(layer_.fully_connected(states[0], weights_.recurrent(layer_, only)));
      sum = TRY(layer_.add(sum, product));
    }
    return Values{TRY(layer_.activate(sum, "activation"))};
  }

  std::string why_not_fused() const override {
    return fused_activation(activation_option(layer_, "activation"))
               ? ""
               : "the operator does not have this activation";
  }

  Expected<ValueId> fused(const FusedSequence& sequence) override {
    TRY(check_depth(sequence.x));
    ValueId bias = weights_.bias(layer_, only);
    if (bias == no_value)
      bias = layer_.constant(std::vector<float>(static_cast<size_t>(width()), 0.0f), {width()},
                             "bias");
    op::UnidirectionalSequenceRnn options{
        .fused_activation_function = *fused_activation(activation_option(layer_, "activation"))};
    return layer_.node(op::unidirectional_sequence_rnn, options,
                       {sequence.x, weights_.kernel(layer_, only), weights_.recurrent(layer_, only),
                        bias, sequence.states[0]});
  }

 private:
  static constexpr int only[] = {0};

  Status check_depth(ValueId x) const {
    int64_t depth = layer_.shape(x).back();
    ENSURE(Shape{depth} == weights_.kernel_rows(), "the layer has weights for ",
           weights_.kernel_rows().dims(), " features, but gets ", depth);
    return {};
  }

  GateWeights weights_;
};

}  // namespace

Expected<std::unique_ptr<Cell>> make_simple_rnn_cell(LayerImport layer) {
  GateWeights weights = TRY(GateWeights::take(layer, 1, layer.integer("units"), has_bias(layer)));
  return std::unique_ptr<Cell>(new SimpleRnnCell(std::move(layer), std::move(weights)));
}

}  // namespace wherry::keras
