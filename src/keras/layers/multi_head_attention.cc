// MultiHeadAttention and GroupQueryAttention: attention in several projections of the features at
// once.
#include <algorithm>
#include <cmath>

#include "keras/attention.h"
#include "keras/einsum.h"
#include "keras/layer_import.h"
#include "keras/quantized_parts.h"

namespace wherry::keras {
namespace {

/// One dense layer inside: features to [heads, width].
struct Projection {
  std::string_view attribute, name;
  int64_t heads, width;
};

/// The letters of `count` axes, from the first on.
std::string letters(size_t count, size_t first = 0) {
  return std::string("abcdefghijklmnopqrstuvwxyz").substr(first, count);
}

/// A projection as Keras writes it: "abc,cde->abde".
QuantizedPart projection_part(const LayerImport& layer, ValueId x, const Projection& to) {
  auto rank = static_cast<size_t>(layer.rank(x));
  std::string batch = letters(rank - 1), features = letters(1, rank - 1), all = letters(2, rank);
  QuantizedPart part{to.attribute, to.name,
                     cat(batch, features, ",", features, all, "->", batch, all),
                     std::vector<int64_t>(rank - 2, -1)};
  part.output_shape.push_back(to.heads);
  part.output_shape.push_back(to.width);
  if (layer.flag("use_bias")) part.bias_axes = all;
  return part;
}

/// The features of `x` times the weights of an inner layer: [..., heads * width].
Expected<ValueId> project(LayerImport& layer, ValueId x, const Projection& to) {
  bool biased = layer.flag("use_bias");
  LayerImport inner = layer.part(to.attribute, to.name);
  std::string policy = TRY(policy_of_part(layer, inner));
  if (!policy.empty()) {
    ValueId split = TRY(import_part(layer, x, projection_part(layer, x, to), policy));
    return layer.merge_axes(split, layer.rank(split) - 2, layer.rank(split));
  }
  TRY(inner.take({"kernel", biased ? "bias" : ""}));
  int64_t features = layer.shape(x).back(), all = to.heads * to.width;
  ENSURE(features > 0, "the last axis must be known, got ", text_of(layer.shape(x)));
  ValueId kernel =
      TRY(inner.weight("kernel", {features, to.heads, to.width}, {{1, 2, 0}, {all, features}}));
  ValueId bias =
      biased ? TRY(inner.weight("bias", {to.heads, to.width}, {.shape = {all}})) : no_value;
  return layer.fully_connected(x, kernel, bias);
}

/// Splits the last axis of what was made of `source`, whose other axes it has; several of one
/// source share what computes their shape.
Expected<ValueId> split_last(LayerImport& layer, ValueId x, ValueId source,
                             const std::vector<int64_t>& into) {
  Extents to = layer.extents(source);
  to.pop_back();
  for (int64_t extent : into) to.push_back(extent);
  return layer.reshape(x, to);
}

/// What the layer is called with.
struct Call {
  KerasTensor query, value, key;
  bool has_key = false, returns_scores = false;
};

Expected<Call> call_of(LayerImport& layer) {
  Call call;
  auto tensor = [&](std::string_view name, int position) -> Expected<KerasTensor> {
    const PyValue& given = layer.argument(name, position);
    ENSURE(given.is_tensor(), "the layer is called without a tensor for ", quoted(name));
    KerasTensor found = given.tensor();
    found.value = TRY(layer.to_float(found.value));
    ENSURE(layer.rank(found.value) >= 3, "the argument ", quoted(name),
           " should be [batch, steps, features], got ", text_of(layer.shape(found.value)));
    return found;
  };
  call.query = TRY(tensor("query", 0));
  call.value = TRY(tensor("value", 1));
  call.has_key = layer.argument("key", 2).is_tensor();
  call.key = call.has_key ? TRY(tensor("key", 2)) : call.value;
  call.returns_scores = layer.argument("return_attention_scores").truth();
  if (layer.in_training() && layer.real("dropout") > 0)
    return layer.unsupported(
        "the layer is called with training=True, so that it drops scores at "
        "random when the model predicts",
        {}, "call it without 'training', then save the model again");
  return call;
}

/// The mask of one argument, as given by name or as it comes with the tensor.
Expected<ValueId> mask_of(LayerImport& layer, std::string_view name, int mask) {
  const PyValue& given = layer.argument(name);
  ValueId found = given.is_tensor() ? given.tensor().value : TRY(layer.mask_value(mask));
  return found == no_value ? Expected<ValueId>(found) : layer.cast(found, DType::boolean);
}

/// All masks together; only pairs of positions that are true in every one count.
Expected<ScoreMask> score_mask(LayerImport& layer, const Call& call) {
  ValueId query = TRY(mask_of(layer, "query_mask", call.query.mask)),
          value = TRY(mask_of(layer, "value_mask", call.value.mask)),
          key = call.has_key ? TRY(mask_of(layer, "key_mask", call.key.mask)) : no_value;
  ValueId all = no_value;
  if (query != no_value) all = TRY(layer.expand(query, 2));
  if (value != no_value) all = TRY(both_masks(layer, all, TRY(layer.expand(value, 1))));
  if (key != no_value) all = TRY(both_masks(layer, all, TRY(layer.expand(key, 1))));
  const PyValue& given = layer.argument("attention_mask");
  bool can_be_empty = all != no_value || given.is_tensor();
  Extent rows = layer.extent(call.query.value, 1), columns = layer.extent(call.value.value, 1);
  if (layer.argument("use_causal_mask").truth())
    all = TRY(both_masks(layer, all, TRY(causal_mask(layer, rows, columns))));
  if (layer.has("sliding_window")) {
    int64_t width = layer.integer("sliding_window");
    all = TRY(both_masks(layer, all, TRY(window_mask(layer, rows, columns, width))));
    can_be_empty = true;
  }
  if (given.is_tensor()) {
    ValueId mask = TRY(layer.cast(given.tensor().value, DType::boolean));
    all = TRY(both_masks(layer, mask, all));
  }
  // Keras 3 leaves rows without any pair at 0, but not where it takes its fused path.
  bool fused =
      layer.rank(call.query.value) == 3 && !call.returns_scores && layer.real("dropout") == 0;
  return ScoreMask{all, layer.dialect() == Dialect::keras3 && !fused && can_be_empty};
}

/// Softmax of [batch..., heads, queries..., keys...] over all axes of keys.
Expected<ValueId> attention_weights(LayerImport& layer, ValueId scores, ScoreMask mask,
                                    int key_axes) {
  if (mask.value != no_value) {
    // A mask of lower rank lacks the heads.
    int pairs = 2 * key_axes, lacking = layer.rank(scores) - layer.rank(mask.value);
    bool per_sample = layer.rank(mask.value) > pairs;
    for (int i = 0; i < lacking && per_sample; ++i)
      mask.value = TRY(layer.expand(mask.value, layer.rank(mask.value) - pairs));
  }
  Extents whole = layer.extents(scores);
  if (key_axes == 1) return masked_softmax(layer, scores, mask);
  ValueId merged = TRY(layer.merge_axes(scores, layer.rank(scores) - key_axes, layer.rank(scores)));
  if (mask.value != no_value)
    mask.value = TRY(
        layer.merge_axes(mask.value, layer.rank(mask.value) - key_axes, layer.rank(mask.value)));
  return layer.reshape(TRY(masked_softmax(layer, merged, mask)), whole);
}

/// The option "attention_axes", from the front; all axes between batch and features by default.
Expected<std::vector<int64_t>> attention_axes(LayerImport& layer, int rank) {
  const PyValue& written = layer.option("attention_axes");
  std::vector<int64_t> axes;
  if (written.is_integer()) axes.push_back(written.integer());
  for (const PyValue& item : written.items()) axes.push_back(item.integer());
  if (written.is_none()) {
    for (int axis = 1; axis < rank - 1; ++axis) axes.push_back(axis);
  }
  for (int64_t& axis : axes) {
    if (axis < 0) axis += rank;
    ENSURE(axis > 0 && axis < rank - 1,
           "the option 'attention_axes' should name axes between "
           "batch and features, got ",
           written.shown());
  }
  ENSURE(!axes.empty() && std::is_sorted(axes.begin(), axes.end()),
         "the option 'attention_axes' should name axes in order, got ", written.shown());
  return axes;
}

/// Scores and weighted values of projected tensors [batch, steps..., heads, width] by the axes that
/// attention goes over.
struct Equations {
  Einsum scores, values;
};

Equations equations_of(int rank, const std::vector<int64_t>& axes) {
  std::vector<int64_t> batch;
  for (int axis = 0; axis < rank - 1; ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) batch.push_back(axis);
  }
  Equations equations;
  Einsum& scores = equations.scores;
  scores.left = scores.right = {.batch = batch, .free = axes, .contracted = {rank - 1}};
  auto numbers = [](size_t from, size_t count) {
    std::vector<int64_t> list;
    for (size_t i = 0; i < count; ++i) list.push_back(static_cast<int64_t>(from + i));
    return list;
  };
  size_t b = batch.size(), a = axes.size();
  scores.result = numbers(0, b + 2 * a);
  Einsum& values = equations.values;
  values.left = {.batch = numbers(0, b), .free = numbers(b, a), .contracted = numbers(b + a, a)};
  values.right = {.batch = batch, .free = {rank - 1}, .contracted = axes};
  size_t next_batch = 0, next_axis = b;
  for (int axis = 0; axis < rank - 1; ++axis) {
    bool attended = std::find(axes.begin(), axes.end(), axis) != axes.end();
    values.result.push_back(static_cast<int64_t>(attended ? next_axis++ : next_batch++));
  }
  values.result.push_back(static_cast<int64_t>(b + a));
  return equations;
}

/// Times the sigmoid of another projection of the query, where the options ask for it.
Expected<ValueId> gated(LayerImport& layer, ValueId x, ValueId query, const Projection& gate) {
  if (!layer.flag("use_gate")) return x;
  ValueId open = TRY(layer.node("LOGISTIC", {TRY(project(layer, query, gate))}));
  return layer.multiply(x, open);
}

/// The way back: "abcd,cde->abe".
QuantizedPart output_part(const LayerImport& layer, ValueId x, const Projection& from,
                          const std::vector<int64_t>& features) {
  auto rank = static_cast<size_t>(layer.rank(x));
  std::string batch = letters(rank - 2), all = letters(2, rank - 2),
              result = letters(features.size(), rank);
  QuantizedPart part{from.attribute, from.name,
                     cat(batch, all, ",", all, result, "->", batch, result),
                     std::vector<int64_t>(rank - 3, -1)};
  part.output_shape.insert(part.output_shape.end(), features.begin(), features.end());
  if (layer.flag("use_bias")) part.bias_axes = result;
  return part;
}

/// [..., heads * width] to the features of the result.
Expected<ValueId> output(LayerImport& layer, ValueId x, const Projection& from,
                         const std::vector<int64_t>& features) {
  bool biased = layer.flag("use_bias");
  LayerImport inner = layer.part(from.attribute, from.name);
  std::string policy = TRY(policy_of_part(layer, inner));
  if (!policy.empty()) {
    ValueId split = TRY(split_last(layer, x, x, {from.heads, from.width}));
    return import_part(layer, split, output_part(layer, split, from, features), policy);
  }
  TRY(inner.take({"kernel", biased ? "bias" : ""}));
  Shape stored{from.heads, from.width}, result;
  std::vector<int64_t> order;
  for (size_t i = 0; i < features.size(); ++i) {
    stored.push_back(features[i]);
    result.push_back(features[i]);
    order.push_back(static_cast<int64_t>(i) + 2);
  }
  order.push_back(0), order.push_back(1);
  int64_t all = result.elements();
  ValueId kernel = TRY(inner.weight("kernel", stored, {order, {all, from.heads * from.width}}));
  ValueId bias = biased ? TRY(inner.weight("bias", result, {.shape = {all}})) : no_value;
  ValueId y = TRY(layer.fully_connected(x, kernel, bias));
  return features.size() == 1 ? Expected<ValueId>(y) : split_last(layer, y, x, features);
}

/// Extents of the features of the result: the option "output_shape", or those of the query.
Expected<std::vector<int64_t>> output_features(LayerImport& layer, ValueId query) {
  const PyValue& written = layer.option("output_shape");
  std::vector<int64_t> features;
  if (written.is_integer()) features.push_back(written.integer());
  for (const PyValue& item : written.items()) features.push_back(item.integer());
  if (features.empty()) features.push_back(layer.shape(query).back());
  for (int64_t extent : features)
    ENSURE(extent > 0, "the option 'output_shape' should be positive numbers, got ",
           written.shown());
  return features;
}

Results results_of(const Call& call, ValueId result, ValueId weights) {
  std::vector<ValueId> results = {result};
  if (call.returns_scores) results.push_back(weights);
  return Results(results);
}

Expected<Results> import_multi_head(LayerImport& layer) {
  Call call = TRY(call_of(layer));
  int64_t heads = layer.integer("num_heads"), width = layer.integer("key_dim"),
          value_width = layer.has("value_dim") ? layer.integer("value_dim") : width;
  ENSURE(heads > 0 && width > 0 && value_width > 0,
         "the options 'num_heads', 'key_dim' and 'value_dim' should be positive");
  ValueId query = TRY(project(layer, call.query.value, {"query_dense", "query", heads, width}));
  query = TRY(layer.times(query, 1 / std::sqrt(static_cast<double>(width))));
  ValueId key = TRY(project(layer, call.key.value, {"key_dense", "key", heads, width})),
          value =
              TRY(project(layer, call.value.value, {"value_dense", "value", heads, value_width}));
  query = TRY(split_last(layer, query, call.query.value, {heads, width}));
  key = TRY(split_last(layer, key, call.key.value, {heads, width}));
  value = TRY(split_last(layer, value, call.value.value, {heads, value_width}));
  std::vector<int64_t> axes = TRY(attention_axes(layer, layer.rank(call.query.value)));
  Equations equations = equations_of(layer.rank(query), axes);
  ValueId scores = TRY(einsum(layer, equations.scores, query, key));
  ValueId weights = TRY(attention_weights(layer, scores, TRY(score_mask(layer, call)),
                                          static_cast<int>(axes.size())));
  ValueId mixed = TRY(einsum(layer, equations.values, weights, value));
  mixed = TRY(layer.merge_axes(mixed, layer.rank(mixed) - 2, layer.rank(mixed)));
  mixed = TRY(gated(layer, mixed, call.query.value, {"gate_dense", "gate", heads, value_width}));
  ValueId result =
      TRY(output(layer, mixed, {"output_dense", "attention_output", heads, value_width},
                 TRY(output_features(layer, call.query.value))));
  return results_of(call, result, weights);
}

// Query heads that share a head of keys and values stand side by side as further rows of one
// product, so that nothing is repeated: queries are [batch, steps, groups, sharing, width].
Expected<Results> import_group_query(LayerImport& layer) {
  Call call = TRY(call_of(layer));
  int64_t heads = layer.integer("num_query_heads"), groups = layer.integer("num_key_value_heads"),
          width = layer.integer("head_dim");
  ENSURE(heads > 0 && groups > 0 && width > 0 && heads % groups == 0, heads,
         " query heads do not share ", groups, " heads of keys and values");
  ENSURE(layer.rank(call.query.value) == 3 && layer.rank(call.value.value) == 3 &&
             layer.rank(call.key.value) == 3,
         "the layer needs inputs [batch, steps, features]");
  ValueId query = TRY(project(layer, call.query.value, {"query_dense", "query", heads, width}));
  query = TRY(layer.times(query, 1 / std::sqrt(static_cast<double>(width))));
  ValueId key = TRY(project(layer, call.key.value, {"key_dense", "key", groups, width})),
          value = TRY(project(layer, call.value.value, {"value_dense", "value", groups, width}));
  query = TRY(split_last(layer, query, call.query.value, {groups, heads / groups, width}));
  key = TRY(split_last(layer, key, call.key.value, {groups, width}));
  value = TRY(split_last(layer, value, call.value.value, {groups, width}));
  Einsum by_key{.left = {.batch = {0, 2}, .free = {3, 1}, .contracted = {4}},
                .right = {.batch = {0, 2}, .free = {1}, .contracted = {3}},
                .result = {0, 1, 2, 3, 4}};
  ValueId scores = TRY(einsum(layer, by_key, query, key));
  Extents grouped = layer.extents(scores);
  ValueId weights = TRY(attention_weights(layer, TRY(layer.merge_axes(scores, 1, 3)),
                                          TRY(score_mask(layer, call)), 1));
  Einsum by_value{.left = {.batch = {0, 1}, .free = {2, 3}, .contracted = {4}},
                  .right = {.batch = {0, 2}, .free = {3}, .contracted = {1}},
                  .result = {0, 3, 1, 2, 4}};
  ValueId mixed = TRY(einsum(layer, by_value, TRY(layer.reshape(weights, grouped)), value));
  mixed = TRY(layer.merge_axes(mixed, 2, 5));
  mixed = TRY(gated(layer, mixed, call.query.value, {"gate_dense", "gate", heads, width}));
  ValueId result = TRY(output(layer, mixed, {"output_dense", "attention_output", heads, width},
                              {layer.shape(call.query.value).back()}));
  return results_of(call, result, weights);
}

constexpr LayerDef layers[] = {
    {.class_names = {"MultiHeadAttention"},
     .config = {integer("num_heads"), integer("key_dim"), integer("value_dim", 0),
                real("dropout", 0), flag("use_bias", true), flag("use_gate", false),
                anything("output_shape"), anything("attention_axes"), integer("sliding_window", 0),
                ignored("flash_attention"), ignored("seed"), ignored("query_shape"),
                ignored("key_shape"), ignored("value_shape")},
     .mask = MaskRule::passes,
     .import = import_multi_head,
     .doc = "FULLY_CONNECTED for queries, keys and values, BATCH_MATMUL, SOFTMAX, BATCH_MATMUL, "
            "FULLY_CONNECTED, with RESHAPE and TRANSPOSE between; masks by SELECT_V2"},
    {.class_names = {"GroupQueryAttention", "GroupedQueryAttention"},
     .config = {integer("head_dim"), integer("num_query_heads"), integer("num_key_value_heads"),
                real("dropout", 0), flag("use_bias", true), flag("use_gate", false),
                integer("sliding_window", 0), ignored("flash_attention"), ignored("seed")},
     .mask = MaskRule::passes,
     .import = import_group_query,
     .doc = "as MultiHeadAttention, with the heads that share keys as rows of one product"},
};

}  // namespace

LayerTable multi_head_attention_layers() { return layer_table(layers); }

}  // namespace wherry::keras
