// Tests of products by an equation, with numbers that Keras 2.15 and 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(EinsumDense, ProjectsOneAxis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [null, 2], "equation": "abc,cd->abd", )"
           R"("activation": "linear", "bias_axes": "d"}})"),
       .weights = {{"einsum_dense/kernel", {3, 2}}, {"einsum_dense/bias", {2}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"-0.14062 -0.10938 -0.71875 -0.78125"}});
}

TEST(EinsumDense, MakesSeveralAxesOfOne) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [null, 2, 2], "equation": "abc,cde->abde", )"
           R"("activation": "relu", "bias_axes": "e"}})"),
       .weights = {{"einsum_dense/kernel", {3, 2, 2}}, {"einsum_dense/bias", {2}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"0.20312 0 0.51562 0 0 0 0 0"}});
}

TEST(EinsumDense, SumsOverSeveralAxes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [null, 2], "equation": "abcd,cde->abe", )"
           R"("activation": "linear", "bias_axes": "e"}})"),
       .weights = {{"einsum_dense/kernel", {2, 2, 2}}, {"einsum_dense/bias", {2}}},
       .inputs = {{"x", {1, 2, 2, 2}}},
       .results = {"0.1875 0.21875 1.1875 -1.3438"}});
}

TEST(EinsumDense, HasWeightsForEachPosition) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [2, 2], "equation": "abc,bcd->abd", )"
           R"("activation": "linear", "bias_axes": "bd"}})"),
       .weights = {{"einsum_dense/kernel", {2, 3, 2}}, {"einsum_dense/bias", {2, 2}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"-0.14062 -0.10938 -0.54688 1.2969"}});
}

TEST(EinsumDense, TransposesWhatTheEquationTransposes) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [2, 3], "equation": "abc,bd->acd", "activation": )"
           R"("linear", "bias_axes": "cd"}})"),
       .weights = {{"einsum_dense/kernel", {2, 3}}, {"einsum_dense/bias", {2, 3}}},
       .inputs = {{"x", {1, 2, 2}}},
       .results = {"0.1875 -0.6875 -0.3125 0.82812 -0.98438 0.35938"}});
}

TEST(EinsumDense, LeavesAxesOfAnEllipsisAlone) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2, 2]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [2], "equation": "...x,xy->...y", "activation": )"
           R"("linear", "bias_axes": "y"}})"),
       .weights = {{"einsum_dense/kernel", {2, 2}}, {"einsum_dense/bias", {2}}},
       .inputs = {{"x", {1, 2, 2, 2}}},
       .results = {"-0.20312 -0.35938 0.98438 -1.2969 1.25 -1.375 0.59375 -0.59375"}});
}

TEST(EinsumDense, ContractsAnAxisInFrontOfAnEllipsis) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [2], "equation": "ab...,bc->ac...", )"
           R"("activation": "linear", "bias_axes": "c"}})"),
       .weights = {{"einsum_dense/kernel", {2, 2}}, {"einsum_dense/bias", {2, 1}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"-0.015625 0.90625 1 -1.2969 -0.28125 -1.375"}});
}

TEST(EinsumDense, AddsUpWhatNeitherKernelNorResultHave) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer(
           "[null, 2, 2]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [3], "equation": "abc,bcd->ad", "activation": )"
           R"("linear"}})"),
       .weights = {{"einsum_dense/kernel", {2, 2, 3}}},
       .inputs = {{"x", {1, 2, 2}}},
       .results = {"-0.40625 -0.65625 0.73438"}});
}

TEST(EinsumDense, OfKeras2IsTheSame) {
  expect_results(
      {.dialect = Dialect::keras2,
       .config = one_layer(
           "[null, 2, 3]",
           R"({"class_name": "EinsumDense", "config": {"name": "einsum_dense", "trainable": true, )"
           R"("dtype": "float32", "output_shape": [null, 2], "equation": "abc,cd->abd", )"
           R"("activation": "linear", "bias_axes": "d"}})"),
       .weights = {{"einsum_dense/kernel:0", {3, 2}}, {"einsum_dense/bias:0", {2}}},
       .inputs = {{"x", {1, 2, 3}}},
       .results = {"-0.14062 -0.10938 -0.71875 -0.78125"}});
}

TEST(EinsumDense, OfOpenLengthsIsOneOperator) {
  SavedModel saved = small_model(
      Dialect::keras3,
      sequential(
          "[null, null, 2]",
          layer_json("EinsumDense", R"("equation": "abc,cd->abd", "output_shape": [null, 1])")),
      {{"einsumdense/kernel", {2, 1}, {1, 10}}});
  EXPECT_EQ(operators_of(saved), "FULLY_CONNECTED");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 2}, {1, 2, 3, 4})})), "21 43");
}

}  // namespace
}  // namespace wherry::keras
