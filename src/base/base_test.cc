// Tests of text, half, checked sizes and files.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/checked.h"
#include "base/half.h"
#include "base/halves.h"
#include "base/mapped_file.h"

namespace wherry {
namespace {

TEST(Half, EveryHalfSurvivesTheWayToFloatAndBack) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    float value = half_to_float(static_cast<uint16_t>(bits));
    if (std::isnan(value)) continue;
    EXPECT_EQ(float_to_half(value), bits);
  }
}

TEST(Half, RoundsTiesToEvenAndOverflowsToInfinity) {
  EXPECT_EQ(half_to_float(float_to_half(2049.0f)), 2048.0f);
  EXPECT_EQ(half_to_float(float_to_half(2051.0f)), 2052.0f);
  EXPECT_EQ(half_to_float(float_to_half(65519.0f)), 65504.0f);
  EXPECT_TRUE(std::isinf(half_to_float(float_to_half(65520.0f))));
  EXPECT_EQ(float_to_half(0x1p-25f), 0);
  EXPECT_EQ(float_to_half(0x1.8p-25f), 1);
}

TEST(Half, ManyAtOnceAreConvertedAsOne) {
  // A piece of every exponent and both signs, one byte further than floats may stand.
  std::vector<uint32_t> floats;
  for (uint64_t bits = 0; bits < uint64_t{1} << 32; bits += 99991)
    floats.push_back(static_cast<uint32_t>(bits));
  std::vector<std::byte> from(4 * floats.size() + 1), to(2 * floats.size() + 1), back(from.size());
  std::memcpy(from.data() + 1, floats.data(), 4 * floats.size());
  EXPECT_FALSE(floats_to_halves(std::span(from).subspan(1), std::span(to).subspan(1)));
  halves_to_floats(std::span(to).subspan(1), std::span(back).subspan(1));
  for (size_t i = 0; i < floats.size(); ++i) {
    uint16_t half;
    uint32_t widened;
    std::memcpy(&half, to.data() + 1 + 2 * i, 2);
    std::memcpy(&widened, back.data() + 1 + 4 * i, 4);
    ASSERT_EQ(half, float_to_half(std::bit_cast<float>(floats[i]))) << floats[i];
    ASSERT_EQ(widened, std::bit_cast<uint32_t>(half_to_float(half))) << half;
  }
}

TEST(Half, OnlyFiniteFloatsAreLostToInfinity) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (size_t place : {0, 15, 16, 17}) {
    std::vector<float> floats(18, 65504.0f);
    std::vector<uint16_t> halves(18);
    floats[place] = -infinity;
    EXPECT_TRUE(floats_to_halves(std::as_bytes(std::span(floats)),
                                 std::as_writable_bytes(std::span(halves))));
    EXPECT_EQ(halves[place], 0xfc00);
    floats[place] = -65520.0f;
    EXPECT_FALSE(floats_to_halves(std::as_bytes(std::span(floats)),
                                  std::as_writable_bytes(std::span(halves))));
  }
}

TEST(Bfloat16, RoundsTiesToEven) {
  EXPECT_EQ(bfloat16_to_float(float_to_bfloat16(0x1.01p0f)), 1.0f);
  EXPECT_EQ(bfloat16_to_float(float_to_bfloat16(0x1.03p0f)), 0x1.04p0f);
}

TEST(Checked, OverflowIsAnError) {
  EXPECT_FALSE(checked_multiply(int64_t{1} << 40, int64_t{1} << 40));
  EXPECT_EQ(*checked_multiply(6, 7), 42);
  EXPECT_FALSE(fits(10, 7, 16));
  EXPECT_TRUE(fits(10, 6, 16));
}

TEST(Text, JoinsNumbersAndRanges) {
  EXPECT_EQ(cat("a", 1, ' ', 2.5, " ", std::vector<int>{1, 2}), "a1 2.5 [1, 2]");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(12345), "12.3 kB");
}

TEST(Text, NearestFindsATypingError) {
  EXPECT_EQ(nearest("CONV_2", {"CONV_2D", "SOFTMAX"}), "CONV_2D");
  EXPECT_EQ(nearest("zzz", {"CONV_2D", "SOFTMAX"}), "");
}

TEST(MappedFile, ReadsBackWhatWasWritten) {
  std::string path = testing::TempDir() + "wherry_mapped_file_" + std::to_string(::getpid());
  std::string text = "some bytes";
  ASSERT_TRUE(write_file(path, std::as_bytes(std::span(text))));
  auto file = map_file(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(std::memcmp(file->bytes.data(), text.data(), text.size()), 0);
  std::remove(path.c_str());
}

TEST(MappedFile, MissingFileNamesThePath) {
  auto file = map_file("/nowhere/model.tflite");
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().text().find("/nowhere/model.tflite"), std::string::npos);
}

}  // namespace
}  // namespace wherry
