// Tests of layers that do nothing at inference.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

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

}  // namespace
}  // namespace wherry::keras
