// Embedding and ReversibleEmbedding: rows of a table by number, and scores of a vector against all
// rows.
#include "keras/layer_import.h"
#include "keras/quantized_weights.h"
#include "ops/indexing/gather.h"

namespace wherry::keras {
namespace {

/// True where the number is not 0.
Expected<ValueId> make_mask(Emitter& emitter, const MaskRecipe& recipe) {
  return emitter.node("NOT_EQUAL", {recipe.source, TRY(emitter.number(0, recipe.source))});
}

Shape table_shape(const LayerImport& layer) {
  return {layer.integer("input_dim"), layer.integer("output_dim")};
}

MatrixSizes table_sizes(const LayerImport& layer) {
  return {layer.integer("input_dim"), layer.integer("output_dim")};
}

Expected<Results> look_up(LayerImport& layer) {
  ValueId numbers = layer.input();
  DType dtype = layer.dtype(numbers);
  if (dtype != DType::i32 && dtype != DType::i64) numbers = TRY(layer.cast(numbers, DType::i32));
  ValueId table = TRY(layer.weight("embeddings", table_shape(layer)));
  KerasTensor result{TRY(layer.node(op::gather, op::Gather{}, {table, numbers}))};
  if (layer.flag("mask_zero"))
    result.mask = layer.add_mask({.make = make_mask, .source = layer.input()});
  return Results(result);
}

Expected<Results> import_embedding(LayerImport& layer) {
  QuantizedForm form = TRY(quantized_form(layer.record()));
  TRY(take_quantized_tables(layer, form, table_sizes(layer), true));
  return look_up(layer);
}

Expected<Results> import_reversible(LayerImport& layer) {
  bool tied = layer.flag("tie_weights");
  QuantizedForm form = TRY(quantized_form(layer.record()));
  TRY(take_quantized_tables(layer, form, table_sizes(layer), tied));
  if (!layer.argument("reverse", 1).truth()) return look_up(layer);
  ValueId x = TRY(layer.float_input());
  Shape table = table_shape(layer);
  ValueId rows =
      tied ? TRY(layer.weight("embeddings", table))
           : TRY(layer.weight("reverse_embeddings", {table[1], table[0]}, {.order = {1, 0}}));
  RoundedInputs rounded = TRY(rounded_inputs(layer, form, x, {layer.rank(x) - 1}));
  ValueId scores = TRY(layer.fully_connected(rounded.numbers, rows));
  if (rounded.scale != no_value) scores = TRY(layer.divide(scores, rounded.scale));
  if (!layer.has("logit_soft_cap")) return scores;
  double cap = layer.real("logit_soft_cap");
  ValueId bounded = TRY(layer.node("TANH", {TRY(layer.times(scores, 1 / cap))}));
  return TRY(layer.times(bounded, cap));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Embedding"},
     .config = {integer("input_dim"), integer("output_dim"), flag("mask_zero", false),
                ignored("input_length"), ignored("sparse"), ignored("weights"), ignored("dropout"),
                ignored("init"), anything("quantization_config")},
     .mask = MaskRule::own,
     .import = import_embedding,
     .doc = "GATHER"},
    {.class_names = {"ReversibleEmbedding"},
     .config = {integer("input_dim"), integer("output_dim"), flag("mask_zero", false),
                flag("tie_weights", true), real("logit_soft_cap", 0), ignored("reverse_dtype"),
                ignored("weights"), anything("quantization_config")},
     .mask = MaskRule::own,
     .import = import_reversible,
     .doc = "GATHER; called with reverse=True FULLY_CONNECTED with the same table"},
};

}  // namespace

LayerTable embedding_layers() { return layer_table(layers); }

}  // namespace wherry::keras
