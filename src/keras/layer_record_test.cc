// Tests of records of layers in the words of earlier releases of Keras.
#include "keras/layer_record.h"

#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(LayerRecord, ArraysWithTheirTypeAreNumbers) {
  std::string relu = layer_json(
      "ReLU", R"("max_value": {"type": "ndarray", "value": 6.0}, "negative_slope": 0.5)");
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, 3]", relu));
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 3}, {-2, 3, 9})})), "-1 3 6");
}

TEST(LayerRecord, BothBatchNormalizationsOfEarlierReleasesAreToday) {
  for (std::string name : {"BatchNormalizationV1", "BatchNormalizationV2"}) {
    std::string layer = layer_json(name, R"("axis": [1], "epsilon": 0.0, "scale": false)");
    std::string path = name.back() == '1' ? "batchnormalizationv1/" : "batchnormalizationv2/";
    SavedModel saved = small_model(Dialect::keras2, sequential("[null, 2]", layer),
                                   {{path + "beta:0", {2}, {1, 2}},
                                    {path + "moving_mean:0", {2}, {1, 1}},
                                    {path + "moving_variance:0", {2}, {4, 1}}});
    EXPECT_EQ(shown(result_of(saved, {numbers({1, 2}, {3, 5})})), "2 6");
  }
}

// The cell state is 0.5 * tanh(1), then half of itself more; sigmoid(0) = 0.5 lets half of it out.
TEST(LayerRecord, UnifiedLstmIsLstm) {
  std::string layer = layer_json("UnifiedLSTM", R"("units": 1, "use_bias": false)");
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, 2, 1]", layer),
                                 {{"unifiedlstm/kernel:0", {1, 4}, {0, 0, 1, 0}},
                                  {"unifiedlstm/recurrent_kernel:0", {1, 4}, {0, 0, 0, 0}}});
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 1}, {1, 1})})), "0.2581");
}

}  // namespace
}  // namespace wherry::keras
