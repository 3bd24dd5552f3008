// Recipes for the masks of merged tensors. Keras 2 lets a step count when it does in every input
// with a mask; Keras 3 when it does in any input, those without a mask included.
#include "keras/layers/merge_masks.h"

namespace wherry::keras {
namespace {

Expected<ValueId> fold(Emitter& emitter, const MaskRecipe& recipe, std::string_view op) {
  ValueId all = TRY(emitter.mask_value(recipe.masks[0]));
  for (size_t i = 1; i < recipe.masks.size(); ++i)
    all = TRY(emitter.node(op, {all, TRY(emitter.mask_value(recipe.masks[i]))}));
  return all;
}

Expected<ValueId> in_every(Emitter& emitter, const MaskRecipe& recipe) {
  return fold(emitter, recipe, "LOGICAL_AND");
}

Expected<ValueId> in_any(Emitter& emitter, const MaskRecipe& recipe) {
  return fold(emitter, recipe, "LOGICAL_OR");
}

/// All steps of a tensor [batch, steps, ...].
Expected<ValueId> every_step(Emitter& emitter, const MaskRecipe& recipe) {
  Extents steps = {emitter.extent(recipe.source, 0), emitter.extent(recipe.source, 1)};
  return emitter.node("FILL",
                      {TRY(emitter.shape_tensor(steps)), TRY(emitter.number(1, DType::boolean))});
}

Expected<ValueId> one_after_another(Emitter& emitter, const MaskRecipe& recipe) {
  std::vector<ValueId> parts;
  for (int mask : recipe.masks) parts.push_back(TRY(emitter.mask_value(mask)));
  return emitter.concatenate(parts, 1);
}

}  // namespace

int merged_mask(LayerImport& layer) {
  bool newer = layer.dialect() == Dialect::keras3;
  std::vector<int> masks;
  for (int i = 0; i < layer.input_count(); ++i) {
    int mask = layer.input_tensor(i).mask;
    if (mask >= 0) masks.push_back(mask);
  }
  bool partly = static_cast<int>(masks.size()) < layer.input_count();
  if (masks.empty() || (newer && partly)) return -1;
  if (masks.size() == 1) return masks[0];
  return layer.add_mask({.make = newer ? in_any : in_every, .masks = masks});
}

int joined_mask(LayerImport& layer, int axis) {
  if (axis == layer.rank(layer.input()) - 1) return merged_mask(layer);
  std::vector<int> masks;
  bool any = false;
  for (int i = 0; i < layer.input_count(); ++i) {
    masks.push_back(layer.input_tensor(i).mask);
    any = any || masks.back() >= 0;
  }
  if (!any || axis != 1) return -1;
  for (int i = 0; i < layer.input_count(); ++i) {
    int& mask = masks[static_cast<size_t>(i)];
    if (mask < 0) mask = layer.add_mask({.make = every_step, .source = layer.input(i)});
  }
  return layer.add_mask({.make = one_after_another, .masks = masks});
}

}  // namespace wherry::keras
