// The same numbers from operators that have an int8 form.
#include "quantize/substitutes.h"

#include <gtest/gtest.h>

#include "ops/evaluate.h"
#include "ops/parsed_test.h"

namespace wherry::quantize {
namespace {

constexpr const char* text = R"(
graph main(x: f32[1,3]) -> (z, n) {
  y: f32[1,3] = SQUARE(x)
  z: f32[1,3] = NEG(y)
  n: f32[1,3] = NEG(x)
})";

Model parsed() { return test::parsed(text); }

std::vector<Tensor> answer(const Model& model) {
  std::vector<float> x = {0, -1.5f, 4};
  Tensor tensor = Tensor::of<float>({1, 3}, x);
  TensorView view = tensor.view();
  auto outputs = Evaluator(model).run(std::span(&view, 1));
  EXPECT_TRUE(outputs) << outputs.error().text();
  return std::move(*outputs);
}

TEST(Substitutes, ComputeTheSame) {
  Model model = parsed(), changed = parsed();
  substitute_for_int8(changed.main(), {});
  for (const Node& node : changed.main().nodes) EXPECT_EQ(node.op->name, "MUL");
  std::vector<Tensor> expected = answer(model), got = answer(changed);
  for (size_t k = 0; k < expected.size(); ++k) {
    auto a = expected[k].view().span<const float>(), b = got[k].view().span<const float>();
    for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i], b[i]);
  }
}

/// A pool of 2 x 2, and its scale in int8 when it gives averages of at most a quarter of its data.
float scale_of_pool(const char* data_shape, const char* output_shape, size_t elements) {
  Model model = test::parsed(cat("graph main(x: f32", data_shape, ") -> (z) {\n  y: f32",
                                 data_shape, " = RELU(x)\n  a: f32", output_shape,
                                 " = AVERAGE_POOL_2D(y) {padding=valid, stride_w=2, stride_h=2, "
                                 "filter_width=2, filter_height=2}\n  z: f32",
                                 output_shape, " = RELU(a)\n}"));
  auto observed = calibrate(model, 32, 1, [&](size_t i) -> Expected<std::vector<Tensor>> {
    std::vector<float> x(elements, 0);
    x[i % elements] = 4;
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of<float>(model.main().value(model.main().inputs[0]).type.shape, x));
    return inputs;
  });
  EXPECT_TRUE(observed) << observed.error().text();
  Warnings warnings;
  EXPECT_TRUE(to_int8(model, *observed, {}, warnings));
  for (const Value& value : model.main().values) {
    if (value.name == "a") return value.type.scale();
  }
  return 0;
}

TEST(Substitutes, AveragesOfWholePlanesHaveTheirOwnScale) {
  EXPECT_NEAR(scale_of_pool("[1,2,2,1]", "[1,1,1,1]", 4), 1 / 255.0f, 1e-4f);
  EXPECT_NEAR(scale_of_pool("[1,2,4,1]", "[1,1,2,1]", 8), 4 / 255.0f, 1e-4f);
}

TEST(Substitutes, AreNotForWhatStaysFloat) {
  Model model = parsed();
  substitute_for_int8(model.main(), {.keep_float = [](const Node&) { return true; }});
  EXPECT_EQ(model.main().nodes[0].op->name, "SQUARE");
  EXPECT_EQ(model.main().nodes[1].op->name, "NEG");
}

TEST(Substitutes, LeaveNothingInFloat) {
  Model model = parsed();
  auto observed = calibrate(model, 4, 1, [](size_t i) -> Expected<std::vector<Tensor>> {
    std::vector<float> x = {static_cast<float>(i), -2, 4};
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of<float>({1, 3}, x));
    return inputs;
  });
  ASSERT_TRUE(observed) << observed.error().text();
  Warnings warnings;
  Options options{.input_type = DType::i8, .output_type = DType::i8};
  Status done = to_int8(model, *observed, options, warnings);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(model.main().nodes.size(), 3u);
}

}  // namespace
}  // namespace wherry::quantize
