// Tests of layers that apply an activation, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(SoftmaxLayer, GoesOverSeveralAxesTogether) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2]",
           R"({"class_name": "Softmax", "config": {"name": "softmax", "trainable": true, "dtype": )"
           R"("float32", "axis": [1, 3]}})"),
       .inputs = {{"x", {1, 2, 2, 2}}},
       .results = {"0.30676 0.09959 0.13292 0.52572 0.087888 0.50576 0.17068 0.17068"}});
}

TEST(SoftmaxLayer, GoesOverAnyAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 3, 2]",
           R"({"class_name": "Softmax", "config": {"name": "softmax", "trainable": true, "dtype": )"
           R"("float32", "axis": 1}})"),
       .inputs = {{"x", {1, 3, 2}}},
       .results = {"0.60445 0.094696 0.22237 0.4244 0.17318 0.48091"}});
}

TEST(SoftmaxLayer, LeavesMaskedElementsAtZero) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": )"
           R"("float32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("InputLayer", "config": {"batch_shape": [null, 2, 3], "dtype": "bool", "name": "m"}, )"
           R"("name": "m", "inbound_nodes": []}, {"class_name": "Softmax", "config": {"name": )"
           R"("softmax", "trainable": true, "dtype": "float32", "axis": -1}, "name": "softmax", )"
           R"("inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": )"
           R"({"keras_history": ["x", 0, 0]}}], "kwargs": {"mask": {"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["m", 0, 0]}}}}]}], "input_layers": )"
           R"([["x", 0, 0], ["m", 0, 0]], "output_layers": ["softmax", 0, 0]}})",
       .inputs = {{"x", {1, 2, 3}}, {"m", {1, 2, 3}, DType::boolean}},
       .results = {"0.59083 0.19181 0.21735 0.42917 0.084509 0.48632"}});
}

TEST(ActivationLayer, SparsemaxIsWhatKerasMakesOfIt) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 4]",
           R"({"class_name": "Activation", "config": {"name": "activation", "trainable": true, )"
           R"("dtype": "float32", "activation": "sparsemax"}})"),
       .inputs = {{"x", {1, 4}}},
       .results = {"0 0 0 0.25"}});
}

TEST(ActivationLayer, RectifiesIntegersToo) {
  std::string config = sequential("[null, 3]", layer_json("Activation", R"("activation": "relu")"));
  config.replace(config.find("float32"), 7, "int32");
  SavedModel saved = small_model(Dialect::keras3, config);
  EXPECT_EQ(shown(result_of(saved, {integers({1, 3}, {-2, 0, 9})})), "0 0 9");
}

TEST(ReluLayer, HasSlopeThresholdAndLimit) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 8]",
           R"({"class_name": "ReLU", "config": {"name": "re_lu", "trainable": true, "dtype": )"
           R"("float32", "max_value": 0.75, "negative_slope": 0.5, "threshold": 0.25}})"),
       .inputs = {{"x", {1, 8}}},
       .results = {"0.5 -0.4375 -0.375 0.75 -0.5 0.75 -0.25 -0.25"}});
}

TEST(ReluLayer, WithAThresholdSelects) {
  SavedModel saved = small_model(
      Dialect::keras3, sequential("[null, 4]", layer_json("ReLU", R"("threshold": 0.5)")));
  EXPECT_EQ(operators_of(saved), "GREATER SELECT_V2");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 4}, {-3, 0.5, 0.75, 3})})), "0 0 0.75 3");
}

/// Three slopes for two rows.
void expect_slopes_shared_along(const std::string& axes) {
  std::string layer =
      cat(R"({"class_name": "PReLU", "config": {"name": "p_re_lu", "trainable": true, "dtype": )",
          R"("float32", "shared_axes": )", axes, "}}");
  expect_results({.dialect = Dialect::keras3,
                  .config = one_layer("[null, 2, 3]", layer),
                  .weights = {{"p_re_lu/alpha", {1, 3}}},
                  .inputs = {{"x", {1, 2, 3}}},
                  .results = {"0.5 0 -0.0625 0.875 0 1"}});
}

TEST(PReluLayer, SharesSlopesAlongAxes) { expect_slopes_shared_along("[1]"); }

TEST(PReluLayer, CountsNegativeAxesFromTheLastButOne) { expect_slopes_shared_along("[-1]"); }

TEST(ThresholdedRelu, KeepsWhatIsAboveItsThreshold) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config =
           one_layer("[null, 8]",
                     R"({"class_name": "ThresholdedReLU", "config": {"name": "thresholded_re_lu", )"
                     R"("trainable": true, "dtype": "float32", "theta": 0.4000000059604645}})"),
       .inputs = {{"x", {1, 8}}},
       .results = {"0.5 0 0 0.875 0 1 0 0"}});
}

/// What a Dense layer of Keras 2 with three units and this activation makes of four numbers.
void expect_of_dense(const std::string& activation, const std::string& results) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 4]",
           R"({"class_name": "Dense", "config": {"name": "dense", "trainable": true, "dtype": )"
           R"("float32", "units": 3, "activation": {"class_name": "function", "config": ")" +
               activation + R"("}, "use_bias": true}})"),
       .weights = {{"dense/kernel:0", {4, 3}}, {"dense/bias:0", {3}}},
       .inputs = {{"x", {1, 4}}},
       .results = {results}});
}

SavedModel activation_of_keras3(const std::string& name) {
  return small_model(
      Dialect::keras3,
      sequential("[null, 4]", layer_json("Activation", cat(R"("activation": ")", name, R"(")"))));
}

/// Of numbers whose exponentials, or those of their opposites, are too large for a float.
std::string extremes_of(const SavedModel& saved) {
  return shown(result_of(saved, {numbers({1, 4}, {-200, -95, 95, 200})}));
}

std::string middle_of(const SavedModel& saved) {
  return shown(result_of(saved, {numbers({1, 4}, {-3, 0, 0.5, 3})}));
}

TEST(Activation, SoftplusTakesFiveOperatorsThatDoNotOverflow) {
  SavedModel saved = activation_of_keras3("softplus");
  EXPECT_EQ(operators_of(saved), "RELU ABS LOGISTIC LOG SUB");
  EXPECT_EQ(extremes_of(saved), "0 0 95 200");
  EXPECT_EQ(middle_of(saved), "0.04859 0.6931 0.9741 3.049");
}

TEST(Activation, LogSigmoidTakesFiveOperatorsThatDoNotOverflow) {
  SavedModel saved = activation_of_keras3("log_sigmoid");
  EXPECT_EQ(operators_of(saved), "MINIMUM ABS LOGISTIC LOG ADD");
  EXPECT_EQ(extremes_of(saved), "-200 -95 0 0");
  EXPECT_EQ(middle_of(saved), "-3.049 -0.6931 -0.4741 -0.04859");
}

TEST(Activation, MishTakesFiveOperatorsThatDoNotOverflow) {
  SavedModel saved = activation_of_keras3("mish");
  EXPECT_EQ(operators_of(saved), "NEG LOGISTIC LOG TANH MUL");
  EXPECT_EQ(extremes_of(saved), "0 0 95 200");
  EXPECT_EQ(middle_of(saved), "-0.1456 0 0.3752 2.987");
}

TEST(Activation, OfTensorFlowHasItsNameThere) {
  expect_of_dense("log_softmax_v2", "-0.87706 -2.2521 -0.73644");
}

TEST(Activation, CreluDoublesTheLastAxis) {
  expect_of_dense("crelu_v2", "0 0 0.10938 0.03125 1.4062 0");
}

}  // namespace
}  // namespace wherry::keras
