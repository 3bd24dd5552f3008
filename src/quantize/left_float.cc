// Counts by operator and reason, and names the first layers.
#include "quantize/left_float.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace wherry::quantize {
namespace {

std::string_view reason_of(const Node& node, const Options& options) {
  if (options.keep_float && options.keep_float(node)) return "as asked for";
  if (node.op->name == "WHILE")
    return "loops have int8 weights beside float32 activations; sequences of a fixed length can do "
           "without (--rnn unroll)";
  if (node.op->quantization.rule == QuantizationRule::none) return "this operator has no int8 form";
  return "used like this, the operator has no int8 form";
}

/// " in the layers 'a', 'b', 'c' and 2 more"; empty where no layer is known.
std::string place_of(const std::vector<std::string>& layers) {
  constexpr size_t most = 3;
  std::string text;
  for (size_t i = 0; i < layers.size() && i < most; ++i)
    text += cat(i                   ? ", "
                : layers.size() > 1 ? " in the layers "
                                    : " in the layer ",
                quoted(layers[i]));
  if (layers.size() > most) text += cat(" and ", layers.size() - most, " more");
  return text;
}

struct Left {
  int count = 0;
  std::vector<std::string> layers;
};

}  // namespace

Warnings left_float(const std::vector<const Node*>& nodes, const Options& options) {
  std::map<std::pair<std::string_view, std::string_view>, Left> kinds;
  for (const Node* node : nodes) {
    Left& left = kinds[{node->op->name, reason_of(*node, options)}];
    ++left.count;
    const std::string& layer = node->origin.layer;
    bool known = std::find(left.layers.begin(), left.layers.end(), layer) != left.layers.end();
    if (!layer.empty() && !known) left.layers.push_back(layer);
  }
  Warnings warnings;
  for (const auto& [kind, left] : kinds)
    warnings.push_back(cat(left.count, " ", kind.first, left.count == 1 ? " stays" : " stay",
                           " float32", place_of(left.layers), ": ", kind.second));
  return warnings;
}

}  // namespace wherry::quantize
