// Areas, likeness, joint norms and rounding.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed row{{1, 4}, {1, 3, 5, 7}};

TEST(Measures, AreasBelowCurves) {
  expect_result(
      run(Newer{"Trapezoid", R"({"x": null, "dx": 0.5, "axis": -1})", R"(["$x0"])"}, {row}), {1},
      {6});
}

TEST(Measures, LikenessInDecibels) {
  Fed other{{1, 4}, {1, 3, 5, 8}};
  expect_result(run(Newer{"PSNR", R"({"max_val": 10})", R"(["$x0", "$x1"])"}, {row, other}), {},
                {26.0205999133});
  Fed picture{{2, 1, 1, 1}, {0, 0}}, noise{{2, 1, 1, 1}, {1, 0.1}};
  Older function{"image.psnr", R"(["x0", 0, 0, {"b": ["x1", 0, 0], "max_val": 1.0}])"};
  expect_result(run(function, {picture, noise}), {2}, {0, 20});
}

TEST(Measures, NormsOfSeveralTensors) {
  Fed a{{1, 2}, {3, 0}}, b{{1, 2}, {0, 4}};
  expect_result(run(Older{"linalg.global_norm", R"([["x0", 0, 0, {}], ["x1", 0, 0, {}]])"}, {a, b}),
                {}, {5});
  Older clip{"clip_by_global_norm",
             R"([["x0", 0, 0, {"clip_norm": 1.0}], ["x1", 0, 0, {"clip_norm": 1.0}]])", 3};
  Outputs results = run(clip, {a, b});
  expect_result(results, {1, 2}, {0.6, 0});
  expect_result(results, {1, 2}, {0, 0.8}, 1);
}

TEST(FakeQuantization, RoundsToSteps) {
  Older function{"quantization.fake_quant_with_min_max_args",
                 R"(["x0", 0, 0, {"min": 0.0, "max": 3.0, "num_bits": 2}])"};
  expect_result(run(function, {{{1, 3}, {-1, 1.4, 9}}}), {1, 3}, {0, 1, 3});
}

TEST(Colours, EdgesOfKeras3) {
  Fed picture{{1, 1, 2, 2}, {0, 1, 0, 1}};
  expect_result(
      run(Newer{"SobelEdges", R"({"data_format": "channels_first"})", R"(["$x0"])"}, {picture}),
      {1, 1, 2, 2, 2}, std::vector<double>(8, 0.0));
}

}  // namespace
}  // namespace wherry::keras::test
