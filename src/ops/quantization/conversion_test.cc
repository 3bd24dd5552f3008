// Tests of CAST, BITCAST and NumericVerify.
#include <cmath>
#include <limits>

#include "ops/custom_options_test.h"
#include "ops/op_test.h"
#include "ops/quantization/bitcast.h"
#include "ops/quantization/cast.h"
#include "ops/quantization/numeric_verify.h"

namespace wherry {
namespace {

using namespace test;

Outputs cast(Operand x, DType to) {
  return run_op(op::cast, Attributes::defaults(op::cast_attributes), {std::move(x)},
                {declared(to)});
}

TEST(Cast, CutsOffAndSaturatesFloats) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Operand x = fed<float>({5}, {-1.9f, 2.9f, 1e20f, -infinity, NAN});
  expect_output<int32_t>(cast(x, DType::i32), {5}, {-1, 2, INT32_MAX, INT32_MIN, INT32_MAX});
  expect_output<uint8_t>(cast(x, DType::u8), {5}, {0, 2, 255, 0, 255});
  expect_output<uint8_t>(cast(fed<float>({3}, {0, 0.1f, NAN}), DType::boolean), {3}, {0, 1, 1});
}

TEST(Cast, WrapsIntegers) {
  expect_output<int8_t>(cast(fed<int32_t>({3}, {200, -200, 5}), DType::i8), {3}, {-56, 56, 5});
  expect_output<uint32_t>(cast(fed<int32_t>({1}, {-1}), DType::u32), {1}, {0xffffffff});
  expect_output<int64_t>(cast(fed<uint32_t>({1}, {0xffffffff}), DType::i64), {1}, {0xffffffff});
  expect_output<float>(cast(fed<int64_t>({1}, {-3}), DType::f32), {1}, {-3});
}

TEST(Cast, DropsImaginaryPartsAndPacksSmallElements) {
  expect_output<float>(cast(fed<std::complex<float>>({1}, {{2, 3}}), DType::f32), {1}, {2});
  Outputs y = cast(fed<float>({3}, {-100, 3, 100}), DType::i4);
  ASSERT_TRUE(y) << problem(y);
  EXPECT_EQ(unpack_sub_byte((*y)[0].view()), (std::vector<int8_t>{-8, 3, 7}));
  expect_output<int32_t>(cast(constant<uint8_t>(type_of(DType::i4, {2}), {0x1f}), DType::i32), {2},
                         {-1, 1});
}

TEST(Cast, RejectsStrings) {
  expect_problem(cast(fed_strings({1}, {"1"}), DType::i32), "CAST does not support input 0 (x)");
}

Outputs bitcast(Operand x, DType to) {
  return run_op(op::bitcast, Attributes::defaults(op::bitcast_attributes), {std::move(x)},
                {declared(to)});
}

TEST(Bitcast, KeepsBytesAndFitsTheShape) {
  expect_output<uint32_t>(bitcast(fed<float>({1}, {1}), DType::u32), {1}, {0x3f800000});
  expect_output<uint8_t>(bitcast(fed<int32_t>({1}, {0x04030201}), DType::u8), {1, 4}, {1, 2, 3, 4});
  expect_output<int16_t>(bitcast(fed<uint8_t>({2, 2}, {1, 0, 0, 1}), DType::i16), {2}, {1, 256});
}

TEST(Bitcast, RejectsAxesThatMakeNoElementAndTypesWithoutBytes) {
  expect_problem(bitcast(fed<uint8_t>({3}, {1, 2, 3}), DType::i16),
                 "BITCAST makes one i16 of 2 elements of u8, got the shape [3]");
  expect_problem(bitcast(fed<uint8_t>(Shape(), {1}), DType::i16), "got the shape []");
  expect_problem(bitcast(fed<uint8_t>({1}, {1}), DType::i4), "BITCAST cannot give i4");
  expect_problem(bitcast(fed_strings({1}, {"a"}), DType::u8), "does not support input 0");
}

Outputs verify(double tolerance, bool fails, float expected) {
  Attributes options = custom_options([&](flexbuffers::Builder& map) {
    map.Double("tolerance", tolerance);
    map.Bool("log_if_failed", fails);
  });
  return run_op(op::numeric_verify, std::move(options),
                {fed<int8_t>(type_of(DType::i8, {1}, 0.5f, 1), {5}), fed<float>({1}, {expected})},
                {declared(DType::f32)});
}

TEST(NumericVerify, GivesDifferencesAndFailsBeyondTheTolerance) {
  expect_output<float>(verify(1, true, 1.75f), {1}, {0.25f});
  expect_output<float>(verify(1, false, -1), {1}, {3});
  expect_problem(verify(1, true, -1), "NumericVerify: element 0 is 2, expected -1");
  expect_problem(
      run_op(op::numeric_verify, Attributes::of(op::custom_attributes, op::Custom{}),
             {fed<int8_t>(type_of(DType::i8, {1}, 0.5f, 1), {5}), fed<float>({2}, {1, 2})},
             {declared(DType::f32)}),
      "compares tensors of one shape");
}

}  // namespace
}  // namespace wherry
