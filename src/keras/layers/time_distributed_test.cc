// Tests of masks of layers applied to every step, with numbers that Keras computed.
#include <gtest/gtest.h>

#include "base/text.h"
#include "keras/layers/layer_case_test.h"

namespace wherry::keras {
namespace {

const std::string embedding = R"(, "input_dim": 4, "output_dim": 2, "mask_zero": true)";

/// Further entries of a TimeDistributed's configuration.
std::string around(const std::string& class_name, const std::string& config = "") {
  return cat(R"(, "layer": {"class_name": ")", class_name, R"(", "config": {"name": "inner")",
             config, "}}");
}

TEST(TimeDistributed, OfKeras2CountsStepsWithAnythingThatCounts) {
  expect_results({.dialect = Dialect::keras2,
                  .config = functional(
                      Dialect::keras2, "[null, 2, 3]",
                      {{"Embedding", "words", "x", embedding},
                       {"TimeDistributed", "means", "words", around("GlobalAveragePooling1D")},
                       {"GlobalAveragePooling1D", "mean", "means"}}),
                  .weights = {{"words/embeddings:0", {4, 2}}},
                  .inputs = {{"x", {1, 2, 3}, DType::i32}},
                  .results = {"0.25 0.15625"}});
}

TEST(TimeDistributed, OfKeras2HandsOnTheMaskOfTheLayerInside) {
  expect_results({.dialect = Dialect::keras2,
                  .config = functional(
                      Dialect::keras2, "[null, 2, 3]",
                      {{"TimeDistributed", "words", "x", around("Embedding", embedding)},
                       {"TimeDistributed", "means", "words", around("GlobalAveragePooling1D")}}),
                  .weights = {{"words/embeddings:0", {4, 2}}},
                  .inputs = {{"x", {1, 2, 3}, DType::i32}},
                  .results = {"0.375 0.375 0.125 -0.0625"}});
}

TEST(TimeDistributed, GivesTheLayerInsideItsPartOfAMask) {
  const std::string mask = R"("mask": )" + keras_tensor("counts");
  expect_results(
      {.dialect = Dialect::keras3,
       .config = functional(
           Dialect::keras3, "[null, 2, 3]",
           {{"Embedding", "words", "x", embedding},
            {"NotEqual", "counts", "x", "", R"("x2": 0)"},
            {"TimeDistributed", "products", "words", around("Dense", R"(, "units": 2)"), mask},
            {"TimeDistributed", "means", "products", around("GlobalAveragePooling1D"), mask}}),
       .weights = {{"words/embeddings", {4, 2}},
                   {"products/inner/kernel", {2, 2}},
                   {"products/inner/bias", {2}}},
       .inputs = {{"x", {1, 2, 3}, DType::i32}},
       .results = {"-0.46875 0.625 -0.28906 0.48438"}});
}

}  // namespace
}  // namespace wherry::keras
