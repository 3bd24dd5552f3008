// Weights that are scaled part by part are the same as those that are scaled at once.
#include "passes/linear.h"

#include <gtest/gtest.h>

#include <cstring>

#include "ops/parsed_test.h"
#include "passes/editor.h"

namespace wherry::passes {
namespace {

void expect_scaled(const Shape& shape, int axis, int64_t repeat) {
  Model model = test::parsed(R"(
graph main(x: f32[1]) -> (y) {
  y: f32[1] = NEG(x)
})");
  GraphEditor editor(model, 0, Workshop(3));
  std::vector<float> elements(static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<float>(i % 1000) - 500;
  Value weights{.name = "w", .type = {DType::f32, shape, {}, {}}};
  weights.constant = Constant::of(elements);
  std::vector<float> factors(static_cast<size_t>(shape[axis] / repeat));
  for (size_t i = 0; i < factors.size(); ++i) factors[i] = static_cast<float>(i + 2);
  Constant result = scaled(editor, weights, {axis, factors, repeat});
  EXPECT_TRUE(result.is_deferred());
  EXPECT_EQ(result.bound()->growth, factors.back());
  const Constant made = result.at_hand();
  const auto inner = static_cast<size_t>(shape.product(axis + 1, shape.rank()));
  for (size_t i = 0; i < elements.size(); ++i) {
    float got;
    std::memcpy(&got, made.bytes().data() + 4 * i, 4);
    size_t channel = i / inner % static_cast<size_t>(shape[axis]) / static_cast<size_t>(repeat);
    ASSERT_EQ(got, elements[i] * factors[channel]) << i;
  }
}

TEST(ScaledWeights, ByTheFirstAxis) { expect_scaled({301, 1111}, 0, 1); }

TEST(ScaledWeights, ByTheLastAxis) { expect_scaled({1111, 301}, 1, 1); }

TEST(ScaledWeights, ByAnAxisBetween) { expect_scaled({7, 33, 1999}, 1, 1); }

TEST(ScaledWeights, NeighboursMayShareAFactor) { expect_scaled({50, 5, 5, 300}, 3, 3); }

}  // namespace
}  // namespace wherry::passes
