// Attention and AdditiveAttention: each query mixes the values by how well it fits their keys.
#include "keras/attention.h"
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// Query, value and key; without a key the values are their own.
struct Operands {
  ValueId query, value, key;
};

Expected<Operands> operands_of(LayerImport& layer) {
  int count = layer.input_count();
  ENSURE(count == 2 || count == 3,
         "the layer takes [query, value] or [query, value, key], but gets ", count, " tensors");
  Operands operands;
  operands.query = TRY(layer.float_input(0));
  operands.value = TRY(layer.float_input(1));
  operands.key = count == 3 ? TRY(layer.float_input(2)) : operands.value;
  for (ValueId x : {operands.query, operands.value, operands.key})
    ENSURE(layer.rank(x) >= 3, "the layer needs inputs [batch, steps, features], but gets ",
           text_of(layer.shape(x)));
  return operands;
}

/// Every query plus every key: [batch, queries, keys, features].
Expected<ValueId> pairwise_sum(LayerImport& layer, const Operands& operands) {
  ValueId query = TRY(layer.expand(operands.query, layer.rank(operands.query) - 1)),
          key = TRY(layer.expand(operands.key, layer.rank(operands.key) - 2));
  return layer.add(query, key);
}

Expected<double> stored_number(LayerImport& layer, std::string_view role) {
  return static_cast<double>(TRY(layer.floats(role, Shape{}))[0]);
}

Expected<ValueId> dot_scores(LayerImport& layer, const Operands& operands) {
  bool concat = layer.text("score_mode") == "concat", scaled = layer.flag("use_scale");
  if (!concat && layer.text("score_mode") != "dot")
    return layer.unsupported("the score mode is not known", quoted(layer.text("score_mode")));
  TRY(layer.take({scaled ? "scale" : "", concat ? "concat_score_weight" : ""}));
  double scale = scaled ? TRY(stored_number(layer, "scale")) : 1;
  if (!concat) {
    ValueId scores = TRY(layer.matmul(operands.query, operands.key, false, true));
    return layer.times(scores, scale);
  }
  ValueId sum = TRY(layer.times(TRY(pairwise_sum(layer, operands)), scale));
  ValueId scores = TRY(layer.reduce("SUM", TRY(layer.node("TANH", {sum})), {-1}, false));
  return layer.times(scores, TRY(stored_number(layer, "concat_score_weight")));
}

Expected<ValueId> additive_scores(LayerImport& layer, const Operands& operands) {
  bool scaled = layer.flag("use_scale");
  TRY(layer.take({scaled ? "scale" : ""}));
  ValueId bent = TRY(layer.node("TANH", {TRY(pairwise_sum(layer, operands))}));
  if (!scaled) return layer.reduce("SUM", bent, {-1}, false);
  int64_t features = layer.shape(bent).back();
  ENSURE(features > 0, "the last axis must be known, got ", text_of(layer.shape(bent)));
  ValueId scale = TRY(layer.weight("scale", {features}, {.shape = {1, features}}));
  ValueId scores = TRY(layer.fully_connected(bent, scale));
  return layer.squeeze(scores, layer.rank(scores) - 1);
}

/// Values that count, and for causal attention those not behind the query.
Expected<ScoreMask> score_mask(LayerImport& layer, ValueId scores) {
  ValueId values = TRY(layer.mask(1));
  if (values != no_value) values = TRY(layer.expand(TRY(layer.cast(values, DType::boolean)), 1));
  bool causal = layer.flag("causal") || layer.argument("use_causal_mask").truth();
  if (!causal) return ScoreMask{values};
  int rank = layer.rank(scores);
  ValueId pairs =
      TRY(causal_mask(layer, layer.extent(scores, rank - 2), layer.extent(scores, rank - 1)));
  return ScoreMask{TRY(both_masks(layer, values, pairs))};
}

Expected<Results> finish(LayerImport& layer, ValueId scores, ValueId value) {
  if (layer.in_training() && layer.real("dropout") > 0)
    return layer.unsupported(
        "the layer is called with training=True, so that it drops scores at "
        "random when the model predicts",
        {}, "call it without 'training', then save the model again");
  ValueId weights = TRY(masked_softmax(layer, scores, TRY(score_mask(layer, scores))));
  ValueId result = TRY(layer.matmul(weights, value));
  ValueId queries = TRY(layer.mask(0));
  if (queries != no_value) {
    queries = TRY(layer.expand(TRY(layer.cast(queries, DType::boolean)), layer.rank(queries)));
    result = TRY(layer.select(queries, result, TRY(layer.number(0, result))));
  }
  std::vector<ValueId> results = {result};
  if (layer.argument("return_attention_scores").truth()) results.push_back(weights);
  return Results(results);
}

Expected<Results> import_attention(LayerImport& layer) {
  Operands operands = TRY(operands_of(layer));
  return finish(layer, TRY(dot_scores(layer, operands)), operands.value);
}

Expected<Results> import_additive(LayerImport& layer) {
  Operands operands = TRY(operands_of(layer));
  return finish(layer, TRY(additive_scores(layer, operands)), operands.value);
}

constexpr LayerDef layers[] = {
    {.class_names = {"Attention"},
     .config = {flag("use_scale", false), text("score_mode", "dot"), real("dropout", 0),
                flag("causal", false), ignored("seed")},
     .mask = MaskRule::passes,
     .import = import_attention,
     .doc = "BATCH_MATMUL, SOFTMAX, BATCH_MATMUL; masks by SELECT_V2; concatenated scores by ADD, "
            "TANH, SUM"},
    {.class_names = {"AdditiveAttention"},
     .config = {flag("use_scale", true), real("dropout", 0), flag("causal", false),
                ignored("seed")},
     .mask = MaskRule::passes,
     .import = import_additive,
     .doc = "ADD, TANH, FULLY_CONNECTED, SOFTMAX, BATCH_MATMUL; masks by SELECT_V2"},
};

}  // namespace

LayerTable dense_attention_layers() { return layer_table(layers); }

}  // namespace wherry::keras
