// Which models are refused before they are planned, and in which words.
#include "runtime/support.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/registry.h"

namespace wherry {
namespace {

Model scaled_along_two_axes(std::string_view dtype) {
  std::string type(dtype);
  auto model = parse_text("graph main(x: " + type + "[2,2], s: f32[2,2]) -> (y) {\n  y: " + type +
                              "[2,2] = RELU(x)\n}",
                          find_op_named);
  EXPECT_TRUE(model) << model.error().text();
  Quantization& q = model->main().value(0).type.quantization.emplace();
  q.scales = {0.5f};
  q.zero_points = {0};
  q.multi_axis = MultiAxisQuantization{.scales = 1, .block_size = 1, .axes = {0, 1}};
  return std::move(*model);
}

TEST(Support, IntegersScaledAlongSeveralAxesAreRefusedByTheTensorsName) {
  Status status = check_support(scaled_along_two_axes("i8"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::unsupported);
  EXPECT_NE(status.error().text().find("the tensor 'x' has scales along several axes"),
            std::string::npos)
      << status.error().text();
}

TEST(Support, FloatsAreWhatTheyAreWhateverIsNotedBesideThem) {
  EXPECT_TRUE(check_support(scaled_along_two_axes("f32")));
}

}  // namespace
}  // namespace wherry
