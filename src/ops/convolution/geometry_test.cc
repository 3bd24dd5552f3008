// Tests of sliding windows.
#include "ops/convolution/geometry.h"

#include <gtest/gtest.h>

namespace wherry {
namespace {

SlidingAxis axis(int64_t input, Slide slide, Padding padding) {
  return sliding_axis("width", input, slide, padding).value();
}

TEST(SlidingAxis, SamePaddingPutsTheOddElementBehind) {
  SlidingAxis a = axis(5, {2, 1, 1}, Padding::same);
  EXPECT_EQ(a.output, 5);
  EXPECT_EQ(a.before, 0);
  EXPECT_EQ(a.after, 1);
}

TEST(SlidingAxis, SamePaddingDividesTheInputByTheStrideRoundedUp) {
  SlidingAxis a = axis(5, {3, 2, 1}, Padding::same);
  EXPECT_EQ(a.output, 3);
  EXPECT_EQ(a.before, 1);
  EXPECT_EQ(a.after, 1);
}

TEST(SlidingAxis, DilationWidensTheWindow) {
  SlidingAxis a = axis(7, {3, 1, 2}, Padding::valid);  // reaches over 5 elements
  EXPECT_EQ(a.output, 3);
  EXPECT_EQ(axis(7, {3, 1, 2}, Padding::same).before, 2);
}

TEST(SlidingAxis, TapsOnThePaddingDoNotCount) {
  SlidingAxis a = axis(3, {3, 1, 2}, Padding::same);  // elements -2, 0, 2 | -1, 1, 3 | 0, 2, 4
  EXPECT_EQ(a.taps(0).first, 1);
  EXPECT_EQ(a.taps(0).last, 3);
  EXPECT_EQ(a.taps(1).first, 1);
  EXPECT_EQ(a.taps(1).last, 2);
  EXPECT_EQ(a.taps(2).first, 0);
  EXPECT_EQ(a.taps(2).last, 2);
}

TEST(SlidingAxis, PositionOfIsTheReverseOfTheWindow) {
  SlidingAxis a = axis(6, {3, 2, 1}, Padding::valid);  // positions 0, 1 over elements 0-2, 2-4
  EXPECT_EQ(a.position_of(2, 0), 1);
  EXPECT_EQ(a.position_of(2, 2), 0);
  EXPECT_EQ(a.position_of(3, 0), -1);
}

TEST(SlidingAxis, RejectsStridesDilationsAndFiltersBelowOne) {
  EXPECT_FALSE(sliding_axis("width", 4, {1, 0, 1}, Padding::same));
  EXPECT_FALSE(sliding_axis("width", 4, {1, 1, 0}, Padding::same));
  EXPECT_FALSE(sliding_axis("width", 4, {0, 1, 1}, Padding::same));
  EXPECT_FALSE(sliding_axis("width", 4, {5, 1, 1}, Padding::valid));
  EXPECT_FALSE(sliding_axis("width", 4, {int64_t{1} << 40, 1, int64_t{1} << 30}, Padding::same));
}

}  // namespace
}  // namespace wherry
