// Losses called as functions: crossentropies.
#include "keras/functions/function_call.h"
#include "keras/functions/indexing.h"
#include "keras/nonlinearity.h"

namespace wherry::keras {
namespace {

constexpr double smallest = 1e-7;  ///< what Keras keeps probabilities away from 0 and 1

/// softplus(x) - x * labels.
Expected<ValueId> of_logits(FunctionCall& call, ValueId labels, ValueId x) {
  return call.subtract(TRY(softplus(call, x)), TRY(call.multiply(x, labels)));
}

Expected<Results> import_sigmoid(FunctionCall& call) {
  ValueId labels = TRY(call.tensor_like("labels", 0, DType::f32));
  return TRY(of_logits(call, labels, TRY(call.tensor_like("logits", -1, DType::f32))));
}

Expected<Results> import_binary(FunctionCall& call) {
  ValueId labels = TRY(call.tensor_like("target", 0, DType::f32));
  ValueId x = TRY(call.tensor_like("output", 1, DType::f32));
  if (TRY(call.flag("from_logits", false))) return TRY(of_logits(call, labels, x));
  x = TRY(clip(call, x, smallest, 1 - smallest));
  ValueId one = TRY(call.number(1, x));
  ValueId is_true = TRY(call.multiply(labels, TRY(call.node("LOG", {x}))));
  ValueId other = TRY(call.node("LOG", {TRY(call.subtract(one, x))}));
  ValueId is_false = TRY(call.multiply(TRY(call.subtract(one, labels)), other));
  return TRY(call.node("NEG", {TRY(call.add(is_true, is_false))}));
}

/// log of the share of each class, from logits or from what should be shares already.
Expected<ValueId> log_shares(FunctionCall& call, ValueId x, int axis, bool from_logits) {
  if (from_logits) return log_softmax(call, x, axis);
  ValueId sum = TRY(call.reduce("SUM", x, {axis}, true));
  return call.node("LOG", {TRY(clip(call, TRY(call.divide(x, sum)), smallest, 1 - smallest))});
}

/// The classes as one of many, or with number 1 as their numbers.
Expected<Results> import_categorical(FunctionCall& call) {
  bool is_sparse = call.def().number == 1;
  const PyValue& written = call.argument("target|labels", 0);
  ValueId labels = TRY(call.constant_of(written, is_sparse ? DType::i32 : DType::f32));
  ValueId x = TRY(call.tensor_like("output|logits", 1, DType::f32));
  bool from_logits = TRY(call.flag("from_logits", !call.newer()));
  int axis = TRY(call.axis(TRY(call.integer("axis|dim", -1, -1)), x));
  ValueId logs = TRY(log_shares(call, x, axis, from_logits));
  if (!is_sparse) {
    ValueId sum = TRY(call.reduce("SUM", TRY(call.multiply(labels, logs)), {axis}, false));
    return TRY(call.node("NEG", {sum}));
  }
  int rank = call.rank(x);
  ENSURE(axis == rank - 1, "the classes should stand on the last axis");
  if (call.rank(labels) == rank) labels = TRY(call.squeeze(labels, rank - 1));
  ENSURE(call.rank(labels) == rank - 1, "labels of shape ", text_of(call.shape(labels)),
         " do not fit scores of shape ", text_of(call.shape(x)));
  return TRY(call.node("NEG", {TRY(gather(call, logs, labels, {rank - 1, rank - 1}))}));
}

constexpr FunctionDef functions[] = {
    {{"nn.sigmoid_cross_entropy_with_logits"}, {}, import_sigmoid, {}, 0, "EXP, LOG, MUL and SUB"},
    {{}, {"BinaryCrossentropy"}, import_binary, {}, 0, "LOG, MUL and ADD"},
    {{"nn.softmax_cross_entropy_with_logits", "nn.softmax_cross_entropy_with_logits_v2"},
     {"CategoricalCrossentropy"},
     import_categorical,
     {},
     0,
     "LOG_SOFTMAX, MUL and SUM"},
    {{"nn.sparse_softmax_cross_entropy_with_logits"},
     {"SparseCategoricalCrossentropy"},
     import_categorical,
     {},
     1,
     "LOG_SOFTMAX and GATHER"},
};

}  // namespace

FunctionTable losses_functions() { return function_table(functions); }

}  // namespace wherry::keras
