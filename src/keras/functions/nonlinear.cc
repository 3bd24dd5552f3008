// Activation functions called as functions.
#include "keras/nonlinearity.h"

#include <cmath>

#include "keras/activation.h"
#include "keras/functions/elementwise.h"
#include "keras/functions/function_call.h"

namespace wherry::keras {
namespace {

/// One operator over floats.
Expected<Results> import_plain(FunctionCall& call) {
  return TRY(call.node(call.def().op, {TRY(call.float_first())}));
}

/// An activation without parameters by its name in Keras.
Expected<Results> import_named(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(
      emit_activation(call, call.def().op, call.newer() ? Dialect::keras3 : Dialect::keras2, x));
}

Expected<Results> import_relu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ReluShape shape{.slope = TRY(call.real("alpha|negative_slope", -1, 0)),
                  .threshold = TRY(call.real("threshold", -1, 0))};
  if (call.has("max_value")) shape.max_value = TRY(call.real("max_value"));
  return TRY(relu(call, x, shape));
}

Expected<Results> import_leaky_relu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(leaky_relu(call, x, TRY(call.real("alpha|negative_slope", -1, 0.2))));
}

Expected<Results> import_elu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(elu(call, x, TRY(call.real("alpha", -1, 1))));
}

Expected<Results> import_celu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(celu(call, x, TRY(call.real("alpha", -1, 1))));
}

/// Keras 3 approximates unless told otherwise, TensorFlow does not.
Expected<Results> import_gelu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  bool approximate = TRY(call.flag("approximate", call.newer()));
  return TRY(gelu(call, x, approximate));
}

/// x * sigmoid(beta * x).
Expected<Results> import_silu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  ValueId scaled = TRY(call.times(x, TRY(call.real("beta", -1, 1))));
  return TRY(call.multiply(x, TRY(call.node("LOGISTIC", {scaled}))));
}

Expected<Results> import_glu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(glu(call, x, TRY(call.integer("axis", -1, -1))));
}

/// relu(x) and relu(-x) side by side.
Expected<Results> import_crelu(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  int64_t axis = TRY(call.integer("axis", -1, -1));
  ValueId negative = TRY(call.node("NEG", {x}));
  return TRY(call.node("RELU", {TRY(call.concatenate({x, negative}, axis))}));
}

Expected<Results> import_squareplus(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(squareplus(call, x, TRY(call.real("b", -1, 4))));
}

Expected<Results> import_soft_shrink(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(soft_shrink(call, x, TRY(call.real("threshold", -1, 0.5))));
}

Expected<Results> import_hard_shrink(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  return TRY(hard_shrink(call, x, TRY(call.real("threshold", -1, 0.5))));
}

Expected<Results> import_threshold(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  double bound = TRY(call.real("threshold")), otherwise = TRY(call.real("default_value"));
  return TRY(threshold(call, x, bound, otherwise));
}

/// softmax, log_softmax or sparsemax over one axis, or softmax over several joined ones.
Expected<Results> import_over_axis(FunctionCall& call) {
  ValueId x = TRY(call.float_first());
  constexpr std::string_view names = "axis|dim";
  std::vector<int64_t> axes = TRY(call.integers(names));
  if (axes.empty()) {
    bool joins = call.newer() && call.is_written("axis");
    for (int i = joins ? 0 : call.rank(x) - 1; i < call.rank(x); ++i) axes.push_back(i);
  }
  for (int64_t& at : axes) at = TRY(call.axis(at, x));
  if (axes.size() == 1) {
    if (call.def().op == "SOFTMAX") return TRY(call.softmax(x, axes[0]));
    return TRY(call.def().op == "LOG_SOFTMAX" ? log_softmax(call, x, axes[0])
                                              : sparsemax(call, x, axes[0]));
  }
  if (call.def().op == "sparsemax") return call.unsupported_argument(names, call.argument(names));
  ValueId highest = TRY(call.reduce("REDUCE_MAX", x, axes, true));
  ValueId lowered = TRY(call.subtract(x, highest)), powers = TRY(call.node("EXP", {lowered}));
  ValueId sum = TRY(call.reduce("SUM", powers, axes, true));
  if (call.def().op == "SOFTMAX") return TRY(call.divide(powers, sum));
  return TRY(call.subtract(lowered, TRY(call.node("LOG", {sum}))));
}

constexpr FunctionDef functions[] = {
    {{"nn.relu", "keras.activations.relu", "keras.backend.relu"},
     {"Relu"},
     import_relu,
     {},
     0,
     "RELU, LEAKY_RELU and the like"},
    {{"nn.relu6"}, {"Relu6"}, import_plain, "RELU6"},
    {{"nn.leaky_relu"}, {"LeakyRelu"}, import_leaky_relu, {}, 0, "LEAKY_RELU"},
    {{"nn.elu", "keras.activations.elu", "keras.backend.elu"}, {"Elu"}, import_elu, {}, 0, "ELU"},
    {{"nn.selu", "keras.activations.selu"},
     {"Selu"},
     import_named,
     "selu",
     0,
     "ELU, LEAKY_RELU and MUL"},
    {{}, {"Celu"}, import_celu, {}, 0, "ELU"},
    {{"nn.gelu", "keras.activations.gelu"}, {"Gelu"}, import_gelu, {}, 0, "GELU"},
    {{"nn.silu", "nn.swish", "keras.activations.swish", "keras.activations.silu"},
     {"Silu"},
     import_silu,
     {},
     0,
     "LOGISTIC and MUL"},
    {{"keras.activations.mish"}, {}, import_named, "mish"},
    {{"math.sigmoid", "nn.sigmoid", "keras.activations.sigmoid", "keras.backend.sigmoid"},
     {"Sigmoid"},
     import_plain,
     "LOGISTIC"},
    {{"math.tanh", "nn.tanh", "keras.activations.tanh", "keras.backend.tanh"},
     {"Tanh"},
     import_plain,
     "TANH"},
    {{"math.softplus", "nn.softplus", "keras.activations.softplus", "keras.backend.softplus"},
     {"Softplus"},
     import_named,
     "softplus",
     0,
     "RELU, LOGISTIC and LOG"},
    {{"nn.softsign", "math.softsign", "keras.activations.softsign", "keras.backend.softsign"},
     {"Softsign"},
     import_named,
     "softsign",
     0,
     "ABS and DIV"},
    {{"math.log_sigmoid", "nn.log_sigmoid"},
     {"LogSigmoid"},
     import_named,
     "log_sigmoid",
     0,
     "LOGISTIC and LOG"},
    {{"keras.activations.hard_sigmoid", "keras.backend.hard_sigmoid"},
     {"HardSigmoid"},
     import_named,
     "hard_sigmoid",
     0,
     "RELU6 and MUL; in Keras 2 MUL, ADD, RELU and MINIMUM"},
    {{}, {"HardSilu"}, import_plain, "HARD_SWISH"},
    {{}, {"HardTanh"}, import_plain, "RELU_N1_TO_1"},
    {{}, {"HardShrink"}, import_hard_shrink, {}, 0, "GREATER and SELECT_V2"},
    {{}, {"SoftShrink"}, import_soft_shrink, {}, 0, "SUB"},
    {{}, {"TanhShrink"}, import_named, "tanh_shrink", 0, "TANH and SUB"},
    {{}, {"Threshold"}, import_threshold, {}, 0, "GREATER and SELECT_V2"},
    {{}, {"Glu"}, import_glu, {}, 0, "SPLIT, LOGISTIC and MUL"},
    {{}, {"Squareplus"}, import_squareplus, {}, 0, "SQRT"},
    {{}, {"SparsePlus"}, import_named, "sparse_plus", 0, "RELU_N1_TO_1 and RELU"},
    {{}, {"SparseSigmoid"}, import_named, "sparse_sigmoid", 0, "RELU_N1_TO_1"},
    {{"nn.crelu"}, {}, import_crelu, {}, 0, "CONCATENATION and RELU"},
    {{"nn.softmax", "keras.activations.softmax", "keras.backend.softmax"},
     {"Softmax"},
     import_over_axis,
     "SOFTMAX"},
    {{"nn.log_softmax"}, {"LogSoftmax"}, import_over_axis, "LOG_SOFTMAX"},
    {{}, {"Sparsemax"}, import_over_axis, "sparsemax", 0, "TOPK_V2, CUMSUM and the like"},
};

}  // namespace

FunctionTable nonlinear_functions() { return function_table(functions); }

}  // namespace wherry::keras
