// Which constants become float16, and what reads them then.
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "ops/parsed_test.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

using test::parsed;

/// A chain of three additions of `constants`, each of so many elements.
Model additions(std::vector<float> (*constant)(int number)) {
  Model model = parsed(R"(
graph main(x: f32[400]) -> (y) {
  a = const f32[1] [0]
  b = const f32[1] [0]
  c = const f32[1] [0]
  p: f32[400] = ADD(x, a)
  q: f32[400] = ADD(p, b)
  y: f32[400] = ADD(q, c)
})");
  int number = 0;
  for (Value& value : model.main().values) {
    if (!value.constant) continue;
    value.type.shape = {400};
    value.constant = Constant::of(constant(number++));
  }
  return model;
}

size_t dequantizes_after(Model model, Warnings& warnings) {
  Status done = to_float16(model, {}, warnings);
  EXPECT_TRUE(done) << done.error().text();
  size_t count = 0;
  for (const Node& node : model.main().nodes) count += node.op->name == "DEQUANTIZE";
  return count;
}

TEST(Float16, EqualConstantsAreConvertedOnce) {
  Warnings warnings;
  auto constant = [](int number) { return std::vector<float>(400, number == 2 ? 1.0f : 0.0f); };
  EXPECT_EQ(dequantizes_after(additions(constant), warnings), 2u);
  EXPECT_TRUE(warnings.empty());
}

TEST(Float16, EqualLargeConstantsAreConvertedOnceToo) {
  Model model = additions([](int) { return std::vector<float>(400, 0.0f); });
  for (Value& value : model.main().values) {
    if (value.constant) value.constant = Constant::of(std::vector<float>(40000, 0.5f));
    value.type.shape = {40000};
  }
  Warnings warnings;
  EXPECT_EQ(dequantizes_after(std::move(model), warnings), 1u);
}

/// One number is `largest`, the others are small; all but large ones are doubled when needed.
Constant doubled(float largest) {
  std::vector<float> elements(40000, 0.5f);
  elements[123] = largest;
  Constant source = Constant::of(std::move(elements));
  auto fill = [source](size_t first, std::span<std::byte> part) {
    source.read(first, part);
    for (size_t i = 0; i < part.size(); i += 4) {
      float element;
      std::memcpy(&element, part.data() + i, 4);
      element *= element > 30000 ? 1.5f : 2.0f;
      std::memcpy(part.data() + i, &element, 4);
    }
  };
  return Workshop(2).defer({.method = "doubled, but for large ones",
                            .size = source.size(),
                            .granule = 4,
                            .fill = fill,
                            .sources = {source},
                            .growth = 2.0f});
}

TEST(Float16, DeferredConstantsAreJudgedByTheirOwnNumbers) {
  for (float largest : {100.0f, 40000.0f, 50000.0f}) {
    Model model = additions([](int) { return std::vector<float>(400, 0.0f); });
    for (Value& value : model.main().values) {
      if (value.name == "b") value.constant = doubled(largest);
      value.type.shape = {40000};
      if (value.name == "a" || value.name == "c")
        value.constant = Constant::of(std::vector<float>(40000, 0.5f));
    }
    Warnings warnings;
    bool fits = largest * 1.5f < 65520;
    EXPECT_EQ(dequantizes_after(std::move(model), warnings), fits ? 2u : 1u) << largest;
    EXPECT_EQ(warnings.empty(), fits);
  }
}

TEST(Float16, WhatDoesNotFitStaysFloat32AndIsNamed) {
  Warnings warnings;
  auto constant = [](int number) {
    std::vector<float> elements(400, static_cast<float>(number));
    elements.back() = number == 1 ? -65520.0f : std::numeric_limits<float>::infinity();
    return elements;
  };
  EXPECT_EQ(dequantizes_after(additions(constant), warnings), 2u);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("the weights 'b'"), std::string::npos) << warnings[0];
}

}  // namespace
}  // namespace wherry::quantize
