// Steps of unrolled loops beside each other.
#include "quantize/repetition.h"

#include <gtest/gtest.h>

#include "ops/parsed_test.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

using test::parsed;

std::vector<std::string> names(const Graph& graph) {
  std::vector<std::string> result;
  for (const std::vector<ValueId>& part : repeated_parts(graph)) {
    std::string line;
    for (ValueId id : part) line += graph.value(id).name + " ";
    result.push_back(line);
  }
  return result;
}

constexpr const char* unrolled = R"(
graph main(x: f32[1,2]) -> (h3) {
  w = const f32[2,2] [0.5, 0.25, -0.5, 1]
  a1: f32[1,2] = FULLY_CONNECTED(x, w, -)
  b1: f32[1,2] = ADD(a1, x)
  h1: f32[1,2] = TANH(b1)
  a2: f32[1,2] = FULLY_CONNECTED(h1, w, -)
  b2: f32[1,2] = ADD(a2, x)
  h2: f32[1,2] = TANH(b2)
  a3: f32[1,2] = FULLY_CONNECTED(h2, w, -)
  b3: f32[1,2] = ADD(a3, x)
  h3: f32[1,2] = TANH(b3)
})";

TEST(Repetition, StepsOfAnUnrolledLoopHaveTheSameParts) {
  EXPECT_EQ(names(parsed(unrolled).main()),
            (std::vector<std::string>{"a1 a2 a3 ", "b1 b2 b3 ", "h1 h2 h3 "}));
}

TEST(Repetition, WhatFollowsTheLastStepIsNoPart) {
  EXPECT_EQ(names(parsed(R"(
graph main(x: f32[1,2]) -> (z) {
  w = const f32[2,2] [0.5, 0.25, -0.5, 1]
  a1: f32[1,2] = FULLY_CONNECTED(x, w, -)
  b1: f32[1,2] = TANH(a1)
  a2: f32[1,2] = FULLY_CONNECTED(b1, w, -)
  b2: f32[1,2] = TANH(a2)
  a3: f32[1,2] = FULLY_CONNECTED(b2, w, -)
  y: f32[1,2] = ABS(a3)
  z: f32[1,2] = TANH(y)
})")
                      .main()),
            (std::vector<std::string>{"a1 a2 a3 ", "b1 b2 "}));
}

TEST(Repetition, ALayerUsedTwiceIsNoLoop) {
  EXPECT_TRUE(names(parsed(R"(
graph main(x: f32[1,2]) -> (b) {
  w = const f32[2,2] [0.5, 0.25, -0.5, 1]
  a: f32[1,2] = FULLY_CONNECTED(x, w, -)
  b: f32[1,2] = FULLY_CONNECTED(a, w, -)
})")
                        .main())
                  .empty());
}

TEST(Repetition, StepsOfFewNumbersShareWhatWasSeen) {
  Model model = parsed(unrolled);
  auto observed = calibrate(model, 8, 1, [](size_t i) -> Expected<std::vector<Tensor>> {
    std::vector<Tensor> inputs;
    std::vector<float> x = {static_cast<float>(i) - 4, static_cast<float>(i * i % 5)};
    inputs.push_back(Tensor::of<float>({1, 2}, x));
    return inputs;
  });
  ASSERT_TRUE(observed) << observed.error().text();
  auto parts = repeated_parts(model.main());
  ASSERT_EQ(parts.size(), 3u);
  const Ranges& ranges = observed->ranges;
  EXPECT_EQ(ranges.at(parts[1][0]).best, ranges.at(parts[1][2]).best);
  EXPECT_NE(ranges.at(parts[1][0]).seen, ranges.at(parts[1][2]).seen);
}

}  // namespace
}  // namespace wherry::quantize
