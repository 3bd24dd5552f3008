// Tests of vocabularies and categories, against what Keras 2.15 and 3.15 compute.
#include <gtest/gtest.h>

#include "keras/small_model_test.h"

namespace wherry::keras {
namespace {

std::string input_of(const std::string& dtype, const std::string& layer) {
  std::string config = sequential("[null, 4]", layer);
  return config.replace(config.find("float32"), 7, dtype);
}

std::string integers_found(const std::string& options, Dialect dialect = Dialect::keras3) {
  std::string layer = layer_json("IntegerLookup", options);
  return shown(result_of(small_model(dialect, input_of("int64", layer)),
                         {integers({1, 4}, {12, 7, 5, 48}, DType::i64)}));
}

std::string texts_found(const std::string& options) {
  std::string layer = layer_json("StringLookup", options);
  return shown(result_of(small_model(Dialect::keras3, input_of("string", layer)),
                         {strings({1, 4}, {"dog", "", "ant", "cat"})}));
}

TEST(IntegerLookup, NumbersKeysInTheOrderOfTheVocabulary) {
  EXPECT_EQ(integers_found(R"("vocabulary": [12, 36, 48, 5], "oov_token": -1)"), "1 0 4 3");
  EXPECT_EQ(integers_found(R"("vocabulary": [12, 36, 48, 5], "num_oov_indices": 3)"), "3 1 6 5");
  EXPECT_EQ(integers_found(R"("vocabulary": [12, 36, 48, 5], "mask_token": 7)"), "2 0 5 4");
}

TEST(IntegerLookup, KnowsKeysBeyondThePrecisionOfFloats) {
  EXPECT_EQ(integers_found(R"("vocabulary": [16777217, 12, 16777216000000])"), "2 0 0 0");
}

TEST(IntegerLookup, LeavesSpecialWordsOfTheVocabularyOut) {
  EXPECT_EQ(integers_found(R"("vocabulary": [-1, 12, 48], "oov_token": -1)"), "1 0 0 2");
}

TEST(IntegerLookup, GivesVectors) {
  std::string words = R"("vocabulary": [12, 36, 48, 5], "output_mode": )";
  EXPECT_EQ(integers_found(cat(words, R"("multi_hot")")), "1 1 0 1 1");
  EXPECT_EQ(integers_found(cat(words, R"("count")"), Dialect::keras2), "1 1 0 1 1");
  EXPECT_EQ(integers_found(cat(words, R"("tf_idf", "idf_weights": [1, 2, 3, 6])")), "3 1 0 3 6");
}

TEST(IntegerLookup, GoesBackFromNumberToKey) {
  EXPECT_EQ(integers_found(R"("vocabulary": [30, 31, 32, 33, 34, 35], "oov_token": -1,
                               "mask_token": null, "invert": true)"),
            "-1 -1 34 -1");
}

TEST(StringLookup, FindsTextsInAHashTable) {
  EXPECT_EQ(texts_found(R"("vocabulary": ["cat", "dog"], "oov_token": "[UNK]")"), "2 0 0 1");
  EXPECT_EQ(texts_found(R"("vocabulary": ["cat", "dog"], "mask_token": "")"), "3 0 1 2");
}

TEST(StringLookup, GoesBackFromNumberToText) {
  std::string layer = layer_json(
      "StringLookup", R"("vocabulary": ["cat", "dog"], "oov_token": "?", "invert": true)");
  std::vector<Tensor> results = results_of(small_model(Dialect::keras3, input_of("int64", layer)),
                                           {integers({1, 4}, {2, 9, 0, 1}, DType::i64)});
  ASSERT_EQ(results.size(), 1u);
  auto words = strings_of(results[0].view());
  ASSERT_TRUE(words);
  EXPECT_EQ(std::vector<std::string>(words->begin(), words->end()),
            (std::vector<std::string>{"dog", "?", "?", "cat"}));
}

TEST(StringLookup, RefusesHashesAndMissingVocabulariesWithAReason) {
  auto refused = [](const std::string& options) {
    std::string layer = layer_json("StringLookup", options);
    return refusal_of(small_model(Dialect::keras3, input_of("string", layer)));
  };
  std::string hashed = refused(R"("vocabulary": ["a"], "num_oov_indices": 2)");
  EXPECT_NE(hashed.find("num_oov_indices=1"), std::string::npos) << hashed;
  std::string missing = refused(R"("vocabulary": null)");
  EXPECT_NE(missing.find("does not hold the layer's vocabulary"), std::string::npos) << missing;
  std::string wrong = refused(R"("vocabulary": ["a", 3])");
  EXPECT_NE(wrong.find("should be texts"), std::string::npos) << wrong;
}

TEST(Discretization, CountsTheBoundariesBelow) {
  std::string layer = layer_json("Discretization", R"("bin_boundaries": [-1.0, 0.0, 0.5])");
  std::string config = sequential("[null, 4]", layer);
  EXPECT_EQ(
      shown(result_of(small_model(Dialect::keras3, config), {numbers({1, 4}, {-2, 0, 0.2f, 7})})),
      "0 2 2 3");
}

TEST(CategoryEncoding, MakesVectorsOfNumbers) {
  auto made = [](const std::string& mode) {
    std::string layer =
        layer_json("CategoryEncoding", cat(R"("num_tokens": 3, "output_mode": ")", mode, "\""));
    return shown(result_of(small_model(Dialect::keras2, input_of("int32", layer)),
                           {integers({1, 4}, {2, 0, 2, 2})}));
  };
  EXPECT_EQ(made("multi_hot"), "1 0 1");
  EXPECT_EQ(made("count"), "1 0 3");
  EXPECT_EQ(made("one_hot"), "0 0 1 1 0 0 0 0 1 0 0 1");
}

}  // namespace
}  // namespace wherry::keras
