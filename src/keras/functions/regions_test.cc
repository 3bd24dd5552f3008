// Tests of functions on regions of pictures, with results of TensorFlow.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed picture{{1, 3, 4, 1}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
const Fed boxes{
    {1, 3, 1, 4}, {0, 0, 0.5, 0.5, 0, 0, 0.5, 0.45, 0.5, 0.5, 1.2, 1}, DType::f32, true};
const Fed scores{{1, 3, 2}, {0.9, 0.1, 0.8, 0.7, 0.3, 0.6}, DType::f32, true};

Outputs cropped(const std::string& boxes, const std::string& of, const std::string& options) {
  std::string node =
      cat(R"(["x0", 0, 0, {"boxes": )", boxes, R"(, "box_indices": )", of, ", ", options, "}]");
  return run(Older{"image.crop_and_resize", node}, {picture});
}

TEST(Regions, AreCutOutAndResized) {
  expect_result(cropped("[[0.0, 0.0, 1.0, 1.0], [0.25, -0.5, 0.75, 0.5]]", "[0, 0]",
                        R"("crop_size": [2, 3], "extrapolation_value": -1.0)"),
                {2, 2, 3, 1}, {0, 1.5, 3, 8, 9.5, 11, -1, 2, 3.5, -1, 6, 7.5});
  expect_result(
      cropped("[[0.1, 0.0, 0.9, 1.0]]", "[0]", R"("crop_size": [3, 1], "method": "nearest")"),
      {1, 3, 1, 1}, {2, 6, 10});
}

Outputs best(const Fed& boxes, const std::string& options) {
  return run(Older{"image.combined_non_max_suppression",
                   cat(R"(["x0", 0, 0, {"scores": ["x1", 0, 0], "max_total_size": 5, )",
                       R"("iou_threshold": 0.5, "score_threshold": 0.2, )", options, "}]"),
                   4},
             {boxes, scores});
}

TEST(Regions, TheBestOfEachClassAreKept) {
  Outputs found = best(boxes, R"("max_output_size_per_class": 2)");
  expect_result(found, {1, 5, 4},
                {0, 0, 0.5, 0.5, 0, 0, 0.5, 0.45, 0.5, 0.5, 1, 1, 0.5, 0.5, 1, 1, 0, 0, 0, 0});
  expect_result(found, {1, 5}, {0.9, 0.7, 0.6, 0.3, 0}, 1);
  expect_result(found, {1, 5}, {0, 1, 1, 0, 0}, 2);
  expect_result(found, {1}, {4}, 3);
}

TEST(Regions, TheBestOfEachClassMayBeFewer) {
  Outputs found =
      best(boxes, R"("max_output_size_per_class": 1, "pad_per_class": true, "clip_boxes": false)");
  expect_result(found, {1, 2, 4}, {0, 0, 0.5, 0.5, 0, 0, 0.5, 0.45});
  expect_result(found, {1}, {2}, 3);
}

TEST(Regions, SizesBeyondReasonAreRefused) {
  std::string text =
      problem(cropped("[[0.0, 0.0, 1.0, 1.0]]", "[0]", R"("crop_size": [100000, 3])"));
  EXPECT_NE(text.find("regions cannot become"), std::string::npos) << text;
  text = problem(best(boxes, R"("max_output_size_per_class": 9007199254740992)"));
  EXPECT_NE(text.find("from 1 to 65536"), std::string::npos) << text;
}

TEST(Regions, TheBestOfAnOpenBatchNeedItsSize) {
  Fed open = boxes, others = scores;
  open.has_fixed_batch = others.has_fixed_batch = false;
  Outputs found = run(Older{"image.combined_non_max_suppression",
                            R"(["x0", 0, 0, {"scores": ["x1", 0, 0], "max_total_size": 5, )"
                            R"("max_output_size_per_class": 2}])",
                            4},
                      {open, others});
  EXPECT_NE(problem(found).find("convert with --batch 1"), std::string::npos) << problem(found);
}

}  // namespace
}  // namespace wherry::keras::test
