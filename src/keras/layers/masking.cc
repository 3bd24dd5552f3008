// Masking: steps whose elements all have one value do not count.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<ValueId> counted_steps(Emitter& emitter, const MaskRecipe& recipe) {
  ValueId value = TRY(emitter.number(recipe.number, recipe.source));
  ValueId differs = TRY(emitter.node("NOT_EQUAL", {recipe.source, value}));
  return emitter.reduce("REDUCE_ANY", differs, {-1}, false);
}

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  ENSURE(layer.rank(x) >= 2, "the layer needs an input of rank 2 or more, but gets ",
         text_of(layer.shape(x)));
  int mask =
      layer.add_mask({.make = counted_steps, .source = x, .number = layer.real("mask_value")});
  // Where the value is 0, steps that do not count are 0 already.
  if (layer.real("mask_value") == 0) return Results(KerasTensor{x, mask});
  ValueId counts = TRY(layer.to_float(TRY(layer.mask_value(mask))));
  int last = layer.rank(counts);
  return Results(KerasTensor{TRY(layer.multiply(x, TRY(layer.expand(counts, last)))), mask});
}

constexpr LayerDef masking = {.class_names = {"Masking"},
                              .config = {real("mask_value", 0)},
                              .mask = MaskRule::own,
                              .import = import,
                              .doc = "NOT_EQUAL, REDUCE_ANY, CAST and MUL, as far as needed"};

}  // namespace

LayerTable masking_layers() { return layer_table(masking); }

}  // namespace wherry::keras
