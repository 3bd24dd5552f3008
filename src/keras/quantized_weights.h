// Layers whose weights Keras itself quantised (model.quantize): what their kernels mean, and how
// their inputs are rounded before the product.
#pragma once

#include <optional>

#include "keras/layer_import.h"

namespace wherry::keras {

enum class QuantizedMode : uint8_t { none, int8, int4, float8, gptq, awq };

/// What a layer's dtype policy and its "quantization_config" say.
struct QuantizedForm {
  /// Inputs become whole numbers from `least` to `most`, by their own largest magnitude.
  struct Rounding {
    double least = -127, most = 127, epsilon = 1e-7;
  };
  QuantizedMode mode = QuantizedMode::none;
  int64_t block = -1;  ///< int4, gptq, awq: how many inputs share a scale; -1: all
  int64_t bits = 8;    ///< gptq, awq: of a weight
  std::optional<Rounding> inputs;
};

/// The mode in a layer's "dtype", "int8" or "gptq/4/128_from_float32"; nothing for plain types.
std::string_view quantized_policy(const PyValue& dtype);
/// Errors: unsupported, for a policy that is not known.
Expected<QuantizedForm> quantized_form(const LayerRecord& record);
/// True for a layer that reads such weights; others compute as if they were not quantised.
bool reads_quantized_weights(const LayerDef& def);

inline constexpr std::string_view quantize_later =
    "save the model before model.quantize() and let the converter quantise it: --format int8";

/// Takes "kernel", and "bias" where there is one. Afterwards the kernel is stored as [inputs,
/// outputs] floats: those that Keras multiplies with, or, for int8, whole numbers; then the product
/// is to be divided by the weight "kernel_scale". Errors: invalid_model.
struct MatrixSizes {
  int64_t inputs, outputs;
};
Status take_quantized_kernel(LayerImport& layer, const QuantizedForm& form, MatrixSizes sizes,
                             bool biased);
/// The same for the tables of embeddings, as plain floats.
Status take_quantized_tables(LayerImport& layer, const QuantizedForm& form, MatrixSizes sizes,
                             bool tied);

/// Numbers to multiply with in place of the inputs, and by what to divide the product.
struct RoundedInputs {
  ValueId numbers = no_value;
  ValueId scale = no_value;  ///< with 1 for the axes; none when inputs stay as they are
};
/// Rounds the inputs of the product as Keras does, along the axes that it sums over.
Expected<RoundedInputs> rounded_inputs(LayerImport& layer, const QuantizedForm& form, ValueId x,
                                       const std::vector<int64_t>& axes);

}  // namespace wherry::keras
