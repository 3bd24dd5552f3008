// Dense layers inside of attention layers that Keras quantised (model.quantize).
#pragma once

#include "keras/quantized_weights.h"

namespace wherry::keras {

/// One EinsumDense layer inside another.
struct QuantizedPart {
  std::string_view attribute, name;
  std::string equation;
  std::vector<int64_t> output_shape;  ///< behind the batch; -1: as the input
  std::string bias_axes = {};
};

/// The dtype policy of a part, by name, "int8_from_float32"; nothing when it is not quantised.
/// Files seldom hold it: then it is what the part's weights look like. Errors: unsupported.
Expected<std::string> policy_of_part(const LayerImport& layer, const LayerImport& part);
/// The result of a part with this policy.
Expected<ValueId> import_part(LayerImport& layer, ValueId x, const QuantizedPart& part,
                              const std::string& policy);

}  // namespace wherry::keras
