// Reads the options that cells share, and applies their activations.
#include "keras/recurrent/cell_options.h"

#include <algorithm>

#include "keras/activation.h"

namespace wherry::keras {
namespace {

/// Each of their results depends on the whole axis.
constexpr std::string_view along_axis[] = {"glu", "log_softmax", "softmax", "sparsemax"};

bool is_elementwise(std::string_view name) {
  return !name.empty() &&
         std::find(std::begin(along_axis), std::end(along_axis), name) == std::end(along_axis);
}

}  // namespace

std::string_view activation_option(const LayerImport& layer, std::string_view key) {
  const PyValue& written = layer.option(key);
  if (!written.is_none()) return activation_name(written);
  for (const ConfigKey& declared : layer.def().config) {
    if (declared.name == key) return declared.text;
  }
  return {};
}

std::optional<Activation> fused_activation(std::string_view name) {
  constexpr std::pair<std::string_view, Activation> known[] = {
      {"tanh", Activation::tanh},
      {"relu", Activation::relu},
      {"relu6", Activation::relu6},
      {"hard_tanh", Activation::relu_n1_to_1},
      {"linear", Activation::none}};
  for (const auto& [word, activation] : known) {
    if (word == name) return activation;
  }
  return std::nullopt;
}

Expected<Values> activated_parts(LayerImport& layer, ValueId x, std::string_view key,
                                 const std::vector<int64_t>& sizes) {
  if (is_elementwise(activation_option(layer, key)))
    return layer.split(TRY(layer.activate(x, key)), sizes, -1);
  Values parts = TRY(layer.split(x, sizes, -1));
  for (ValueId& part : parts) part = TRY(layer.activate(part, key));
  return parts;
}

bool has_bias(const LayerImport& layer) {
  for (const ConfigKey& declared : layer.def().config) {
    if (declared.name == "use_bias") return layer.flag("use_bias");
  }
  return true;
}

}  // namespace wherry::keras
