// Activations of cells: read, told apart, and applied to gates side by side.
#pragma once

#include "keras/recurrent/cell.h"

namespace wherry::keras {

/// The name in an option, its default included; nothing for an activation that is a layer.
std::string_view activation_option(const LayerImport& layer, std::string_view key);
/// How operators that compute whole sequences call this activation, if they have it.
std::optional<Activation> fused_activation(std::string_view name);
/// The parts of the last axis, each with the activation in this option applied.
Expected<Values> activated_parts(LayerImport& layer, ValueId x, std::string_view key,
                                 const std::vector<int64_t>& sizes);
/// The option "use_bias", which cuDNN layers do not have: theirs always exists.
bool has_bias(const LayerImport& layer);

}  // namespace wherry::keras
