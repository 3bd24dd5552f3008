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
