// GRU: z, r = recurrent_activation(x W + h U + b), g = activation(...) with the reset gate r before
// or after the recurrent product, h = z h + (1 - z) g.
#include "keras/recurrent/cell.h"
#include "keras/recurrent/cell_options.h"
#include "keras/recurrent/gate_weights.h"

namespace wherry::keras {
namespace {

/// Projections: update and reset gate side by side, candidate.
class GruCell final : public Cell {
 public:
  GruCell(LayerImport layer, GateWeights weights, bool reset_after)
      : Cell(std::move(layer), 1), weights_(std::move(weights)), reset_after_(reset_after) {}
  int64_t width() const override { return weights_.units(); }

  Expected<Values> project(ValueId x) override {
    int64_t depth = layer_.shape(x).back();
    ENSURE(Shape{depth} == weights_.kernel_rows(), "the layer has weights for ",
           weights_.kernel_rows().dims(), " features, but gets ", depth);
    // The recurrent bias of the gates may as well be added here.
    ValueId gates = TRY(layer_.fully_connected(x, weights_.kernel(layer_, gate_pair),
                                               weights_.bias(layer_, gate_pair, true)));
    ValueId candidate = TRY(layer_.fully_connected(x, weights_.kernel(layer_, candidate_gate),
                                                   weights_.bias(layer_, candidate_gate)));
    return Values{gates, candidate};
  }

  Expected<Values> step(const Values& parts, const Values& states) override {
    ValueId state = states[0], gates = parts[0];
    if (state != no_value) {
      ValueId product = TRY(layer_.fully_connected(state, weights_.recurrent(layer_, gate_pair)));
      gates = TRY(layer_.add(gates, product));
    }
    Values opened = TRY(activated_parts(layer_, gates, "recurrent_activation", {width(), width()}));
    ValueId sum = parts[1];
    ValueId recurrent = TRY(candidate_product(state, opened[1]));
    if (recurrent != no_value) sum = TRY(layer_.add(sum, recurrent));
    ValueId candidate = TRY(layer_.activate(sum, "activation"));
    // z h + (1 - z) g = g + z (h - g)
    if (state == no_value) {
      ValueId kept = TRY(layer_.multiply(opened[0], candidate));
      return Values{TRY(layer_.subtract(candidate, kept))};
    }
    ValueId difference = TRY(layer_.subtract(state, candidate));
    ValueId kept = TRY(layer_.multiply(opened[0], difference));
    return Values{TRY(layer_.add(candidate, kept))};
  }

  std::string why_not_fused() const override {
    return "the format has no operator for whole sequences of a GRU";
  }

 private:
  static constexpr int gate_pair[] = {0, 1}, candidate_gate[] = {2};

  /// The last output's share in the candidate; no_value when there is none.
  Expected<ValueId> candidate_product(ValueId state, ValueId reset) {
    if (reset_after_) {
      ValueId bias = weights_.recurrent_bias(layer_, candidate_gate);
      ValueId product = bias;
      if (state != no_value)
        product =
            TRY(layer_.fully_connected(state, weights_.recurrent(layer_, candidate_gate), bias));
      if (product == no_value) return no_value;
      return layer_.multiply(reset, product);
    }
    if (state == no_value) return no_value;
    return layer_.fully_connected(TRY(layer_.multiply(reset, state)),
                                  weights_.recurrent(layer_, candidate_gate));
  }

  GateWeights weights_;
  bool reset_after_;
};

}  // namespace

Expected<std::unique_ptr<Cell>> make_gru_cell(LayerImport layer) {
  GateWeights weights = TRY(GateWeights::take(layer, 3, layer.integer("units"), has_bias(layer)));
  bool cudnn = layer.record().class_name == "CuDNNGRU";
  bool reset_after = cudnn || layer.flag("reset_after");
  ENSURE(reset_after || !weights.has_recurrent_bias(),
         "the layer has two biases, which it can only have with the option 'reset_after'");
  return std::unique_ptr<Cell>(new GruCell(std::move(layer), std::move(weights), reset_after));
}

}  // namespace wherry::keras
