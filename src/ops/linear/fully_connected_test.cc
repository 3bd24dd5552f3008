// Tests of FULLY_CONNECTED.
#include "ops/linear/fully_connected.h"

#include "ops/op_test.h"

namespace wherry {
namespace {

using namespace test;

Attributes options(op::FullyConnected attributes) {
  return Attributes::of(op::fully_connected_attributes, attributes);
}

TEST(FullyConnected, FlattensLeadingAxesUnlessTheyAreKept) {
  std::vector<Operand> operands = {fed<float>({1, 2, 2}, {1, 2, 3, 4}),
                                   constant<float>({1, 2}, {1, 10})};
  auto flat = run_op(op::fully_connected, options({}), operands, {type_of(DType::f32, {})});
  ASSERT_TRUE(flat) << problem(flat);
  EXPECT_EQ((*flat)[0].type.shape, (Shape{2, 1}));
  EXPECT_EQ(elements<float>((*flat)[0]), (std::vector<float>{21, 43}));
  auto kept = run_op(op::fully_connected, options({.keep_num_dims = true}), operands,
                     {type_of(DType::f32, {})});
  ASSERT_TRUE(kept) << problem(kept);
  EXPECT_EQ((*kept)[0].type.shape, (Shape{1, 2, 1}));
}

TEST(FullyConnected, RoundsInt8ResultsHalfAwayFromZero) {
  // The sums 1, 3 and -1 times 0.5.
  auto y = run_op(op::fully_connected, options({}),
                  {fed<int8_t>(type_of(DType::i8, {3, 1}, 0.5f, 0), {1, 3, -1}),
                   constant<int8_t>(type_of(DType::i8, {1, 1}, 1, 0), {1})},
                  {type_of(DType::i8, {}, 1, 0)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int8_t>((*y)[0]), (std::vector<int8_t>{1, 2, -1}));
}

TEST(FullyConnected, ReadsPackedInt4Weights) {
  auto y = run_op(op::fully_connected, options({}),
                  {fed<int8_t>(type_of(DType::i8, {1, 2}, 1, 0), {10, 1}),
                   constant<uint8_t>(type_of(DType::i4, {1, 2}, 1, 0), {0xe3})},  // 3, -2
                  {type_of(DType::i8, {}, 1, 0)});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int8_t>((*y)[0]), (std::vector<int8_t>{28}));
}

TEST(FullyConnected, UndoesTheShufflingOfWeights) {
  // Blocks of 4 units by 16 elements; unit u has the weight u + 1 at element u, zero point 128.
  std::vector<uint8_t> shuffled(64, 0);
  for (size_t unit = 0; unit < 4; ++unit)
    shuffled[unit * 16 + unit] = static_cast<uint8_t>(unit + 1);
  std::vector<uint8_t> x(16, 128);
  for (size_t i = 0; i < 4; ++i) x[i] = static_cast<uint8_t>(128 + 10 * (i + 1));
  auto y =
      run_op(op::fully_connected, options({.weights_format = op::WeightsFormat::shuffled4x16int8}),
             {fed<uint8_t>(type_of(DType::u8, {1, 16}, 1, 128), x),
              constant<uint8_t>(type_of(DType::u8, {4, 16}, 1, 128), shuffled),
              constant<int32_t>({4}, {0, 0, 0, 5})},
             {type_of(DType::i16, {}, 1, 0), type_of(DType::u8, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(elements<int16_t>((*y)[0]), (std::vector<int16_t>{10, 40, 90, 165}));
}

TEST(FullyConnected, AnEmptyBatchGivesNoRows) {
  auto y = run_op(op::fully_connected, options({}),
                  {fed<float>({0, 2}, {}), constant<float>({3, 2}, {1, 2, 3, 4, 5, 6})},
                  {type_of(DType::f32, {})});
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ((*y)[0].type.shape, (Shape{0, 3}));
}

TEST(FullyConnected, RefusesAFusedTanhOnFloatsWithIntegerWeights) {
  auto y =
      run_op(op::fully_connected, options({.fused_activation_function = Activation::tanh}),
             {fed<float>({1, 1}, {1}), constant<int8_t>(type_of(DType::i8, {1, 1}, 1, 0), {1})},
             {type_of(DType::f32, {})});
  EXPECT_NE(problem(y).find("fused activation tanh"), std::string::npos) << problem(y);
}

TEST(FullyConnected, RejectsWhatDoesNotFit) {
  auto rows = run_op(op::fully_connected, options({}),
                     {fed<float>({3}, {1, 2, 3}), constant<float>({1, 2}, {1, 1})},
                     {type_of(DType::f32, {})});
  EXPECT_NE(problem(rows).find("cannot split"), std::string::npos) << problem(rows);
  TensorType weights = type_of(DType::i8, {3, 1}, 1, 0);
  weights.quantization->scales = {1, 2};
  auto scales = run_op(
      op::fully_connected, options({}),
      {fed<int8_t>(type_of(DType::i8, {1, 1}, 1, 0), {1}), constant<int8_t>(weights, {1, 2, 3})},
      {type_of(DType::i8, {}, 1, 0)});
  EXPECT_NE(problem(scales).find("2 scales for 3 channels"), std::string::npos) << problem(scales);
}

}  // namespace
}  // namespace wherry
