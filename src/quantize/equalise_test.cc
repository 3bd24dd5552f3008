// Equalised layers compute what they did, with weights of one size.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "ops/evaluate.h"
#include "ops/parsed_test.h"
#include "quantize/quantize.h"

namespace wherry::quantize {
namespace {

constexpr const char* chain = R"(
graph main(x: f32[1,2]) -> (y) {
  w = const f32[2,2] [100, -50, 0.5, 0.25]
  b = const f32[2] [3, 0.125]
  v = const f32[2,2] [0.5, 4, 0.25, -8]
  a: f32[1,2] = FULLY_CONNECTED(x, w, b) {fused_activation_function=relu}
  y: f32[1,2] = FULLY_CONNECTED(a, v, -)
})";

using test::parsed;

std::vector<float> answer(const Model& model) {
  std::vector<float> x = {1.5f, -0.75f};
  Tensor tensor = Tensor::of<float>({1, 2}, x);
  std::vector<TensorView> inputs = {tensor.view()};
  auto outputs = Evaluator(model).run(inputs);
  EXPECT_TRUE(outputs) << outputs.error().text();
  auto y = (*outputs)[0].view().span<float>();
  return {y.begin(), y.end()};
}

std::vector<float> weights_named(const Model& model, const std::string& name) {
  std::vector<float> result;
  for (const Value& value : model.main().values) {
    if (value.name != name) continue;
    result.resize(value.constant.size() / 4);
    std::memcpy(result.data(), value.constant.bytes().data(), result.size() * 4);
  }
  return result;
}

void equalise(Model& model, const Options& options = {}) {
  multiply_dense(model.main(), equalise_dense(model.main(), options), options.workshop);
}

TEST(Equalise, KeepsWhatTheGraphComputes) {
  Model model = parsed(chain);
  std::vector<float> before = answer(model);
  equalise(model);
  std::vector<float> after = answer(model);
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_NEAR(after[i], before[i], 1e-5f * std::abs(before[i]));
}

TEST(Equalise, AChannelHasTheSameLargestWeightOnBothSides) {
  Model model = parsed(chain);
  equalise(model);
  std::vector<float> w = weights_named(model, "w"), v = weights_named(model, "v");
  ASSERT_EQ(w.size(), 4u);
  for (size_t channel = 0; channel < 2; ++channel) {
    float before = std::max(std::abs(w[2 * channel]), std::abs(w[2 * channel + 1]));
    float after = std::max(std::abs(v[channel]), std::abs(v[2 + channel]));
    EXPECT_NEAR(before, after, 1e-4f * before);
  }
}

TEST(Equalise, LeavesLayersAloneThatSomethingElseParts) {
  for (const char* activation : {"relu6", "relu_n1_to_1"}) {
    std::string text(chain);
    text.replace(text.find("=relu}") + 1, 4, activation);
    Model model = parsed(text);
    equalise(model);
    EXPECT_EQ(weights_named(model, "w")[0], 100.0f) << activation;
  }
  Model model = parsed(chain);
  equalise(model, {.per_channel_dense = true});
  EXPECT_EQ(weights_named(model, "w")[0], 100.0f);
}

}  // namespace
}  // namespace wherry::quantize
