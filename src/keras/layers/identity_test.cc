// Tests of layers that do nothing at inference.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"
#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

TEST(SpatialDropout, IsALayerThoughKerasDoesNotWriteWhetherItIsTrained) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config =
           R"({"class_name": "Functional", "config": {"name": "m", "trainable": true, "layers": )"
           R"([{"class_name": "InputLayer", "config": {"batch_shape": [null, 2, 2], "dtype": )"
           R"("float32", "name": "x"}, "name": "x", "inbound_nodes": []}, {"class_name": )"
           R"("SpatialDropout1D", "config": {"rate": 0.3, "seed": null, "name": "drop", "dtype": )"
           R"("float32"}, "name": "drop", "inbound_nodes": [{"args": [{"class_name": )"
           R"("__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}], "kwargs": {}}]}], )"
           R"("input_layers": ["x", 0, 0], "output_layers": ["drop", 0, 0]}})",
       .inputs = {{"x", {1, 2, 2}}},
       .results = {"0.5 -0.625 -0.5 0.875"}});
}

TEST(Losses, OfTheTrainingAreLeftOut) {
  std::string layers = cat(layer_json("AddLoss", R"("unconditional": false)"), ", ",
                           layer_json("AddMetric", R"("aggregation": "mean", "metric_name": "m")"));
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, 2]", layers));
  EXPECT_EQ(operators_of(saved), "");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2}, {1, -2})})), "1 -2");
}

}  // namespace
}  // namespace wherry::keras
