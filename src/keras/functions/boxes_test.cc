// Picking boxes that do not overlap.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed boxes{{3, 4}, {0, 0, 1, 1, 0, 0, 1, 0.95, 2, 2, 3, 3}};
const Fed scores{{3}, {0.9, 0.8, 0.7}};

TEST(Boxes, ThoseThatOverlapABetterOneAreLeftOut) {
  Older function{"image.non_max_suppression",
                 R"(["x0", 0, 0, {"scores": ["x1", 0, 0], "max_output_size": 3}])"};
  expect_result(run(function, {boxes, scores}), {2}, {0, 2});
}

TEST(Boxes, OverlapLowersScores) {
  Older function{"image.non_max_suppression_with_scores",
                 R"(["x0", 0, 0, {"scores": ["x1", 0, 0], "max_output_size": 3, )"
                 R"("iou_threshold": 1.0, "soft_nms_sigma": 0.5}])",
                 2};
  Outputs both = run(function, {boxes, scores});
  expect_result(both, {3}, {0, 2, 1});
  expect_result(both, {3}, {0.9, 0.7, 0.3244446085}, 1);
}

TEST(Boxes, ListsArePaddedWhereAsked) {
  Older function{"image.non_max_suppression_padded",
                 R"(["x0", 0, 0, {"scores": ["x1", 0, 0], "max_output_size": 4, )"
                 R"("pad_to_max_output_size": true}])",
                 2};
  Outputs both = run(function, {boxes, scores});
  expect_result(both, {4}, {0, 2, 0, 0});
  expect_result(both, {}, {2}, 1);
}

TEST(Boxes, OfSeveralPicturesAtOnceAreRefused) {
  Older function{"image.non_max_suppression",
                 R"(["x0", 0, 0, {"scores": ["x1", 0, 0], "max_output_size": 3}])"};
  std::string text =
      problem(run(function, {{{1, 3, 4}, boxes.elements}, {{1, 3}, scores.elements}}));
  EXPECT_NE(text.find("boxes are picked from one list"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
