// What is picked: slices, places, conditions.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed table{{2, 3}, {1, 2, 3, 4, 5, 6}};

TEST(Slicing, TakesRangesPlacesAndNewAxes) {
  constexpr const char* spec =
      R"(["x0", 0, 0, {"slice_spec": [{"start": null, "stop": null, "step": null}, -1, null]}])";
  expect_result(run(Older{"__operators__.getitem", spec}, {table}), {2, 1}, {3, 6});
  Newer reversed{"GetItem", "{}", R"(["$x0", [{"class_name": "__ellipsis__", "config": {}},
      {"class_name": "__slice__", "config": {"start": null, "stop": null, "step": -2}}]])"};
  expect_result(run(reversed, {table}), {2, 2}, {3, 1, 6, 4});
}

TEST(Slicing, TakesAListOfPlacesAlongOneAxis) {
  Newer function{"GetItem", "{}", R"(["$x0", [{"class_name": "__slice__",
      "config": {"start": null, "stop": null, "step": null}}, [2, -3]]])"};
  expect_result(run(function, {table}), {2, 2}, {3, 1, 6, 4});
}

TEST(Slicing, TakesBoundsThatTheModelComputes) {
  constexpr const char* spec = R"(["x0", 0, 0, {"slice_spec": [
      {"start": null, "stop": null, "step": null},
      {"start": null, "stop": ["x1", 0, 0], "step": null}]}])";
  std::string text =
      problem(run(Older{"__operators__.getitem", spec}, {table, {{1}, {2}, DType::i32}}));
  EXPECT_NE(text, "no error");  // one bound for each of the batch is no bound
}

TEST(Slicing, TooManyIndicesAreRefused) {
  std::string text = problem(
      run(Older{"__operators__.getitem", R"(["x0", 0, 0, {"slice_spec": [0, 0, 0]}])"}, {table}));
  EXPECT_NE(text.find("too many"), std::string::npos) << text;
}

TEST(Indexing, PlacesCountFromTheEndInKeras3) {
  expect_result(run(Newer{"Take", R"({"axis": 1})", R"(["$x0", [-1, 0]])"}, {table}), {2, 2},
                {3, 1, 6, 4});
  Fed places{{2, 1}, {-1, 1}, DType::i32};
  expect_result(run(Newer{"TakeAlongAxis", R"({"axis": 1})", R"(["$x0", "$x1"])"}, {table, places}),
                {2, 1}, {3, 5});
}

TEST(Indexing, EachOfTheBatchHasItsOwnPlaces) {
  Fed places{{2, 2}, {2, 0, 1, 1}, DType::i32};
  Older function{"compat.v1.gather",
                 R"(["x0", 0, 0, {"indices": ["x1", 0, 0], "axis": null, "batch_dims": 1}])"};
  expect_result(run(function, {table, places}), {2, 2}, {3, 1, 5, 5});
}

TEST(Indexing, OneHotKnowsBothValues) {
  Fed classes{{1, 2}, {1, 3}, DType::i32};
  Older function{"one_hot", R"(["x0", 0, 0, {"depth": 3, "on_value": 5.0, "off_value": -1.0}])"};
  expect_result(run(function, {classes}), {1, 2, 3}, {-1, 5, -1, -1, -1, -1});
}

TEST(Indexing, WhereChoosesOrFindsPlaces) {
  Fed condition{{1, 3}, {1, 0, 1}, DType::boolean};
  expect_result(run(Older{"where", R"(["x0", 0, 0, {"x": 1.0, "y": 0.5}])"}, {condition}), {1, 3},
                {1, 0.5, 1});
  expect_result(run(Older{"where", R"(["x0", 0, 0, {}])"}, {condition}), {2, 2}, {0, 0, 0, 2});
}

TEST(Indexing, MasksKeepWhatIsTrue) {
  Fed mask{{2, 3}, {1, 0, 0, 0, 1, 1}, DType::boolean};
  expect_result(
      run(Older{"boolean_mask", R"(["x0", 0, 0, {"mask": ["x1", 0, 0]}])"}, {table, mask}), {3},
      {1, 5, 6});
}

TEST(Indexing, UpdatesReplaceOrJoin) {
  Fed row{{1, 4}, {1, 2, 3, 4}};
  constexpr const char* node = R"(["x0", 0, 0, {"indices": [[0, 0], [0, 2]], "updates": [9, 8]}])";
  expect_result(run(Older{"tensor_scatter_nd_update", node}, {row}), {1, 4}, {9, 2, 8, 4});
  expect_result(run(Older{"tensor_scatter_nd_max", node}, {row}), {1, 4}, {9, 2, 8, 4});
  expect_result(run(Older{"tensor_scatter_nd_sub", node}, {row}), {1, 4}, {-8, 2, -5, 4});
}

TEST(Slicing, TakesPlacesThatTheModelComputes) {
  constexpr const char* spec = R"(["x0", 0, 0, {"slice_spec": [
      {"start": null, "stop": null, "step": null}, ["x1", 0, 0]]}])";
  Fed places{{2}, {-1, 0}, DType::i32};
  expect_result(run(Older{"__operators__.getitem", spec}, {table, places}), {2, 2}, {3, 1, 6, 4});
}

TEST(Segments, MeansOfEmptySegmentsAreZero) {
  Older function{"math.unsorted_segment_mean",
                 R"(["x0", 0, 0, {"segment_ids": ["x1", 0, 0], "num_segments": 3}])"};
  expect_result(run(function, {table, {{2}, {2, 2}, DType::i32}}), {3, 3},
                {0, 0, 0, 0, 0, 0, 2.5, 3.5, 4.5});
}

TEST(Segments, DifferentElementsAndTheirPlaces) {
  Outputs outputs = run(Older{"unique", R"(["x0", 0, 0, {}])", 2}, {{{4}, {7, 5, 7, 5}}});
  expect_result(outputs, {2}, {7, 5}, 0);
  expect_result(outputs, {4}, {0, 1, 0, 1}, 1);
}

}  // namespace
}  // namespace wherry::keras::test
