// Tests of TFLite_Detection_PostProcess.
#include "ops/detection/detection_post_process.h"

#include "ops/custom_options_test.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes options(bool regular, double overlap = 0.5) {
  return custom_options([&](flexbuffers::Builder& map) {
    map.Int("max_detections", 2);
    map.Int("max_classes_per_detection", 1);
    map.Bool("use_regular_nms", regular);
    map.Double("nms_score_threshold", 0.25);
    map.Double("nms_iou_threshold", overlap);
    map.Int("num_classes", 2);
    for (const char* name : {"y_scale", "x_scale", "h_scale", "w_scale"}) map.Double(name, 10);
  });
}

/// Two encodings of the same anchor of size 1 around (0.5, 0.5); scores begin with the background.
auto run(const Attributes& attributes) {
  std::vector<Operand> operands = {fed<float>({1, 2, 4}, {0, 0, 0, 0, 10, 0, 0, 0}),
                                   fed<float>({1, 2, 3}, {0, 0.5f, 0.75f, 0, 0.125f, 0.625f}),
                                   constant<float>({2, 4}, {0.5f, 0.5f, 1, 1, 0.5f, 0.5f, 1, 1})};
  return run_op(op::detection_post_process, attributes, operands,
                {type_of(DType::f32, {1, 2, 4}), type_of(DType::f32, {1, 2}),
                 type_of(DType::f32, {1, 2}), type_of(DType::f32, {1})});
}

TEST(DetectionPostProcess, FastSuppressionTakesTheBestClassOfEachBox) {
  auto y = run(options(false));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{0, 0, 1, 1, 1, 0, 2, 1}));
  EXPECT_EQ(elements<float>((*y)[1]), (std::vector<float>{1, 1}));
  EXPECT_EQ(elements<float>((*y)[2]), (std::vector<float>{0.75f, 0.625f}));
  EXPECT_EQ(elements<float>((*y)[3]), (std::vector<float>{2}));
}

TEST(DetectionPostProcess, RegularSuppressionTakesTheBestOfAllClasses) {
  auto y = run(options(true));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[1]), (std::vector<float>{1, 1}));
  EXPECT_EQ(elements<float>((*y)[2]), (std::vector<float>{0.75f, 0.625f}));
}

TEST(DetectionPostProcess, RejectsAnOverlapOfZero) {
  EXPECT_NE(problem(run(options(false, 0))).find("nms_iou_threshold above 0"), std::string::npos);
}

TEST(DetectionPostProcess, NeedsItsOptions) {
  auto y = run(Attributes::of(op::custom_attributes, op::Custom{}));
  EXPECT_NE(problem(y).find("needs the option 'max_detections'"), std::string::npos) << problem(y);
}

}  // namespace
}  // namespace wherry
