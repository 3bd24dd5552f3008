// Products of matrices, Einstein's notation, norms.
#include "keras/functions/function_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras::test {
namespace {

const Fed table{{2, 2}, {1, 2, 3, 4}};

TEST(Linear, ProductsWithConstantsOnEitherSide) {
  expect_result(run(Newer{"Matmul", "{}", R"(["$x0", [[1, 0, 2], [0, 1, 3]]])"}, {table}), {2, 3},
                {1, 2, 8, 3, 4, 18});
  Older function{"linalg.matmul", R"(["x0", 0, 0, {"b": [[1, 0], [5, 1]], "transpose_b": true}])"};
  expect_result(run(function, {table}), {2, 2}, {1, 7, 3, 19});
  expect_result(run(Newer{"Matmul", "{}", R"(["$x0", [1, 1]])"}, {table}), {2}, {3, 7});
}

TEST(Linear, AxesAreSummedInPairs) {
  Older function{"tensordot", R"(["x0", 0, 0, {"b": [[1, 2], [3, 4]], "axes": [[1], [1]]}])"};
  expect_result(run(function, {table}), {2, 2}, {5, 11, 11, 25});
}

TEST(Einsum, SumsTransposesAndMultiplies) {
  auto einsum = [](const char* equation, const char* arguments, const std::vector<Fed>& inputs) {
    return run(Newer{"Einsum", cat(R"({"subscripts": ")", equation, R"("})"), arguments}, inputs);
  };
  Fed cube{{1, 2, 2}, {1, 2, 3, 4}};
  expect_result(einsum("bij,bjk->bik", R"(["$x0", "$x0"])", {cube}), {1, 2, 2}, {7, 10, 15, 22});
  expect_result(einsum("bij->bj", R"(["$x0"])", {cube}), {1, 2}, {4, 6});
  expect_result(einsum("...ij->...ji", R"(["$x0"])", {cube}), {1, 2, 2}, {1, 3, 2, 4});
  expect_result(einsum("bi,bj->bij", R"(["$x0", "$x0"])", {{{1, 2}, {2, 3}}}), {1, 2, 2},
                {4, 6, 6, 9});
  expect_result(einsum("bi,bij,bj->b", R"(["$x0", "$x1", "$x0"])", {{{1, 2}, {1, 2}}, cube}), {1},
                {27});
}

TEST(Einsum, OperandsThatKeras2LeavesOutAreMissed) {
  std::string text =
      problem(run(Older{"einsum", R"(["_CONSTANT_VALUE", -1, "bij->bji", {}])"}, {table}));
  EXPECT_NE(text.find("leaves the operands of einsum out"), std::string::npos) << text;
}

TEST(Einsum, AxesNamedTwiceAndUnknownOnesAreRefused) {
  std::string text =
      problem(run(Newer{"Einsum", R"({"subscripts": "ii->i"})", R"(["$x0"])"}, {table}));
  EXPECT_NE(text.find("twice in one operand"), std::string::npos) << text;
  text = problem(run(Newer{"Einsum", R"({"subscripts": "ij->ik"})", R"(["$x0"])"}, {table}));
  EXPECT_NE(text.find("unknown axis"), std::string::npos) << text;
}

TEST(Linear, KroneckerProductsOfAnyRanks) {
  expect_result(run(Newer{"Kron", "{}", R"(["$x0", [[1, 10], [0, -1]]])"}, {table}), {4, 4},
                {1, 10, 2, 20, 0, -1, 0, -2, 3, 30, 4, 40, 0, -3, 0, -4});
  expect_result(run(Newer{"Kron", "{}", R"([[1, 2], "$x0"])"}, {table}), {2, 4},
                {1, 2, 2, 4, 3, 4, 6, 8});
}

TEST(Linear, NormsOfAllOrders) {
  auto norm = [](const char* order) {
    return run(Newer{"Norm", cat(R"({"axis": -1, "ord": )", order, "}"), R"(["$x0"])"},
               {{{1, 2}, {3, -4}}});
  };
  expect_result(norm("null"), {1}, {5});
  expect_result(norm("1"), {1}, {7});
  expect_result(norm("\"inf\""), {1}, {4});
  expect_result(norm("3"), {1}, {4.497941445});
}

/// tf.math.l2_normalize of a tensor of this shape.
SavedModel unit_lengths(const std::string& shape, const std::string& arguments) {
  std::string layers = cat(
      R"([{"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"name": "x", )"
      R"("dtype": "float32", "batch_input_shape": )",
      shape,
      R"(}}, {"class_name": "TFOpLambda", )"
      R"("name": "f", "inbound_nodes": [["x", 0, 0, {)",
      arguments,
      R"(}]], "config": {"name": )"
      R"("f", "function": "math.l2_normalize"}}])");
  return small_model(
      Dialect::keras2,
      cat(R"({"class_name": "Functional", "config": {"name": "model", "layers": )", layers,
          R"(, "input_layers": [["x", 0, 0]], "output_layers": )"
          R"([["f", 0, 0]]}})"));
}

TEST(Linear, VectorsAlongTheLastAxisAreNormalisedByOneOperator) {
  SavedModel saved = unit_lengths("[null, 2]", R"("axis": -1)");
  EXPECT_EQ(operators_of(saved), "L2_NORMALIZATION");
  EXPECT_EQ(shown(result_of(saved, {keras::numbers({2, 2}, {3, -4, 0, 0})})), "0.6 -0.8 0 0");
  std::string chain = "SQUARE SUM MAXIMUM RSQRT MUL";
  EXPECT_EQ(operators_of(unit_lengths("[null, 2]", R"("axis": -1, "epsilon": 1e-6)")), chain);
  EXPECT_EQ(operators_of(unit_lengths("[null, 2, 2]", R"("axis": 1)")), chain);
  EXPECT_EQ(operators_of(unit_lengths("[null, 1, 1, 1, 2]", R"("axis": -1)")), chain);
}

TEST(Einsum, RowsMultiplyRowByRow) {
  Newer function{"Einsum", R"({"subscripts": "bi,bi->b"})", R"(["$x0", "$x0"])"};
  expect_result(run(function, {table}), {2}, {5, 25});
}

}  // namespace
}  // namespace wherry::keras::test
