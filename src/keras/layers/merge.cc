// Merges of several tensors, element by element or side by side.
#include <algorithm>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

enum Variant { sum, difference, product, mean, largest, smallest };

constexpr std::string_view operators[] = {"ADD", "SUB", "MUL", "ADD", "MAXIMUM", "MINIMUM"};

/// Tensors of lower rank get axes behind the batch, as Keras broadcasts them.
Expected<std::vector<ValueId>> aligned_inputs(LayerImport& layer) {
  int rank = 0;
  for (int i = 0; i < layer.input_count(); ++i) rank = std::max(rank, layer.rank(layer.input(i)));
  std::vector<ValueId> values;
  for (int i = 0; i < layer.input_count(); ++i) {
    ValueId x = TRY(layer.float_input(i));
    while (layer.rank(x) < rank) x = TRY(layer.expand(x, 1));
    values.push_back(x);
  }
  return values;
}

Expected<Results> import_elementwise(LayerImport& layer) {
  ENSURE(layer.input_count() >= 1, "the layer merges tensors, but is called without any");
  std::vector<ValueId> inputs = TRY(aligned_inputs(layer));
  bool two = layer.def().variant == difference;
  ENSURE(!two || inputs.size() == 2, "the layer takes two inputs, but gets ", inputs.size());
  ValueId y = inputs[0];
  for (size_t i = 1; i < inputs.size(); ++i)
    y = TRY(layer.node(operators[layer.def().variant], {y, inputs[i]}));
  if (layer.def().variant == mean)
    y = TRY(layer.times(y, 1.0 / static_cast<double>(inputs.size())));
  return y;
}

Expected<Results> import_concatenate(LayerImport& layer) {
  ENSURE(layer.input_count() >= 1, "the layer merges tensors, but is called without any");
  std::vector<ValueId> inputs;
  bool mixed = false;
  for (int i = 0; i < layer.input_count(); ++i)
    mixed = mixed || layer.dtype(layer.input(i)) != layer.dtype(layer.input(0));
  for (int i = 0; i < layer.input_count(); ++i)
    inputs.push_back(mixed ? TRY(layer.float_input(i)) : layer.input(i));
  if (inputs.size() == 1) return inputs[0];
  return TRY(layer.concatenate(inputs, layer.integer("axis")));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Add"},
     .config = {},
     .mask = MaskRule::passes,
     .variant = sum,
     .import = import_elementwise,
     .doc = "ADD"},
    {.class_names = {"Subtract"},
     .config = {},
     .mask = MaskRule::passes,
     .variant = difference,
     .import = import_elementwise,
     .doc = "SUB"},
    {.class_names = {"Multiply"},
     .config = {},
     .mask = MaskRule::passes,
     .variant = product,
     .import = import_elementwise,
     .doc = "MUL"},
    {.class_names = {"Average"},
     .config = {},
     .mask = MaskRule::passes,
     .variant = mean,
     .import = import_elementwise,
     .doc = "ADD and MUL"},
    {.class_names = {"Maximum"},
     .config = {},
     .mask = MaskRule::passes,
     .variant = largest,
     .import = import_elementwise,
     .doc = "MAXIMUM"},
    {.class_names = {"Minimum"},
     .config = {},
     .mask = MaskRule::passes,
     .variant = smallest,
     .import = import_elementwise,
     .doc = "MINIMUM"},
    {.class_names = {"Concatenate"},
     .config = {integer("axis", -1)},
     .mask = MaskRule::passes,
     .import = import_concatenate,
     .doc = "CONCATENATION"},
};

}  // namespace

LayerTable merge_layers() { return layer_table(layers); }

}  // namespace wherry::keras
