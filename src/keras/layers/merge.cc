// Merges of several tensors, element by element or side by side.
#include <algorithm>

#include "keras/layers/merge_masks.h"

namespace wherry::keras {
namespace {

enum Variant { sum, difference, product, mean, largest, smallest };

constexpr std::string_view operators[] = {"ADD", "SUB", "MUL", "ADD", "MAXIMUM", "MINIMUM"};

bool is_narrow(DType type) {
  return type == DType::u8 || type == DType::i8 || type == DType::i16 || type == DType::u16;
}

/// Integers of one type stay integers.
bool merges_integers(LayerImport& layer) {
  DType type = layer.dtype(layer.input(0));
  for (int i = 1; i < layer.input_count(); ++i) {
    if (layer.dtype(layer.input(i)) != type) return false;
  }
  return is_narrow(type) || type == DType::i32 || type == DType::i64;
}

/// Tensors of lower rank get axes behind the batch, as Keras broadcasts them. Narrow integers are
/// merged as int32: the operators of stock runtimes scale and clamp narrow ones.
Expected<std::vector<ValueId>> aligned_inputs(LayerImport& layer) {
  int rank = 0;
  for (int i = 0; i < layer.input_count(); ++i) rank = std::max(rank, layer.rank(layer.input(i)));
  bool integers = merges_integers(layer);
  std::vector<ValueId> values;
  for (int i = 0; i < layer.input_count(); ++i) {
    ValueId x = integers ? layer.input(i) : TRY(layer.float_input(i));
    if (is_narrow(layer.dtype(x))) x = TRY(layer.cast(x, DType::i32));
    while (layer.rank(x) < rank) x = TRY(layer.expand(x, 1));
    values.push_back(x);
  }
  return values;
}

/// The mask of input i as [batch, steps, 1], or no_value: also where the input had to get more
/// axes.
Expected<ValueId> broadcast_mask(LayerImport& layer, int i, ValueId aligned) {
  ValueId mask = TRY(layer.mask_value(layer.input_tensor(i).mask));
  bool same = layer.rank(layer.input(i)) == layer.rank(aligned);
  return mask == no_value || !same ? Expected<ValueId>(no_value)
                                   : layer.expand(mask, layer.rank(mask));
}

// Keras 3 multiplies by 1 where a step does not count; where none counts the product is 0.
Expected<ValueId> masked_product(LayerImport& layer, const std::vector<ValueId>& inputs) {
  ValueId product = no_value, any = no_value;
  bool all_masked = true;
  for (size_t i = 0; i < inputs.size(); ++i) {
    ValueId x = inputs[i], mask = TRY(broadcast_mask(layer, static_cast<int>(i), x));
    all_masked = all_masked && mask != no_value;
    if (mask != no_value) {
      x = TRY(layer.select(mask, x, TRY(layer.number(1, x))));
      any = any == no_value ? mask : TRY(layer.node("LOGICAL_OR", {any, mask}));
    }
    product = product == no_value ? x : TRY(layer.multiply(product, x));
  }
  if (!all_masked) return product;
  return layer.select(any, product, TRY(layer.number(0, product)));
}

// Keras 3 leaves out steps that do not count, unless they do in no input.
Expected<ValueId> masked_extremum(LayerImport& layer, const std::vector<ValueId>& inputs) {
  std::string_view op = operators[layer.def().variant];
  ValueId y = inputs[0], counted = TRY(broadcast_mask(layer, 0, y));
  for (size_t i = 1; i < inputs.size(); ++i) {
    ValueId x = inputs[i], mask = TRY(broadcast_mask(layer, static_cast<int>(i), x));
    if (mask != no_value) x = TRY(layer.select(mask, x, y));
    if (counted != no_value) y = TRY(layer.select(counted, y, x));
    bool both = mask != no_value && counted != no_value;
    counted = both ? TRY(layer.node("LOGICAL_OR", {counted, mask})) : no_value;
    y = TRY(layer.node(op, {y, x}));
  }
  return y;
}

Expected<ValueId> merge(LayerImport& layer, const std::vector<ValueId>& inputs) {
  int variant = layer.def().variant;
  bool masked = false;
  for (int i = 0; i < layer.input_count(); ++i) masked = masked || layer.input_tensor(i).mask >= 0;
  if (masked && layer.dialect() == Dialect::keras3) {
    if (variant == product) return masked_product(layer, inputs);
    if (variant == largest || variant == smallest) return masked_extremum(layer, inputs);
  }
  ValueId y = inputs[0];
  for (size_t i = 1; i < inputs.size(); ++i)
    y = TRY(layer.node(operators[variant], {y, inputs[i]}));
  return y;
}

/// What was merged as int32 wraps around as its own type does. A mean is a fraction.
Expected<ValueId> finished(LayerImport& layer, ValueId merged) {
  DType type = layer.dtype(layer.input(0));
  if (merges_integers(layer) && is_narrow(type)) merged = TRY(layer.cast(merged, type));
  if (layer.def().variant != mean) return merged;
  if (merges_integers(layer)) merged = TRY(layer.cast(merged, DType::f32));
  return layer.times(merged, 1.0 / layer.input_count());
}

Expected<Results> import_elementwise(LayerImport& layer) {
  ENSURE(layer.input_count() >= 1, "the layer merges tensors, but is called without any");
  std::vector<ValueId> inputs = TRY(aligned_inputs(layer));
  bool two = layer.def().variant == difference;
  ENSURE(!two || inputs.size() == 2, "the layer takes two inputs, but gets ", inputs.size());
  ValueId merged = TRY(merge(layer, inputs));
  return KerasTensor{TRY(finished(layer, merged)), merged_mask(layer)};
}

Expected<Results> import_concatenate(LayerImport& layer) {
  ENSURE(layer.input_count() >= 1, "the layer merges tensors, but is called without any");
  std::vector<ValueId> inputs;
  bool mixed = false;
  for (int i = 0; i < layer.input_count(); ++i)
    mixed = mixed || layer.dtype(layer.input(i)) != layer.dtype(layer.input(0));
  for (int i = 0; i < layer.input_count(); ++i)
    inputs.push_back(mixed ? TRY(layer.float_input(i)) : layer.input(i));
  int axis = TRY(layer.axis(layer.integer("axis"), inputs[0]));
  return KerasTensor{TRY(layer.concatenate(inputs, axis)), joined_mask(layer, axis)};
}

constexpr LayerDef layers[] = {
    {.class_names = {"Add"},
     .config = {},
     .mask = MaskRule::own,
     .variant = sum,
     .import = import_elementwise,
     .doc = "ADD"},
    {.class_names = {"Subtract"},
     .config = {},
     .mask = MaskRule::own,
     .variant = difference,
     .import = import_elementwise,
     .doc = "SUB"},
    {.class_names = {"Multiply"},
     .config = {},
     .mask = MaskRule::own,
     .variant = product,
     .import = import_elementwise,
     .doc = "MUL"},
    {.class_names = {"Average"},
     .config = {},
     .mask = MaskRule::own,
     .variant = mean,
     .import = import_elementwise,
     .doc = "ADD and MUL"},
    {.class_names = {"Maximum"},
     .config = {},
     .mask = MaskRule::own,
     .variant = largest,
     .import = import_elementwise,
     .doc = "MAXIMUM"},
    {.class_names = {"Minimum"},
     .config = {},
     .mask = MaskRule::own,
     .variant = smallest,
     .import = import_elementwise,
     .doc = "MINIMUM"},
    {.class_names = {"Concatenate"},
     .config = {integer("axis", -1)},
     .mask = MaskRule::own,
     .import = import_concatenate,
     .doc = "CONCATENATION"},
};

}  // namespace

LayerTable merge_layers() { return layer_table(layers); }

}  // namespace wherry::keras
