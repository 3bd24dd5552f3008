// Tests of QUANTIZE, DEQUANTIZE and FAKE_QUANT.
#include <limits>

#include "ops/op_test.h"
#include "ops/quantization/dequantize.h"
#include "ops/quantization/fake_quant.h"
#include "ops/quantization/quantize.h"

namespace wherry {
namespace {

using namespace test;

Outputs quantize(Operand x, TensorType y) {
  return run_op(op::quantize, Attributes::defaults(op::quantize_attributes), {std::move(x)},
                {std::move(y)});
}
Outputs dequantize(Operand x) {
  return run_op(op::dequantize, Attributes::defaults(op::dequantize_attributes), {std::move(x)},
                {declared(DType::f32)});
}
/// Scales 0.5 and 2 for the two slices along an axis.
TensorType in_slices(DType dtype, Shape shape, int axis) {
  TensorType type = type_of(dtype, std::move(shape), 0.5f, 0);
  type.quantization->scales = {0.5f, 2};
  type.quantization->zero_points = {0, 0};
  type.quantization->axis = axis;
  return type;
}

TEST(Quantize, RoundsHalfAwayFromZeroAndSaturates) {
  const Operand x = fed<float>({6}, {0, 0.25f, -0.25f, 0.2f, 1e9f, -1e9f});
  expect_output<int8_t>(quantize(x, type_of(DType::i8, {}, 0.5f, 1)), {6}, {1, 2, 0, 1, 127, -128});
  expect_output<uint8_t>(quantize(x, type_of(DType::u8, {}, 0.5f, 1)), {6}, {1, 2, 0, 1, 255, 0});
  expect_output<int16_t>(quantize(x, type_of(DType::i16, {}, 0.5f, 0)), {6},
                         {0, 1, -1, 0, 32767, -32768});
}

TEST(Quantize, GivesEachSliceItsScale) {
  expect_output<int8_t>(quantize(fed<float>({2, 2}, {1, 2, 4, 8}), in_slices(DType::i8, {}, 0)),
                        {2, 2}, {2, 4, 2, 4});
  expect_output<int8_t>(quantize(fed<float>({2, 2}, {1, 2, 4, 8}), in_slices(DType::i8, {}, 1)),
                        {2, 2}, {2, 1, 8, 4});
}

TEST(Quantize, ChangesScaleAndType) {
  const Operand x = fed<int8_t>(type_of(DType::i8, {2}, 0.5f, -2), {2, 126});
  expect_output<int8_t>(quantize(x, type_of(DType::i8, {}, 1, 3)), {2}, {5, 67});
  expect_output<uint8_t>(quantize(x, type_of(DType::u8, {}, 0.5f, 126)), {2}, {130, 254});
  expect_output<int16_t>(quantize(x, type_of(DType::i16, {}, 0.125f, 0)), {2}, {16, 512});
  expect_output<int8_t>(quantize(fed<int32_t>(type_of(DType::i32, {1}, 0.25f, 0), {6}),
                                 type_of(DType::i8, {}, 0.5f, 0)),
                        {1}, {3});
}

TEST(Quantize, PacksElementsOfFourBits) {
  Outputs y = quantize(fed<float>({3}, {-9, 1, 9}), type_of(DType::i4, {}, 1, 0));
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(unpack_sub_byte((*y)[0].view()), (std::vector<int8_t>{-8, 1, 7}));
}

TEST(Quantize, RejectsScalesThatDoNotFit) {
  const Operand x = fed<float>({3}, {1, 2, 3});
  expect_problem(quantize(x, declared(DType::i8)), "needs a scale, it has none");
  expect_problem(quantize(x, type_of(DType::i8, {}, -1, 0)), "must be positive and finite, got -1");
  expect_problem(quantize(x, type_of(DType::i8, {}, 1, 200)), "is 200, outside i8");
  expect_problem(quantize(x, in_slices(DType::i8, {}, 0)), "2 scales for an extent of 3");
  expect_problem(quantize(x, in_slices(DType::i8, {}, 1)), "along axis 1, its shape is [3]");
}

TEST(Dequantize, TakesZeroPointAndScale) {
  expect_output<float>(dequantize(fed<int8_t>(type_of(DType::i8, {2}, 0.5f, 1), {-3, 5})), {2},
                       {-2, 2});
  expect_output<float>(dequantize(fed<uint8_t>(type_of(DType::u8, {1}, 0.5f, 255), {0})), {1},
                       {-127.5f});
  expect_output<float>(dequantize(fed<int16_t>(type_of(DType::i16, {1}, 0.5f, 0), {-3})), {1},
                       {-1.5f});
  expect_output<float>(dequantize(fed<int8_t>(in_slices(DType::i8, {2, 2}, 1), {1, 1, 2, 2})),
                       {2, 2}, {0.5f, 2, 1, 4});
}

TEST(Dequantize, UnpacksSmallElements) {
  expect_output<float>(
      dequantize(constant<uint8_t>(type_of(DType::i4, {3}, 0.5f, 0), {0x1f, 0x08})), {3},
      {-0.5f, 0.5f, -4});
  expect_output<float>(dequantize(constant<uint8_t>(type_of(DType::u4, {2}, 1, 8), {0xf0})), {2},
                       {-8, 7});
  expect_output<float>(dequantize(constant<uint8_t>(type_of(DType::i2, {4}, 1, 0), {0xe4})), {4},
                       {0, 1, -2, -1});
}

TEST(Dequantize, WidensShortFloats) {
  expect_output<float>(dequantize(fed<half>({2}, {half(1.5f), half(-65504)})), {2}, {1.5f, -65504});
  const std::vector<uint8_t> bytes = {0x38, 0xb8, 0x01, 0x7e};
  expect_output<float>(dequantize(fed<uint8_t>(type_of(DType::f8e4m3, {4}), bytes)), {4},
                       {1, -1, 0.001953125f, 448});
  expect_output<float>(dequantize(fed<uint8_t>(type_of(DType::f8e5m2, {2}), {0x3c, 0xc0})), {2},
                       {1, -2});
}

TEST(Dequantize, RejectsElementsWithoutScale) {
  expect_problem(dequantize(fed<int8_t>({1}, {1})), "needs a scale, it has none");
  expect_problem(dequantize(fed<float>({1}, {1})), "DEQUANTIZE does not support input 0 (x)");
}

Outputs fake(op::FakeQuant options, std::vector<float> x) {
  auto extent = static_cast<int64_t>(x.size());
  return run_op(op::fake_quant, Attributes::of(op::fake_quant_attributes, options),
                {fed<float>({extent}, std::move(x))}, {declared(DType::f32)});
}

TEST(FakeQuant, RoundsToStepsThatContainZero) {
  // Steps of 0.5 from -1 to 6.5.
  expect_output<float>(fake({.min = -1, .max = 6.5f, .num_bits = 4}, {-3, -0.3f, 0.7f, 2.25f, 9}),
                       {5}, {-1, -0.5f, 0.5f, 2.5f, 6.5f});
  // The range is moved by a quarter of a step so that 0 is met.
  expect_output<float>(fake({.min = -1.125f, .max = 6.375f, .num_bits = 4}, {-3, 0, 9}), {3},
                       {-1, 0, 6.5f});
  expect_output<float>(
      fake({.min = -3.5f, .max = 3.5f, .num_bits = 4, .narrow_range = true}, {-9, 0.6f, 9}), {3},
      {-3.5f, 0.5f, 3.5f});
}

TEST(FakeQuant, RejectsEmptyRangesAndOddWidths) {
  expect_problem(fake({.min = 1, .max = 1}, {0}), "FAKE_QUANT needs a range, got 1 to 1");
  expect_problem(fake({.min = 0, .max = std::numeric_limits<float>::infinity()}, {0}),
                 "FAKE_QUANT needs a range");
  expect_problem(fake({.min = 0, .max = 1, .num_bits = 17}, {0}), "needs 2 to 16 bits, got 17");
  expect_problem(fake({.min = 0, .max = 1, .num_bits = 1}, {0}), "needs 2 to 16 bits, got 1");
}

}  // namespace
}  // namespace wherry
