// Shapes, joints, diagonals and what is made anew.
#include <cmath>

#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed table{{2, 3}, {1, 2, 3, 4, 5, 6}};

TEST(ShapeFunctions, AnUnknownBatchStaysOpenBesideAnOpenExtent) {
  Fed pairs{{2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  expect_result(run(Newer{"Reshape", R"({"newshape": [-1, 6]})", R"(["$x0"])"}, {pairs}), {2, 6},
                {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
}

TEST(ShapeFunctions, AxesMoveToTheirPlaces) {
  Fed cube{{1, 2, 3}, {1, 2, 3, 4, 5, 6}};
  expect_result(run(Newer{"Moveaxis", R"({"source": 1, "destination": -1})", R"(["$x0"])"}, {cube}),
                {1, 3, 2}, {1, 4, 2, 5, 3, 6});
  expect_result(run(Newer{"Rot90", R"({"k": 1, "axes": [1, 2]})", R"(["$x0"])"}, {cube}), {1, 3, 2},
                {3, 6, 2, 5, 1, 4});
}

TEST(ShapeFunctions, AnAxisNamedTwiceIsRefused) {
  std::string text = problem(run(Newer{"Transpose", R"({"axes": [0, 0]})", R"(["$x0"])"}, {table}));
  EXPECT_NE(text.find("no order of those"), std::string::npos) << text;
}

TEST(Joining, CutsMayBeUnequal) {
  Outputs outputs = run(
      Newer{"ArraySplit", R"({"indices_or_sections": 2, "axis": 1})", R"(["$x0"])", 2}, {table});
  expect_result(outputs, {2, 2}, {1, 2, 4, 5}, 0);
  expect_result(outputs, {2, 1}, {3, 6}, 1);
}

TEST(Joining, OneSizeOfASplitMayBeOpen) {
  Outputs outputs = run(
      Older{"split", R"(["x0", 0, 0, {"num_or_size_splits": [1, -1], "axis": -1}])", 2}, {table});
  expect_result(outputs, {2, 1}, {1, 4}, 0);
  expect_result(outputs, {2, 2}, {2, 3, 5, 6}, 1);
}

TEST(Joining, ConstantsJoinTensors) {
  Older function{
      "concat",
      R"([["x0", 0, 0, {"axis": 0}], ["_CONSTANT_VALUE", -1, [[7, 8, 9]], {"axis": 0}]])"};
  expect_result(run(function, {{{1, 3}, {1, 2, 3}}}), {2, 3}, {1, 2, 3, 7, 8, 9});
}

TEST(Joining, ElementsAreRepeatedAllOrEach) {
  expect_result(run(Newer{"Repeat", R"({"repeats": 2, "axis": 1})", R"(["$x0"])"}, {table}), {2, 6},
                {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6});
  expect_result(run(Newer{"Repeat", R"({"repeats": [0, 1, 2], "axis": 1})", R"(["$x0"])"}, {table}),
                {2, 3}, {2, 3, 3, 5, 6, 6});
}

TEST(Joining, PaddingsOfUnknownModesAreRefused) {
  std::string text = problem(run(
      Newer{"Pad", R"({"pad_width": [[0, 0], [1, 1]], "mode": "wrap"})", R"(["$x0"])"}, {table}));
  EXPECT_NE(text.find("'wrap'"), std::string::npos) << text;
}

TEST(MatrixParts, TrianglesKeepWhatIsNoNumberOutOfTheRest) {
  Fed square{{1, 2, 2}, {1, INFINITY, 3, 4}};
  expect_result(run(Newer{"Tril", "{}", R"(["$x0"])"}, {square}), {1, 2, 2}, {1, 0, 3, 4});
  expect_result(run(Older{"linalg.diag", R"(["x0", 0, 0, {"k": 1}])"}, {{{1, 2}, {5, 6}}}),
                {1, 3, 3}, {0, 5, 0, 0, 0, 6, 0, 0, 0});
}

TEST(Creation, RangesFollowSizesThatAreKnownLate) {
  Older function{"ones_like", R"(["x0", 0, 0, {"dtype": "int32"}])"};
  Outputs outputs = run(function, {table});
  expect_result(outputs, {2, 3}, {1, 1, 1, 1, 1, 1});
  EXPECT_EQ((*outputs)[0].type.dtype, DType::i32);
}

TEST(Creation, CastsToNarrowTypesMaySaturate) {
  Newer function{"SaturateCast", R"({"dtype": "int8"})", R"(["$x0"])"};
  expect_result(run(function, {{{1, 3}, {-300, 5, 300}}}), {1, 3}, {-128, 5, 127});
}

TEST(Creation, DroppingAtRandomIsRefused) {
  std::string text = problem(run(Older{"nn.dropout", R"(["x0", 0, 0, {"rate": 0.5}])"}, {table}));
  EXPECT_NE(text.find("use a Dropout layer"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
