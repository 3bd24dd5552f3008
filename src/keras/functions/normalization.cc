// Functions that normalise, and attention.
#include <cmath>

#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"
#include "keras/functions/linear.h"
#include "keras/functions/reduction.h"

namespace wherry::keras {
namespace {

/// A tensor of lower rank that lines up with these axes of x.
Expected<ValueId> lined_up(FunctionCall& call, ValueId vector, ValueId x,
                           const std::vector<int64_t>& axes) {
  bool is_last = axes.size() == 1 && axes[0] == call.rank(x) - 1;
  if (is_last || call.rank(vector) == call.rank(x)) return vector;
  Extents to(static_cast<size_t>(call.rank(x)), Extent(1));
  for (int64_t at : axes) to[static_cast<size_t>(at)] = call.extent(x, static_cast<int>(at));
  return call.reshape(vector, to);
}

/// x * inverse + (offset - mean * inverse), inverse = scale / sqrt(variance + epsilon).
Expected<Results> import_batch_norm(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  TRY(call.only("is_training", PyValue::of(false)));
  TRY(call.only("data_format", PyValue::of("NHWC")));
  std::vector<int64_t> axes = {call.rank(x) - 1};
  if (call.newer()) axes = {TRY(call.axis(TRY(call.integer("axis", -1, -1)), x))};
  auto part = [&](std::string_view name, int place) -> Expected<ValueId> {
    if (!call.has(name, place)) return no_value;
    ValueId vector = TRY(call.tensor_like(name, place, DType::f32));
    return call.newer() ? lined_up(call, vector, x, axes) : Expected<ValueId>(vector);
  };
  ValueId mean = TRY(part("mean", 1)), variance = TRY(part("variance", 2));
  ENSURE(mean != no_value && variance != no_value,
         "the function is called without mean or variance");
  ValueId offset = TRY(part("offset", 3)), scale = TRY(part("scale", 4));
  double epsilon = TRY(call.real("epsilon|variance_epsilon", -1, 1e-3));
  ValueId inverse = TRY(call.node("RSQRT", {TRY(call.plus(variance, epsilon))}));
  if (scale != no_value) inverse = TRY(call.multiply(inverse, scale));
  ValueId shift = TRY(call.node("NEG", {TRY(call.multiply(mean, inverse))}));
  if (offset != no_value) shift = TRY(call.add(offset, shift));
  return TRY(call.add(TRY(call.multiply(x, inverse)), shift));
}

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta.
Expected<Results> import_layer_norm(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  std::vector<int64_t> axes = {call.rank(x) - 1};
  if (call.has("axis")) axes = TRY(call.axes("axis", x));
  double epsilon = TRY(call.real("epsilon", -1, 1e-7));
  bool keeps_mean = TRY(call.flag("rms_scaling", false));
  ValueId mean = TRY(call.reduce("MEAN", x, axes, true));
  ValueId squares = TRY(call.node("SQUARED_DIFFERENCE", {x, mean}));
  ValueId spread = TRY(call.plus(TRY(call.reduce("MEAN", squares, axes, true)), epsilon));
  ValueId inverse = TRY(call.node("RSQRT", {spread}));
  ValueId y = keeps_mean ? x : TRY(call.subtract(x, mean));
  y = TRY(call.multiply(y, inverse));
  if (call.has("gamma", 1)) {
    ValueId gamma = TRY(call.tensor_like("gamma", 1, DType::f32));
    y = TRY(call.multiply(y, TRY(lined_up(call, gamma, x, axes))));
  }
  if (!call.has("beta", 2)) return y;
  ValueId beta = TRY(call.tensor_like("beta", 2, DType::f32));
  return TRY(call.add(y, TRY(lined_up(call, beta, x, axes))));
}

/// x / sqrt(mean(x * x) + epsilon) * scale.
Expected<Results> import_rms_norm(FunctionCall& call) {
  ValueId x = TRY(call.float_tensor("x", 0));
  std::vector<int64_t> axes = {call.rank(x) - 1};
  if (call.has("axis")) axes = TRY(call.axes("axis", x));
  double epsilon = TRY(call.real("epsilon", -1, 1e-7));
  ValueId mean = TRY(call.reduce("MEAN", TRY(square(call, x)), axes, true));
  ValueId y = TRY(call.multiply(x, TRY(call.node("RSQRT", {TRY(call.plus(mean, epsilon))}))));
  if (!call.has("scale", 1)) return y;
  return TRY(call.multiply(y, TRY(call.tensor_like("scale", 1, DType::f32))));
}

Expected<Results> import_local_response(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  double radius = static_cast<double>(TRY(call.integer("depth_radius", -1, 5)));
  double bias = TRY(call.real("bias", -1, 1)), alpha = TRY(call.real("alpha", -1, 1));
  double beta = TRY(call.real("beta", -1, 0.5));
  return TRY(call.node("LOCAL_RESPONSE_NORMALIZATION", {x},
                       {{"radius", radius}, {"bias", bias}, {"alpha", alpha}, {"beta", beta}}));
}

/// Where a query may look: the mask, and in front of itself when the attention is causal.
Expected<ValueId> visible(FunctionCall& call, ValueId scores) {
  ValueId mask = no_value;
  if (call.has("mask", 4)) mask = TRY(call.tensor_like("mask", 4, DType::boolean));
  if (!TRY(call.flag("is_causal", false))) return mask;
  int rank = call.rank(scores);
  int64_t rows = call.shape(scores)[rank - 2], columns = call.shape(scores)[rank - 1];
  if (rows < 0 || columns < 0)
    return call.unsupported("causal attention needs known lengths", text_of(call.shape(scores)));
  ENSURE(rows * columns <= (1 << 24), "the attention is too large");
  std::vector<uint8_t> lower;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) lower.push_back(column <= row);
  }
  ValueId past = call.shared_constant("past", {DType::boolean, {rows, columns}, {}, {}},
                                      Constant::of(std::move(lower)));
  return mask == no_value ? Expected<ValueId>(past) : call.node("LOGICAL_AND", {mask, past});
}

Expected<ValueId> repeated_heads(FunctionCall& call, ValueId x, int64_t heads) {
  int64_t own = call.shape(x)[2];
  if (own == heads || own == 1) return x;
  ENSURE(own > 0 && heads % own == 0, heads, " heads cannot share ", own);
  ValueId tiled = TRY(call.tile(TRY(call.expand(x, 3)), {1, 1, 1, heads / own, 1}));
  return call.merge_axes(tiled, 2, 4);
}

/// Tensors [batch, steps, heads, size].
Expected<Results> import_attention(FunctionCall& call) {
  ValueId query = TRY(call.float_tensor("query", 0)), key = TRY(call.float_tensor("key", 1));
  ValueId value = TRY(call.float_tensor("value", 2));
  ENSURE(call.rank(query) == 4 && call.rank(key) == 4 && call.rank(value) == 4,
         "attention needs tensors of rank 4, but the query is ", text_of(call.shape(query)));
  TRY(call.only("flash_attention", PyValue::of(false)));
  if (call.has("attn_logits_soft_cap"))
    return call.unsupported_argument("attn_logits_soft_cap", call.argument("attn_logits_soft_cap"));
  int64_t heads = call.shape(query)[2], size = call.shape(key)[3];
  ENSURE(size > 0, "the size of a head must be known");
  key = TRY(repeated_heads(call, key, heads)), value = TRY(repeated_heads(call, value, heads));
  double scale = TRY(call.real("scale", 5, 1 / std::sqrt(static_cast<double>(size))));
  ValueId scores = TRY(einsum(call, "btnh,bsnh->bnts", {query, key}));
  scores = TRY(call.times(scores, scale));
  if (call.has("bias", 3))
    scores = TRY(call.add(scores, TRY(call.tensor_like("bias", 3, DType::f32))));
  ValueId mask = TRY(visible(call, scores));
  if (mask != no_value) {
    ValueId hidden = TRY(call.number(-0.7 * 3.4028234663852886e38, scores));
    scores = TRY(call.select(mask, scores, hidden));
  }
  return TRY(einsum(call, "bnts,bsnh->btnh", {TRY(call.softmax(scores)), value}));
}

constexpr FunctionDef functions[] = {
    {{"nn.batch_normalization"}, {"BatchNorm"}, import_batch_norm, {}, 0, "RSQRT, MUL and ADD"},
    {{}, {"LayerNorm"}, import_layer_norm, {}, 0, "MEAN, SQUARED_DIFFERENCE, RSQRT, MUL and ADD"},
    {{}, {"RMSNorm"}, import_rms_norm, {}, 0, "SQUARE, MEAN, RSQRT and MUL"},
    {{"nn.local_response_normalization", "nn.lrn"},
     {},
     import_local_response,
     {},
     0,
     "LOCAL_RESPONSE_NORMALIZATION"},
    {{}, {"DotProductAttention"}, import_attention, {}, 0, "BATCH_MATMUL and SOFTMAX"},
};

}  // namespace

FunctionTable normalization_functions() { return function_table(functions); }

}  // namespace wherry::keras
