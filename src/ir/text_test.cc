// Tests of the text form.
#include "ir/text.h"

#include <gtest/gtest.h>

#include "ops/registry.h"

namespace wherry {
namespace {

constexpr std::string_view text = R"(graph main(x: f32[?,2]) -> (y) {
  w = const i8[2]{0.5:0, 0.25:0 @0} [1, -2]
  "odd name": f32[?,2] = RELU(x)
  y: f32[?,2] = RELU6("odd name")
}
)";

TEST(Text, WhatIsPrintedReadsBackTheSame) {
  auto model = parse_text(text, find_op_named);
  ASSERT_TRUE(model) << model.error().text();
  EXPECT_EQ(model->main().nodes.size(), 2u);
  EXPECT_FALSE(model->main().value(0).type.fixed(0));
  std::string printed = print(*model);
  auto again = parse_text(printed, find_op_named);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(print(*again), printed);
}

TEST(Text, AnUnknownOperatorIsNamedWithItsLine) {
  auto model = parse_text("graph g(x: f32[1]) -> (y) {\n  y: f32[1] = NOPE(x)\n}", find_op_named);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().text().find("'NOPE'"), std::string::npos);
  EXPECT_NE(model.error().text().find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace wherry
