// How functions get their arguments: constants, tensors inside lists, unknown ones, element types.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed row{{1, 3}, {1, 2, 3}};

TEST(FunctionCall, NumbersAndListsBecomeConstants) {
  expect_result(run(Older{"math.add", R"(["x0", 0, 0, {"y": 1.5, "name": null}])"}, {row}), {1, 3},
                {2.5, 3.5, 4.5});
  expect_result(run(Older{"__operators__.add", R"(["x0", 0, 0, {"y": [1, 0, -1]}])"}, {row}),
                {1, 3}, {2, 2, 2});
}

TEST(FunctionCall, AConstantMayComeFirst) {
  Older function{"math.subtract", R"(["_CONSTANT_VALUE", -1, 1.0, {"y": ["x0", 0, 0]}])"};
  expect_result(run(function, {row}), {1, 3}, {0, -1, -2});
  expect_result(run(Newer{"Subtract", "{}", R"([1.0, "$x0"])"}, {row}), {1, 3}, {0, -1, -2});
}

TEST(FunctionCall, WhatNobodyReadsIsRefused) {
  Older function{"math.exp", R"(["x0", 0, 0, {"precision": "high"}])"};
  std::string text = problem(run(function, {row}));
  EXPECT_NE(text.find("'precision'"), std::string::npos) << text;
  EXPECT_NE(text.find("layer 'f' (TFOpLambda math.exp)"), std::string::npos) << text;
}

TEST(FunctionCall, UnknownFunctionsAreNamed) {
  std::string text = problem(run(Older{"math.igamma", R"(["x0", 0, 0, {}])"}, {row}));
  EXPECT_NE(text.find("the function 'math.igamma' is not supported"), std::string::npos) << text;
  text = problem(run(Newer{"Map", "{}", R"(["$x0"])"}, {row}));
  EXPECT_NE(text.find("Python code"), std::string::npos) << text;
}

TEST(FunctionCall, OlderNamesAreFound) {
  Older function{"compat.v1.exp", R"(["x0", 0, 0, {}])"};
  expect_result(run(function, {{{1, 1}, {0}}}), {1, 1}, {1});
  expect_result(run(Older{"exp", R"(["x0", 0, 0, {}])"}, {{{1, 1}, {0}}}), {1, 1}, {1});
}

TEST(FunctionCall, IntegersMeetFractionsAsFloatsInKeras3) {
  Fed whole{{1, 2}, {1, 2}, DType::i32};
  expect_result(run(Newer{"Multiply", "{}", R"(["$x0", 0.5])"}, {whole}), {1, 2}, {0.5, 1});
  expect_result(run(Newer{"Multiply", "{}", R"(["$x0", 2])"}, {whole}), {1, 2}, {2, 4});
  expect_result(run(Newer{"TrueDivide", "{}", R"(["$x0", 4])"}, {whole}), {1, 2}, {0.25, 0.5});
}

TEST(FunctionCall, AnExtentThatTheModelComputesNeedsNothingWhileRunning) {
  Older function{"reshape", R"(["x0", 0, 0, {"shape": [-1, 2, 3]}])"};
  expect_result(run(function, {{{2, 6}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}}}), {2, 2, 3},
                {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
}

TEST(FunctionCall, NumbersThatTheModelComputesAreRefusedWhereTheyMustBeKnown) {
  Older function{"math.reduce_sum", R"(["x0", 0, 0, {"axis": ["x1", 0, 0]}])"};
  std::string text = problem(run(function, {row, {{1}, {1}, DType::i32}}));
  EXPECT_NE(text.find("'axis' is computed by the model"), std::string::npos) << text;
}

TEST(FunctionCall, RaggedListsAreRefused) {
  Older function{"math.add", R"(["x0", 0, 0, {"y": [[1, 2], [3]]}])"};
  EXPECT_NE(problem(run(function, {row})).find("no list of numbers"), std::string::npos);
}

TEST(NodeRecord, ReadsNodesAndConstants) {
  constexpr const char* node = R"({"name": "Mul", "op": "Mul", "input": ["x", "y"],
                                   "attr": {"T": {"type": "DT_FLOAT"}}})";
  expect_result(run_node(node, R"({"1": 2.0})", {row}), {1, 3}, {2, 4, 6});
  expect_result(run_node(node, R"({"0": 3.0})", {row}), {1, 3}, {3, 6, 9});
}

TEST(NodeRecord, ReadsAttributesAndLists) {
  constexpr const char* mean = R"({"op": "Mean", "attr": {"keep_dims": {"b": true}}})";
  expect_result(run_node(mean, R"({"1": [1]})", {row}), {1, 1}, {2});
  constexpr const char* concat = R"({"op": "ConcatV2", "attr": {"N": {"i": "2"}}})";
  expect_result(run_node(concat, R"({"2": 1})", {row, row}), {1, 6}, {1, 2, 3, 1, 2, 3});
  constexpr const char* squeeze =
      R"({"op": "Squeeze", "attr": {"squeeze_dims": {"list": {"i": ["1"]}}}})";
  expect_result(run_node(squeeze, "{}", {{{2, 1}, {4, 5}}}), {2}, {4, 5});
}

const Fed matrix{{1, 2, 2}, {1, 2, 3, 4}};

TEST(NodeRecord, AnEquationIsAnAttribute) {
  constexpr const char* node =
      R"({"op": "Einsum", "attr": {"equation": {"s": "YmlqLGJqay0+Ymlr"}, "N": {"i": "2"}}})";
  expect_result(run_node(node, "{}", {matrix, matrix}), {1, 2, 2}, {7, 10, 15, 22});
}

TEST(NodeRecord, SelectOfAVectorChoosesRows) {
  Fed rows{{2, 2}, {1, 2, 3, 4}}, chosen{{2}, {1, 0}, DType::boolean};
  expect_result(run_node(R"({"op": "Select"})", "{}", {chosen, rows, {{2, 2}, {5, 6, 7, 8}}}),
                {2, 2}, {1, 2, 7, 8});
}

TEST(NodeRecord, NormalisesByConstantsUnlessTraining) {
  constexpr const char* constants = R"({"1": [2, 1], "2": [0, 1], "3": [1, 0], "4": [3, 0]})";
  std::string node = R"({"op": "FusedBatchNormV3", "attr": {"epsilon": {"f": 1},
      "data_format": {"s": "TkhXQw=="}, "is_training": {"b": false}}})";
  expect_result(run_node(node, constants, {{{1, 1, 1, 2}, {3, 5}}}), {1, 1, 1, 2}, {2, 6});
  node.replace(node.rfind("false"), 5, "true");
  EXPECT_NE(problem(run_node(node, constants, {{{1, 1, 1, 2}, {3, 5}}})).find("'is_training'"),
            std::string::npos);
}

TEST(NodeRecord, DiagonalsAreGivenByTheirPlace) {
  expect_result(
      run_node(R"({"op": "MatrixDiagPartV3", "attr": {"align": {"s": "UklHSFRfTEVGVA=="}}})",
               R"({"1": 1, "2": 0.0})", {matrix}),
      {1, 1}, {2});
  expect_result(run_node(R"({"op": "MatrixBandPart"})", R"({"1": 0, "2": -1})", {matrix}),
                {1, 2, 2}, {1, 2, 0, 4});
}

TEST(NodeRecord, ALossIsTheFirstResult) {
  Fed scores{{1, 2}, {0, 0}}, labels{{1, 2}, {1, 0}};
  expect_result(run_node(R"({"op": "SoftmaxCrossEntropyWithLogits"})", "{}", {scores, labels}), {1},
                {0.6931472});
}

TEST(NodeRecord, SeveralResultsKeepTheirPlaces) {
  expect_result(run_node(R"({"op": "IdentityN"})", "{}", {row, matrix}), {1, 3}, {1, 2, 3});
}

TEST(NodeRecord, ATransposedConvolutionBeginsWithItsShape) {
  constexpr const char* node = R"({"op": "Conv2DBackpropInput", "attr": {
      "padding": {"s": "VkFMSUQ="}, "strides": {"list": {"i": ["1", "2", "2", "1"]}}}})";
  constexpr const char* constants = R"({"0": [1, 2, 2, 1], "1": [[[[1]], [[2]]], [[[3]], [[4]]]]})";
  std::string refusal = problem(run_node(node, constants, {{{1, 1, 1, 1}, {2}}}));
  EXPECT_NE(refusal.find("--batch N"), std::string::npos) << refusal;
}

TEST(NodeRecord, BranchesAreRefusedWithAWayOut) {
  std::string refusal = problem(run_node(R"({"op": "StatelessIf"})", "{}", {row}));
  EXPECT_NE(refusal.find("its branches are traced functions"), std::string::npos) << refusal;
}

TEST(NodeRecord, UnknownOperatorsAndNotationsAreRefused) {
  EXPECT_NE(problem(run_node(R"({"op": "Lgamma"})", "{}", {row})).find("raw_ops.Lgamma"),
            std::string::npos);
  EXPECT_NE(problem(run_node("\n\x03Mul", "{}", {row})).find("written in no known way"),
            std::string::npos);
}

}  // namespace
}  // namespace wherry::keras::test
