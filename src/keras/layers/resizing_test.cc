// Tests of layers that change the size of pictures, against numbers of Keras 2.15 and 3.15.
#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

/// Two rows of six: the squares of 0 to 5, and the same plus one.
Tensor squares() { return numbers({1, 2, 6, 1}, {0, 1, 4, 9, 16, 25, 1, 2, 5, 10, 17, 26}); }

/// The first row of the squares, `width` wide.
std::string row(const std::string& method, int width, const std::string& more = "") {
  std::string options =
      cat(R"("height": 2, "width": )", width, R"(, "interpolation": ")", method, "\"", more);
  std::string config = sequential("[null, 2, 6, 1]", layer_json("Resizing", options));
  std::vector<float> all = result_of(small_model(Dialect::keras3, config), {squares()});
  if (all.size() != 2u * static_cast<size_t>(width)) return cat(all.size(), " numbers");
  all.resize(static_cast<size_t>(width));
  return shown(all);
}

/// A ramp of four rows of six.
std::string of_ramp(Dialect dialect, const std::string& layer) {
  std::vector<float> ramp;
  for (int i = 0; i < 24; ++i) ramp.push_back(static_cast<float>(i));
  SavedModel saved = small_model(dialect, sequential("[null, 4, 6, 1]", layer));
  return shown(result_of(saved, {numbers({1, 4, 6, 1}, ramp)}));
}

TEST(Resizing, GivesIntegersBackInKeras3) {
  std::string layer = layer_json("Resizing", R"("height": 1, "width": 4)");
  std::string config = sequential("[null, 1, 2, 1]", layer);
  config.replace(config.find("float32"), 7, "uint8");
  auto result = [&](Dialect dialect) {
    Tensor pixels = integers({1, 1, 2, 1}, {100, 203}, DType::u8);
    return shown(result_of(small_model(dialect, config), {std::move(pixels)}));
  };
  EXPECT_EQ(result(Dialect::keras3), "100 126 177 203");
  EXPECT_EQ(result(Dialect::keras2), "100 125.8 177.2 203");
}

TEST(Resizing, HasTheWeightsOfTensorFlowForEveryInterpolation) {
  EXPECT_EQ(row("bilinear", 4), "0.25 3.25 10.75 22.75");
  EXPECT_EQ(row("nearest", 4), "0 4 9 25");
  EXPECT_EQ(row("bicubic", 4), "0.1241 3.062 10.56 23.45");
  EXPECT_EQ(row("bicubic", 9), "-0.06589 0.2941 1.362 3.36 6.25 10.03 14.69 21.18 25.59");
  EXPECT_EQ(row("area", 4), "0.3333 3 11.33 22");
  EXPECT_EQ(row("area", 9), "0 0.5 1 4 6.5 9 16 20.5 25");
  EXPECT_EQ(row("lanczos3", 4), "0.05931 3.148 10.24 23.63");
  EXPECT_EQ(row("lanczos5", 9), "-0.005053 0.2532 1.319 3.233 6.732 9.6 14.08 21.61 25.68");
  EXPECT_EQ(row("gaussian", 4), "0.3881 3.516 10.76 22.7");
  EXPECT_EQ(row("mitchellcubic", 4), "0.2514 3.232 10.73 23.04");
}

TEST(Resizing, AntialiasWidensTheKernel) {
  EXPECT_EQ(row("bilinear", 4, R"(, "antialias": true)"), "0.375 3.556 10.78 21.62");
  EXPECT_EQ(row("bicubic", 4, R"(, "antialias": true)"), "0.1586 2.977 10.89 22.28");
  EXPECT_EQ(row("lanczos3", 4, R"(, "antialias": true)"), "0.1358 2.897 10.72 22.57");
  EXPECT_EQ(row("nearest", 4, R"(, "antialias": true)"), "0 4 9 25");
}

TEST(Resizing, PadsToTheProportionsOfTheTarget) {
  std::string options =
      R"("height": 4, "width": 4, "pad_to_aspect_ratio": true, "fill_value": 7.0)";
  EXPECT_EQ(of_ramp(Dialect::keras3, layer_json("Resizing", options)),
            "5.312 5.688 6.062 6.438 4.75 6.25 7.75 9.25 13.75 15.25 16.75 18.25 9.812 10.19 10.56 "
            "10.94");
}

TEST(Resizing, RefusesAnUnknownInterpolationByName) {
  std::string options = R"("height": 2, "width": 2, "interpolation": "sinc")";
  std::string config = sequential("[null, 2, 6, 1]", layer_json("Resizing", options));
  std::string text = refusal_of(small_model(Dialect::keras3, config));
  EXPECT_NE(text.find("'sinc'"), std::string::npos) << text;
}

TEST(CenterCrop, CutsTheMiddleOrResizesWhatIsTooSmall) {
  EXPECT_EQ(of_ramp(Dialect::keras3, layer_json("CenterCrop", R"("height": 3, "width": 3)")),
            "1 2 3 7 8 9 13 14 15");
  EXPECT_EQ(of_ramp(Dialect::keras2, layer_json("CenterCrop", R"("height": 5, "width": 3)")),
            "2 2.5 3 6.2 6.7 7.2 11 11.5 12 15.8 16.3 16.8 20 20.5 21");
}

TEST(RandomCrop, ResizesInKeras2AndDoesNothingInKeras3) {
  std::string layer = layer_json("RandomCrop", R"("height": 2, "width": 2, "seed": null)");
  EXPECT_EQ(of_ramp(Dialect::keras2, layer), "4.5 6.5 16.5 18.5");
  SavedModel saved = small_model(Dialect::keras3, sequential("[null, 1, 3, 1]", layer));
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 1, 3, 1}, {1, 2, 3})})), "1 2 3");
  saved.keras_version = "3.6.0";
  EXPECT_EQ(result_of(saved, {numbers({1, 1, 3, 1}, {1, 2, 3})}).size(), 4u);
}

TEST(UpSampling2D, EnlargesPicturesOfUnknownSize) {
  std::string layer = layer_json("UpSampling2D", R"("size": [1, 2], "interpolation": "bilinear")");
  SavedModel saved = small_model(Dialect::keras2, sequential("[null, null, null, 1]", layer));
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 1, 3, 1}, {0, 4, 8})})), "0 1 3 5 7 8");
  EXPECT_EQ(shown(result_of(saved, {numbers({1, 2, 1, 1}, {3, 5})})), "3 3 5 5");
}

TEST(Augmentation, DoesNothingWhenAModelPredicts) {
  for (const char* name : {"RandomFlip", "RandomRotation", "RandomHue", "AugMix", "MixUp"}) {
    SavedModel saved =
        small_model(Dialect::keras3, sequential("[null, 1, 2, 3]", layer_json(name)));
    EXPECT_EQ(shown(result_of(saved, {numbers({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6})})), "1 2 3 4 5 6")
        << name;
  }
}

}  // namespace
}  // namespace wherry::keras
