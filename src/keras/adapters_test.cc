// Tests of adapters of low rank that an .h5 file holds beside a kernel.
#include "keras/adapters.h"

#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

const std::string dense =
    layer_json("Dense", R"("units": 2, "use_bias": false, "lora_rank": 1, "lora_alpha": 4)");

TEST(Adapters, AddTheirScaledProductToTheKernel) {
  std::vector<SmallWeight> weights = {{"dense/kernel", {2, 2}, {1, 2, 3, 4}},
                                      {"dense/lora_kernel_a", {2, 1}, {1, -1}},
                                      {"dense/lora_kernel_b", {1, 2}, {0.5, 0.25}}};
  SavedModel saved = small_model(Dialect::keras3, sequential("[null, 2]", dense), weights);
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2}, {1, 0})})), "3 3");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2}, {0, 1})})), "1 3");
}

TEST(Adapters, OfAnotherShapeAreAnError) {
  std::vector<SmallWeight> weights = {{"dense/kernel", {2, 2}, {1, 2, 3, 4}},
                                      {"dense/lora_kernel_a", {3, 1}, {1, -1, 0}},
                                      {"dense/lora_kernel_b", {1, 2}, {0.5, 0.25}}};
  std::string text =
      refusal_of(small_model(Dialect::keras3, sequential("[null, 2]", dense), weights));
  EXPECT_NE(text.find("do not fit the weight 'dense/kernel'"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras
