// What users are told of operators that stay float32.
#include "quantize/left_float.h"

#include <gtest/gtest.h>

#include "ops/parsed_test.h"

namespace wherry::quantize {
namespace {

/// Convolutions of three axes in layers 'a', 'b', ... and a sum.
Model with_layers(int count) {
  std::string text = "graph main(v0: f32[1,2,2,2,1]) -> (sum) {\n  w = const f32[1,1,1,1,1] [1]\n";
  for (int i = 0; i < count; ++i)
    text += cat("  v", i + 1, ": f32[1,2,2,2,1] = CONV_3D(v", i,
                ", w, -) {padding=same, stride_d=1, stride_w=1, stride_h=1}\n");
  Model model = test::parsed(cat(text, "  sum: f32[1,2,2,2,1] = ADD(v0, v", count, ")\n}"));
  for (int i = 0; i < count; ++i)
    model.main().nodes[static_cast<size_t>(i)].origin = {std::string(1, static_cast<char>('a' + i)),
                                                         "Conv3D"};
  return model;
}

std::vector<const Node*> nodes_of(const Model& model) {
  std::vector<const Node*> nodes;
  for (const Node& node : model.main().nodes) nodes.push_back(&node);
  return nodes;
}

TEST(LeftFloat, NamesTheLayerAndTheReason) {
  Model model = with_layers(1);
  EXPECT_EQ(left_float({&model.main().nodes[0]}, {}),
            (Warnings{"1 CONV_3D stays float32 in the layer 'a': this operator has no int8 form"}));
}

TEST(LeftFloat, CountsLayersBeyondTheFirst) {
  Model model = with_layers(5);
  std::vector<const Node*> nodes = nodes_of(model);
  nodes.push_back(nodes[0]);
  EXPECT_EQ(left_float(nodes, {}),
            (Warnings{"1 ADD stays float32: used like this, the operator has no int8 form",
                      "6 CONV_3D stay float32 in the layers 'a', 'b', 'c' and 2 more: this "
                      "operator has no int8 form"}));
}

TEST(LeftFloat, TellsWhatWasAskedForFromWhatCannotBe) {
  Model model = with_layers(2);
  Options options{.keep_float = [](const Node& node) { return node.origin.layer == "b"; }};
  EXPECT_EQ(left_float({&model.main().nodes[0], &model.main().nodes[1]}, options),
            (Warnings{"1 CONV_3D stays float32 in the layer 'b': as asked for",
                      "1 CONV_3D stays float32 in the layer 'a': this operator has no int8 form"}));
}

TEST(LeftFloat, IsWhatConversionWarnsOf) {
  Model model = with_layers(1);
  auto observed = calibrate(model, 1, 1, [](size_t) -> Expected<std::vector<Tensor>> {
    std::vector<float> elements = {1, 2, 3, 4, 5, 6, 7, 8};
    std::vector<Tensor> inputs;
    inputs.push_back(Tensor::of<float>({1, 2, 2, 2, 1}, elements));
    return inputs;
  });
  ASSERT_TRUE(observed) << observed.error().text();
  Warnings warnings;
  ASSERT_TRUE(to_int8(model, *observed, {}, warnings));
  EXPECT_EQ(warnings, (Warnings{"1 CONV_3D stays float32 in the layer 'a': this operator has no "
                                "int8 form"}));
}

}  // namespace
}  // namespace wherry::quantize
