// Tests of the layers that repeat samples.
#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

SavedModel repeating(const std::string& shape, const std::string& layer,
                     const std::string& options) {
  return small_model(Dialect::keras2, sequential(shape, layer_json(layer, options)));
}

TEST(UpSampling1D, OfAKnownLengthIsAPictureOfOneRow) {
  SavedModel saved = repeating("[null, 2, 2]", "UpSampling1D", R"("size": 3)");
  EXPECT_EQ(operators_of(saved), "RESHAPE RESIZE_NEAREST_NEIGHBOR RESHAPE");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 2}, {1, 2, 3, 4})})), "1 2 1 2 1 2 3 4 3 4 3 4");
}

TEST(UpSampling1D, OfAnOpenLengthTiles) {
  SavedModel saved = repeating("[null, null, 2]", "UpSampling1D", R"("size": 2)");
  EXPECT_EQ(operators_of(saved), "EXPAND_DIMS TILE SHAPE STRIDED_SLICE CONCATENATION RESHAPE");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 2}, {1, 2, 3, 4})})), "1 2 1 2 3 4 3 4");
}

TEST(UpSampling2D, OfOpenSizesTakesBothFromOneSlice) {
  SavedModel saved = repeating("[null, null, null, 1]", "UpSampling2D",
                               R"("size": [1, 2], "interpolation": "nearest")");
  EXPECT_EQ(operators_of(saved), "SHAPE STRIDED_SLICE MUL RESIZE_NEAREST_NEIGHBOR");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 2, 1}, {1, 2, 3, 4})})), "1 1 2 2 3 3 4 4");
}

TEST(UpSampling3D, GathersAlongEachAxis) {
  SavedModel saved = repeating("[null, 1, 2, 1, 2]", "UpSampling3D", R"("size": [2, 2, 1])");
  EXPECT_EQ(operators_of(saved), "GATHER GATHER");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 1, 2, 1, 2}, {1, 2, 3, 4})})),
            "1 2 1 2 3 4 3 4 1 2 1 2 3 4 3 4");
}

TEST(UpSampling3D, OfLargeVolumesTiles) {
  SavedModel saved = repeating("[null, 200, 1, 1, 1]", "UpSampling3D", R"("size": [2, 1, 1])");
  EXPECT_EQ(operators_of(saved), "RESHAPE TILE RESHAPE");
}

}  // namespace
}  // namespace wherry::keras
