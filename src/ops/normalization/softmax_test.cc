// Tests of SOFTMAX and LOG_SOFTMAX.
#include "ops/normalization/softmax.h"

#include "ops/normalization/log_softmax.h"
#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Expected<std::vector<Tensor>> softmax(Operand x, TensorType y, float beta = 1) {
  return run_op(op::softmax, Attributes::of(op::softmax_attributes, op::Softmax{beta}),
                {std::move(x)}, {std::move(y)});
}

TEST(Softmax, EqualElementsShareEqually) {
  auto y = softmax(fed<float>({2, 2}, {3, 3, 1000, 1000}), type_of(DType::f32, {}));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<float>((*y)[0]), (std::vector<float>{0.5f, 0.5f, 0.5f, 0.5f}));
  auto bytes = softmax(fed<int8_t>(type_of(DType::i8, {4}, 0.1f, 3), {7, 7, 7, 7}),
                       type_of(DType::i8, {}, 1.0f / 256, -128));
  ASSERT_TRUE(bytes) << problem(bytes);
  EXPECT_EQ(elements<int8_t>((*bytes)[0]), (std::vector<int8_t>{-64, -64, -64, -64}));
  auto words = softmax(fed<int16_t>(type_of(DType::i16, {2}, 0.1f, 0), {7, 7}),
                       type_of(DType::i16, {}, 1.0f / 32768, 0));
  ASSERT_TRUE(words) << problem(words);
  EXPECT_NEAR(elements<int16_t>((*words)[0])[0], 16384, 2);
}

TEST(Softmax, SharesBelowHalfAStepVanish) {
  std::vector<int8_t> many(6000, 5);
  auto y = softmax(fed<int8_t>(type_of(DType::i8, {6000}, 0.1f, 0), many),
                   type_of(DType::i8, {}, 1.0f / 256, -128));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int8_t>((*y)[0]), std::vector<int8_t>(6000, -128));
}

TEST(Softmax, AFactorOf0MakesBytesShareEqually) {
  auto y = softmax(fed<int8_t>(type_of(DType::i8, {4}, 1, 0), {1, 90, -128, 7}),
                   type_of(DType::i8, {}, 1.0f / 256, -128), 0);
  expect_output<int8_t>(y, {4}, {-64, -64, -64, -64});
}

TEST(Softmax, RejectsScalarsAndOtherOutputScales) {
  EXPECT_NE(problem(softmax(fed<float>(Shape{}, {1}), type_of(DType::f32, {}))).find("scalar"),
            std::string::npos);
  auto scale =
      softmax(fed<int8_t>(type_of(DType::i8, {1}, 1, 0), {1}), type_of(DType::i8, {}, 0.5f, -128));
  EXPECT_NE(problem(scale).find("the model declares"), std::string::npos) << problem(scale);
}

TEST(LogSoftmax, OfOneElementIsZero) {
  auto y = run_op(op::log_softmax, Attributes::defaults(op::log_softmax_attributes),
                  {fed<uint8_t>(type_of(DType::u8, {2, 1}, 1, 0), {9, 200})},
                  {type_of(DType::u8, {}, 16.0f / 256, 255)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<uint8_t>((*y)[0]), (std::vector<uint8_t>{255, 255}));
}

}  // namespace
}  // namespace wherry
