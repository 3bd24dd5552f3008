// Tests of AutoContrast, with numbers that Keras 3.15 computed.
#include <gtest/gtest.h>

#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

TEST(AutoContrast, StretchesEachChannelOverTheRange) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 3, 3, 2]",
                           R"({"class_name": "AutoContrast", "config": {"name": "layer", )"
                           R"("data_format": "channels_last", "value_range": [0, 1]}})"),
       .inputs = {{"x", {1, 3, 3, 2}}},
       .results = {"0.71429 0.071429 0.14286 0.92857 0 1 0.28571 0.28571 1 0 "
                   "0.92857 0.14286 0.071429 0.71429 0.85714 0.5 0.85714 "
                   "0.71429"}});
}

TEST(AutoContrast, StretchesOverBytesByDefault) {
  expect_results(
      {.dialect = Dialect::keras3,
       .config = one_layer("[null, 2, 3, 1]",
                           R"({"class_name": "AutoContrast", "config": {"name": "layer", )"
                           R"("data_format": "channels_last", "value_range": [0, 255]}})"),
       .inputs = {{"x", {1, 2, 3, 1}}},
       .results = {"182.14 18.214 36.429 236.79 0 255"}});
}

}  // namespace
}  // namespace wherry::keras
