// Tests of cosine transforms, with results of TensorFlow.
#include "keras/functions/function_test.h"

namespace wherry::keras::test {
namespace {

Outputs cosines(const std::string& function, const std::string& options) {
  return run(Older{function, cat(R"(["x0", 0, 0, {)", options, "}]")}, {{{1, 4}, {1, 2, 4, -3}}});
}

TEST(CosineTransforms, OfAllTypes) {
  expect_result(cosines("signal.dct", R"("type": 1)"), {1, 4}, {10, 2, -8, 8});
  expect_result(cosines("signal.dct", ""), {1, 4}, {8, 5.860301, -11.313708, 6.756985});
  expect_result(cosines("signal.dct", R"("type": 3)"), {1, 4},
                {8.056272, 2.417156, -11.730865, 5.257436});
  expect_result(cosines("signal.dct", R"("type": 4)"), {1, 4},
                {8.561468, -3.630283, -6.240095, 10.704368});
}

TEST(CosineTransforms, ThatKeepLengths) {
  expect_result(cosines("signal.dct", R"("type": 2, "norm": "ortho")"), {1, 4},
                {2, 2.071929, -4, 2.388955});
  expect_result(cosines("signal.dct", R"("type": 3, "norm": "ortho")"), {1, 4},
                {2.994769, 1.001041, -4.00104, 2.005231});
  expect_result(cosines("signal.dct", R"("type": 4, "norm": "ortho")"), {1, 4},
                {3.026936, -1.283499, -2.206207, 3.784565});
  expect_result(cosines("signal.idct", R"("type": 2, "norm": "ortho")"), {1, 4},
                {2.994769, 1.001041, -4.00104, 2.005231});
}

TEST(CosineTransforms, OfMelSpectrograms) {
  expect_result(cosines("signal.mfccs_from_log_mel_spectrograms", ""), {1, 4},
                {2.828427, 2.071929, -4, 2.388955});
}

TEST(CosineTransforms, OtherTypesAreRefused) {
  std::string text = problem(cosines("signal.dct", R"("type": 5)"));
  EXPECT_NE(text.find("'type'"), std::string::npos) << text;
}

}  // namespace
}  // namespace wherry::keras::test
