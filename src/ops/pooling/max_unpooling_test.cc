// Tests of MaxPoolingWithArgmax2D and of its reverse, MaxUnpooling2D.
#include "ops/pooling/max_unpooling.h"

#include "ops/op_test.h"
#include "ops/opaque.h"
#include "ops/pooling/max_pool_argmax.h"

namespace wherry {
namespace {

using namespace test;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

Attributes window(std::vector<int32_t> numbers) {
  op::Custom custom;
  for (int32_t number : numbers)
    for (int shift = 0; shift < 32; shift += 8)
      custom.options.push_back(static_cast<uint8_t>(static_cast<uint32_t>(number) >> shift));
  return Attributes::of(op::custom_attributes, std::move(custom));
}

constexpr int32_t same = 1, valid = 2, relu6 = 3;

Outputs pool(Attributes attributes, Shape shape, std::vector<float> data) {
  return run_op(op::max_pool_argmax, std::move(attributes),
                {fed<float>(std::move(shape), std::move(data))},
                {declared(DType::f32), declared(DType::f32)});
}

TEST(MaxPoolArgmax, SaysWhereInItsWindowEachMaximumStood) {
  Outputs y = pool(window({valid, 2, 2, 2, 2, 0}), {1, 2, 4, 1}, {1, 3, 2, 2, 4, 9, 2, 2});
  expect_output<float>(y, {1, 1, 2, 1}, {9, 2});
  expect_output<float>(y, {1, 1, 2, 1}, {3.1f, 0.1f}, 1);
}

TEST(MaxPoolArgmax, PlacesCountThePadding) {
  Outputs y = pool(window({same, 1, 1, 3, 1, relu6}), {1, 1, 2, 1}, {8, 3});
  expect_output<float>(y, {1, 1, 2, 1}, {6, 6});
  expect_output<float>(y, {1, 1, 2, 1}, {1.1f, 0.1f}, 1);
}

TEST(MaxPoolArgmax, WhatIsNoNumberIsNoMaximum) {
  Outputs y = pool(window({valid, 2, 1, 2, 1, 0}), {1, 1, 4, 1}, {nan, 3, nan, nan});
  expect_output<float>(y, {1, 1, 2, 1}, {3, std::numeric_limits<float>::lowest()});
  expect_output<float>(y, {1, 1, 2, 1}, {1.1f, 0.1f}, 1);
}

TEST(MaxPoolArgmax, RejectsOptionsThatAreNotItsStruct) {
  const auto refused = [](std::vector<int32_t> numbers, std::string_view words) {
    expect_problem(pool(window(std::move(numbers)), {1, 1, 2, 1}, {1, 2}), words);
  };
  refused({1, 1, 1, 1, 1}, "needs options of 24 bytes or more, got 20");
  refused({0, 1, 1, 1, 1, 0}, "unknown padding 0");
  refused({1, 0, 1, 1, 1, 0}, "needs strides and filters of 1 or more");
  refused({1, 1, 1, -1, 1, 0}, "needs strides and filters of 1 or more");
  refused({1, 1, 1, 1, 1, 4}, "has the activation 4");
  refused({2, 1, 1, 3, 1, 0}, "does not fit");
  expect_problem(pool(window({1, 1, 1, 1, 1, 0}), {2}, {1, 2}), "needs data of rank 4");
}

Outputs unpool(Attributes attributes, std::vector<float> maxima, std::vector<float> places) {
  const auto count = static_cast<int64_t>(places.size());
  return run_op(op::max_unpooling, std::move(attributes),
                {fed<float>({1, 1, 2, 1}, std::move(maxima)),
                 fed<float>({1, 1, count, 1}, std::move(places))},
                {declared(DType::f32)});
}

TEST(MaxUnpooling, PutsMaximaBackWhereTheyStood) {
  Outputs y = unpool(window({valid, 2, 2, 2, 2, 0}), {9, 2}, {3.1f, 0.1f});
  expect_output<float>(y, {1, 2, 4, 1}, {0, 0, 2, 0, 0, 9, 0, 0});
}

TEST(MaxUnpooling, OverlappingWindowsBeginInThePadding) {
  // Two windows of 3, 5 apart, reach over 8 of 6 pixels: the first begins one before the image.
  Outputs y = unpool(window({same, 5, 1, 3, 1, 0}), {9, 2}, {1.1f, 0.1f});
  expect_output<float>(y, {1, 1, 6, 1}, {9, 0, 0, 0, 2, 0});
}

TEST(MaxUnpooling, LeavesOutPlacesOutsideTheImage) {
  for (float place : {-1.0f, 4.1f, 1e9f, 1e20f, -1e20f, nan, HUGE_VALF}) {
    Outputs y = unpool(window({valid, 2, 2, 2, 2, 0}), {9, 2}, {place, 0.1f});
    expect_output<float>(y, {1, 2, 4, 1}, {0, 0, 2, 0, 0, 0, 0, 0});
  }
}

TEST(MaxUnpooling, RejectsOtherPlacesAndSizesThatOverflow) {
  expect_problem(unpool(window({valid, 2, 2, 2, 2, 0}), {9, 2}, {0}), "needs one place for each");
  EXPECT_FALSE(unpool(window({valid, 1, 1, 0x7fffffff, 0x7fffffff, 0}), {9, 2}, {0, 0}));
}

}  // namespace
}  // namespace wherry
