// Which networks are asked about smaller pictures, and that these answer for the whole.
#include "convert/smaller_pictures.h"

#include <gtest/gtest.h>

#include "convert/answers.h"
#include "convert/verify.h"
#include "ops/parsed_test.h"
#include "tflite/writer.h"

namespace wherry {
namespace {

using test::parsed;

/// A convolution with as many filters, and what is done with its pictures.
Model network(int64_t side, int64_t filters, const std::string& rest) {
  std::string pixels = cat("1,", side, ",", side, ","), ones;
  for (int64_t i = 0; i < filters * 3; ++i) ones += cat(i ? ", " : "", (i % 7) - 2);
  return parsed(cat("graph main(x: f32[", pixels, "3]) -> (y) {\n  w = const f32[", filters,
                    ",1,1,3] [", ones, "]\n  axes = const i32[2] [1, 2]\n  a: f32[", pixels,
                    filters, "] = CONV_2D(x, w, -) {stride_h=1, stride_w=1}\n", rest, "}\n"));
}

Model pooled(int64_t side) { return network(side, 4, "  y: f32[1,4] = MEAN(a, axes)\n"); }

Model flattened(int64_t side) {
  return network(side, 4,
                 cat("  s = const i32[2] [-1, ", side * side * 4, "]\n  y: f32[1,", side * side * 4,
                     "] = RESHAPE(a, s)\n"));
}

TEST(SmallerPictures, AreForNetworksThatMultiplyMuch) {
  EXPECT_EQ(picture_divisor(pooled(4096)), 1);    // 0.2 billion
  EXPECT_EQ(picture_divisor(pooled(28672)), 2);   // 10 billion
  EXPECT_EQ(picture_divisor(pooled(100000)), 4);  // 120 billion
}

TEST(SmallerPictures, SidesStayOddOrEvenHoweverOftenTheyAreHalved) {
  TensorType picture{DType::f32, {1, 331, 600, 3}, {}, {}};
  EXPECT_EQ(smaller_picture(picture, 2), (Shape{1, 171, 312, 3}));
  EXPECT_EQ(smaller_picture(picture, 4), (Shape{1, 107, 152, 3}));
  TensorType other{DType::f32, {1, 600}, {}, {}};
  EXPECT_EQ(smaller_picture(other, 2), other.shape);
}

TEST(SmallerPictures, AnswerForAFileThatTakesThem) {
  Model model = pooled(160);
  auto probe = probe_source(model, {}, 1, 2);
  ASSERT_TRUE(probe) << probe.error().text();
  EXPECT_EQ(probe->divisor, 2);
  ASSERT_EQ(probe->samples.size(), 1u);
  EXPECT_EQ(probe->samples[0].inputs[0].type.shape, (Shape{1, 96, 96, 3}));
  auto written = tflite::write(model);
  ASSERT_TRUE(written) << written.error().text();
  auto compared = compare_with_source(*probe, share(written->bytes()), {});
  ASSERT_TRUE(compared) << compared.error().text();
  EXPECT_LT(compared->max_error, 1e-6);
}

TEST(SmallerPictures, FindWhatIsWrongToo) {
  auto probe = probe_source(pooled(160), {}, 1, 2);
  ASSERT_TRUE(probe);
  Model other = network(160, 4,
                        "  b = const f32[4] [9, 9, 9, 9]\n  m: f32[1,4] = MEAN(a, axes)\n"
                        "  y: f32[1,4] = ADD(m, b)\n");
  auto written = tflite::write(other);
  ASSERT_TRUE(written) << written.error().text();
  auto compared = compare_with_source(*probe, share(written->bytes()), {});
  ASSERT_FALSE(compared);
  EXPECT_EQ(compared.error().code, ErrorCode::verification_failed);
}

TEST(SmallerPictures, AreGivenUpWhereConstantsFixTheSize) {
  auto probe = probe_source(flattened(96), {}, 1, 2);
  ASSERT_TRUE(probe) << probe.error().text();
  EXPECT_EQ(probe->divisor, 1);
  ASSERT_EQ(probe->samples.size(), 1u);
  EXPECT_EQ(probe->samples[0].inputs[0].type.shape, (Shape{1, 96, 96, 3}));
}

TEST(SmallerPictures, HaveNotTheLastWordAgainstAFile) {
  Model model = pooled(160);
  auto written = tflite::write(model);
  ASSERT_TRUE(written) << written.error().text();
  SharedBytes file = share(written->bytes());
  auto wrong = [&] {
    auto probe = probe_source(model, {}, 1, 2);
    probe->samples[0].outputs[0].view().as<float>()[0] += 5;
    return probe;
  };
  int asked = 0;
  auto right = [&] {
    ++asked;
    return probe_source(model, {}, 1);
  };
  auto compared = Answers(wrong, right).compare(file, {});
  ASSERT_TRUE(compared) << compared.error().text();
  EXPECT_EQ(asked, 1);
  EXPECT_FALSE(Answers(wrong, wrong).compare(file, {}));
  EXPECT_TRUE(Answers(right, right).compare(file, {}));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace wherry
