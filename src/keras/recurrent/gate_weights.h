// Weights of cells whose gates stand side by side in one matrix, whichever Keras wrote them.
#pragma once

#include <span>

#include "keras/layer_import.h"

namespace wherry::keras {

/// In the order of Keras 2 and 3; a matrix has a row for each input and a column for each unit of
/// each gate.
class GateWeights {
 public:
  /// Takes kernel, recurrent kernel and (with `use_bias`) bias of the layer: `gates` times `units`
  /// columns each. Files of Keras 1 and of cuDNN layers are brought into today's form.
  /// Errors: invalid_model.
  static Expected<GateWeights> take(LayerImport& layer, int gates, int64_t units, bool use_bias);

  int64_t units() const { return units_; }
  /// Of the kernel, without the columns: {depth}, or {height, width, channels}.
  const Shape& kernel_rows() const { return kernel_rows_; }
  const Shape& recurrent_rows() const { return recurrent_rows_; }
  bool has_bias() const { return !bias_.empty(); }
  /// A second bias, added to the recurrent product.
  bool has_recurrent_bias() const { return !recurrent_bias_.empty(); }

  using Gates = std::span<const int>;
  /// The chosen gates one after the other, transposed: [gates * units, rows...]; a kernel of one
  /// dimension gets a height of 1.
  ValueId kernel(Emitter& emitter, Gates gates) const;
  ValueId recurrent(Emitter& emitter, Gates gates) const;
  /// The same as stored: [rows..., gates * units].
  ValueId kernel_as_stored(Emitter& emitter, Gates gates) const;
  ValueId recurrent_as_stored(Emitter& emitter, Gates gates) const;
  /// [gates * units]; no_value without a bias. `joint`: with the recurrent bias added.
  ValueId bias(Emitter& emitter, Gates gates, bool joint = false) const;
  ValueId recurrent_bias(Emitter& emitter, Gates gates) const;

 private:
  Status read(LayerImport& layer, bool use_bias);
  Status read_older(LayerImport& layer, bool use_bias);
  Status read_biases(const std::vector<float>& stored, const Shape& shape);
  void translate_cudnn();
  ValueId matrix(Emitter& emitter, std::string_view role, Gates gates, bool transposed) const;

  int gates_ = 0;
  int64_t units_ = 0;
  Shape kernel_rows_, recurrent_rows_;
  std::vector<float> kernel_, recurrent_, bias_, recurrent_bias_;
  int index_ = 0;  ///< of the kernel in the file: what tells constants apart
};

}  // namespace wherry::keras
