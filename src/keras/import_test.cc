// Tests of the import of whole models: sizes that they leave open.
#include "keras/import.h"

#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

SavedModel mean_of_windows(const std::string& shape, int size) {
  std::string sides = cat("[", size, ", ", size, "]");
  std::string options = cat(R"("pool_size": )", sides, R"(, "strides": )", sides,
                            R"(, "padding": "valid", "data_format": "channels_last")");
  return small_model(Dialect::keras3, sequential(shape, layer_json("AveragePooling2D", options)));
}

TEST(Import, OpenSizesMayBeAsLargeAsANetworkNeeds) {
  SavedModel saved = mean_of_windows("[null, null, null, 1]", 100);
  std::vector<Tensor> results =
      results_of(saved, {numbers({1, 100, 200, 1}, std::vector<float>(100 * 200, 0.5f))});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].type.shape, Shape({1, 1, 2, 1}));
  EXPECT_EQ(shown(elements_of(results[0])), "0.5 0.5");
}

TEST(Import, AFilterLargerThanTheInputIsRefused) {
  for (const char* shape : {"[null, 64, 64, 1]", "[null, 64, null, 1]", "[null, null, null, 1]"}) {
    int size = shape[7] == '6' ? 65 : 5000;
    EXPECT_NE(refusal_of(mean_of_windows(shape, size)).find("does not fit"), std::string::npos)
        << refusal_of(mean_of_windows(shape, size));
  }
}

TEST(Import, SparseAndRaggedInputsAreTakenInDenseForm) {
  for (const std::string form : {"sparse", "ragged"}) {
    std::string input =
        layer_json("InputLayer", cat(R"("batch_input_shape": [null, 3], ")", form, R"(": true)"));
    std::string config =
        cat(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)", input, ", ",
            layer_json("Activation", R"("activation": "relu")"), "]}}");
    SavedModel saved = small_model(Dialect::keras2, config);
    EXPECT_EQ(shown(result_of(saved, {numbers({1, 3}, {1, -2, 3})})), "1 0 3");
    std::vector<std::string> warnings = import_model(saved)->warnings;
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find(cat("input 'inputlayer' is ", form)), std::string::npos)
        << warnings[0];
  }
}

TEST(Import, OutputsOfADictAreNamedByItsKeys) {
  std::string ends = R"({"score": ["b", 0, 0], "box": ["a", 0, 0]})";
  std::string layers =
      cat(layer_json("InputLayer", R"("batch_input_shape": [null, 2])"), ", ",
          R"({"class_name": "Activation", "config": {"name": "a", "activation": "relu"}, )",
          R"("inbound_nodes": [[["inputlayer", 0, 0, {}]]]}, )",
          R"({"class_name": "Activation", "config": {"name": "b", "activation": "linear"}, )",
          R"("inbound_nodes": [[["inputlayer", 0, 0, {}]]]})");
  std::string config =
      cat(R"({"class_name": "Functional", "config": {"name": "m", "layers": [)", layers,
          R"(], "input_layers": [["inputlayer", 0, 0]], )", R"("output_layers": )", ends, "}}");
  Expected<ImportedModel> imported = import_model(small_model(Dialect::keras2, config));
  ASSERT_TRUE(imported) << imported.error().message;
  const auto& outputs = imported->model.signatures[0].outputs;
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_EQ(outputs[0].name, "box");
  EXPECT_EQ(outputs[1].name, "score");
}

TEST(Import, AdviceForProblemsOfOneKindStandsOnce) {
  std::string layers = cat(R"({"class_name": "Demo>Gate", "config": {"name": "g1"}}, )",
                           R"({"class_name": "Demo>Gate", "config": {"name": "g2"}})");
  std::string text = refusal_of(small_model(Dialect::keras2, sequential("[null, 2]", layers)));
  EXPECT_NE(text.find("'g1'"), std::string::npos) << text;
  EXPECT_NE(text.find("'g2'"), std::string::npos) << text;
  EXPECT_EQ(text.find("try: say what it computes"), text.rfind("try: say what it computes"))
      << text;
}

TEST(Import, ForeignClassesAreNamedWithWhereTheyComeFrom) {
  std::string layers = cat(
      R"({"class_name": "Gate", "module": "demo.layers", "registered_name": "Demo>Gate", )",
      R"("config": {"name": "g1", "trainable": true}}, {"class_name": "Cut", "module": "demo.layers", )",
      R"("registered_name": null, "config": {"name": "g2", "trainable": true}})");
  std::string text = refusal_of(small_model(Dialect::keras3, sequential("[null, 2]", layers)));
  EXPECT_NE(text.find("the class 'Demo>Gate' is custom"), std::string::npos) << text;
  EXPECT_NE(text.find("the class 'demo.layers.Cut' is custom"), std::string::npos) << text;
}

TEST(Import, OptionsOfNoKnownMeaningComeWithAdvice) {
  std::string layer = layer_json("Flatten", R"("speed": 5)");
  std::string text = refusal_of(small_model(Dialect::keras3, sequential("[null, 2]", layer)));
  EXPECT_NE(text.find("the option 'speed' is not supported"), std::string::npos) << text;
  EXPECT_NE(text.find("save the model again without it"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras
