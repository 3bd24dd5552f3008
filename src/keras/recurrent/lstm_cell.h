// The step that LSTM and ConvLSTM cells share.
#pragma once

#include "keras/recurrent/cell.h"
#include "keras/recurrent/gate_weights.h"

namespace wherry::keras {

/// States: output, cell. Projections have the gates input, forget, output and candidate on the
/// last axis.
class LstmStep : public Cell {
 public:
  LstmStep(LayerImport layer, GateWeights weights)
      : Cell(std::move(layer), 2), weights_(std::move(weights)) {}
  int64_t width() const override { return weights_.units(); }
  Expected<Values> step(const Values& parts, const Values& states) override;
  std::string why_not_fused() const override;

 protected:
  /// Gates as Keras orders them, in the order of a projection.
  static constexpr int gates[] = {0, 1, 3, 2};
  /// What the recurrent kernel makes of the last output: as a projection.
  virtual Expected<ValueId> recurrent_product(ValueId output) = 0;

  GateWeights weights_;
};

}  // namespace wherry::keras
