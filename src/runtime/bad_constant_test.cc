// Constants whose bytes cannot be had: planning ends in an error, whichever kernel asked for them.
#include <gtest/gtest.h>

#include "ops/parsed_test.h"
#include "runtime/session.h"

namespace wherry {
namespace {

using test::parsed;

std::string outcome_of(Model model, const Shape& shape, bool fast,
                       int64_t max_fold_bytes = PlanOptions().max_fold_bytes) {
  auto shared = SharedModel::create(std::move(model));
  EXPECT_TRUE(shared) << shared.error().text();
  SessionOptions options;
  options.plan.fast = fast;
  options.plan.max_fold_bytes = max_fold_bytes;
  Session session(*shared, options);
  std::vector<float> elements(static_cast<size_t>(shape.elements()), 1.0f);
  Tensor x = Tensor::of<float>(shape, elements);
  TensorView view = x.view();
  auto outputs = session.run({&view, 1});
  return outputs ? "" : outputs.error().text();
}

TEST(BadConstant, SparseWeightsThatNameMoreThanTheyStoreAreAnError) {
  Model model = parsed(R"(graph main(x: f32[1,4]) -> (y) {
  w = const f32[2,4] [1,2,3,4,5,6,7,8]
  y: f32[1,2] = FULLY_CONNECTED(x, w, -)
}
)");
  auto sparsity = std::make_shared<Sparsity>();
  sparsity->traversal_order = {0, 1};
  sparsity->dimensions = {{.dense_size = 2},
                          {.compressed = true, .segments = {0, 2, 9}, .indices = {0, 1, 2, 3}}};
  model.graphs[0].values[1].sparsity = sparsity;
  for (bool fast : {false, true}) {
    std::string text = outcome_of(model, {1, 4}, fast);
    EXPECT_NE(text.find("segment 2..9 lies outside its 4 indices"), std::string::npos) << text;
  }
}

TEST(BadConstant, WeightsThatCannotBeComputedAreAnError) {
  // Larger than what is folded at once: the product asks for them while it packs.
  std::string text = "graph main(x: f32[1,400]) -> (y) {\n  i = const i32[50] [";
  for (int i = 0; i < 49; ++i) text += "0,";
  text += R"(9]
  table = const f32[9,400] random 1
  w: f32[50,400] = GATHER(table, i)
  y: f32[1,50] = FULLY_CONNECTED(x, w, -)
}
)";
  for (bool fast : {false, true}) {
    std::string got = outcome_of(parsed(text), {1, 400}, fast);
    EXPECT_NE(got.find("is outside the extent 9"), std::string::npos) << got;
  }
}

TEST(BadConstant, WhatTheFileStoresMayGrowBeyondTheLimitOfFolding) {
  // Stored as f16, 80 kB as floats, and folded only when somebody asks.
  Model model = parsed(R"(graph main(x: f32[1,400]) -> (y) {
  h = const f16[50,400] random 1
  w: f32[50,400] = DEQUANTIZE(h)
  y: f32[1,50] = FULLY_CONNECTED(x, w, -)
}
)");
  EXPECT_EQ(outcome_of(model, {1, 400}, true, 1000), "");
}

}  // namespace
}  // namespace wherry
