// Counts the tensors that Keras 3 numbered before an input without a name of its own.
#include "keras/input_names.h"

#include <algorithm>
#include <optional>

namespace wherry::keras {
namespace {

constexpr int most_nested = 64;

/// 0 for "input_layer", 3 for "input_layer_3"; nothing for names that users chose.
std::optional<int64_t> automatic_number(const LayerRecord& layer) {
  constexpr std::string_view automatic = "input_layer";
  std::string_view name = layer.name;
  if (!layer.is_input() || !name.starts_with(automatic)) return std::nullopt;
  name.remove_prefix(automatic.size());
  int64_t number = 0;
  if (name.empty()) return number;
  bool counted = name[0] == '_' && parse_number(name.substr(1), number);
  return counted ? std::optional(number) : std::nullopt;
}

struct Made {
  int64_t tensors = 0;           ///< results of layers, and inputs without names
  std::optional<int64_t> first;  ///< the smallest number of such an input
};

Made made_by(const LayerRecord& model, int depth) {
  Made made;
  auto layers = layers_of(model, Dialect::keras3);
  if (!layers || depth > most_nested) return made;
  for (const LayerRecord& layer : *layers) {
    std::optional<int64_t> number = automatic_number(layer);
    Made inner = layer.is_model() ? made_by(layer, depth + 1) : Made{0, number};
    if (inner.first) made.first = std::min(made.first.value_or(*inner.first), *inner.first);
    size_t calls = std::max<size_t>(1, layer.inbound.items().size());
    made.tensors += inner.tensors + (number || !layer.is_input() ? static_cast<int64_t>(calls) : 0);
  }
  return made;
}

}  // namespace

std::string input_name(const LayerRecord& input, const std::vector<LayerRecord>& layers,
                       Dialect dialect) {
  std::optional<int64_t> number = automatic_number(input);
  if (dialect != Dialect::keras3 || !number) return input.name;
  int64_t before = 0;
  for (const LayerRecord& layer : layers) {
    std::optional<int64_t> other = automatic_number(layer);
    if (other && *other < *number) ++before;
    if (!layer.is_model()) continue;
    Made made = made_by(layer, 1);
    // Models whose inputs have names of the user's are taken to be older than this input.
    if (made.first.value_or(-1) < *number) before += made.tensors;
  }
  return before == 0 ? "keras_tensor" : cat("keras_tensor_", before);
}

}  // namespace wherry::keras
