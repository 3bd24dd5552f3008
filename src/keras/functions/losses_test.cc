// Losses that Keras 2 keeps as functions.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

const Fed second{{1, 2}, {0, 1}}, quarters{{1, 2}, {0.25, 0.75}};

Outputs loss(const char* function, const std::string& arguments, const std::vector<Fed>& inputs) {
  return run(Older{function, cat(R"(["x0", 0, 0, )", arguments, "]")}, inputs);
}

TEST(Losses, CrossentropiesOfShares) {
  std::string output = R"({"output": ["x1", 0, 0]})";
  expect_result(loss("keras.backend.binary_crossentropy", output, {second, quarters}), {1, 2},
                {0.2876819403, 0.2876819403});
  expect_result(loss("keras.backend.categorical_crossentropy", output, {second, {{1, 2}, {1, 3}}}),
                {1}, {0.2876820724});
  Fed number{{1}, {1}, DType::i32};
  expect_result(loss("keras.backend.sparse_categorical_crossentropy", output, {number, quarters}),
                {1}, {0.2876820724});
  expect_result(loss("keras.backend.categorical_focal_crossentropy", output, {second, quarters}),
                {1}, {0.0044950324});
}

TEST(Losses, HingesTakeZeroForMinusOne) {
  std::string predicted = R"({"y_pred": ["x1", 0, 0]})";
  Fed halves{{1, 2}, {0.5, 0.5}};
  expect_result(loss("keras.metrics.hinge", predicted, {second, halves}), {1}, {1});
  expect_result(loss("keras.metrics.squared_hinge", predicted, {second, halves}), {1}, {1.25});
  expect_result(loss("keras.metrics.hinge", predicted, {{{1, 2}, {-1, 0}}, halves}), {1}, {1.25});
}

TEST(Losses, TrueLabelsCountMore) {
  expect_result(loss("nn.weighted_cross_entropy_with_logits",
                     R"({"logits": ["x1", 0, 0], "pos_weight": 2.0})", {second, {{1, 2}, {0, 0}}}),
                {1, 2}, {0.6931471806, 1.3862943611});
}

}  // namespace
}  // namespace wherry::keras::test
