// Changes of pictures' colours.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed bytes{{1, 1, 2, 3}, {100, 150, 250, 0, 1, 2}, DType::u8};

Outputs changed(const char* function, const char* arguments, const Fed& picture) {
  return run(Older{function, cat(R"(["x0", 0, 0, )", arguments, "]")}, {picture});
}

TEST(Colours, IntegersAreSharesOfTheirLargestNumber) {
  expect_result(changed("image.adjust_brightness", R"({"delta": 0.2})", bytes), {1, 1, 2, 3},
                {151, 201, 255, 51, 52, 53});
  expect_result(changed("image.adjust_contrast", R"({"contrast_factor": 2.0})", bytes),
                {1, 1, 2, 3}, {150, 224, 255, 0, 0, 0});
  expect_result(changed("image.adjust_gamma", R"({"gamma": 2.0})", bytes), {1, 1, 2, 3},
                {39, 88, 245, 0, 0, 0});
  expect_result(changed("image.rgb_to_grayscale", "{}", bytes), {1, 1, 2, 1}, {146, 0});
}

TEST(Colours, SharesBecomeIntegers) {
  Fed shares{{1, 1, 1, 3}, {0, 0.5, 1.25}};
  expect_result(
      changed("image.convert_image_dtype", R"({"dtype": "uint8", "saturate": true})", shares),
      {1, 1, 1, 3}, {0, 127, 255});
}

TEST(Colours, HuesTurnAndSaturationsGrow) {
  Fed blue{{1, 1, 1, 3}, {0.2, 0.4, 0.6}}, red{{1, 1, 1, 3}, {1, 0, 0}};
  expect_result(changed("image.adjust_saturation", R"({"saturation_factor": 0.5})", blue),
                {1, 1, 1, 3}, {0.4, 0.5, 0.6});
  expect_result(changed("image.adjust_hue", R"({"delta": 0.3333333333})", red), {1, 1, 1, 3},
                {0, 1, 0});
}

}  // namespace
}  // namespace wherry::keras::test
