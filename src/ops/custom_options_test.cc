// Tests of FlexBuffer options, written by the flatbuffers library.
#include "ops/custom_options.h"

#include <flatbuffers/flexbuffers.h>
#include <gtest/gtest.h>

namespace wherry {
namespace {

std::vector<uint8_t> sample() {
  flexbuffers::Builder builder;
  builder.Map([&] {
    builder.Int("small", -7);
    builder.Int("large", 1 << 20);
    builder.UInt("unsigned", 200);
    builder.Float("half", 0.5f);
    builder.Double("third", 1.0 / 3);
    builder.Bool("yes", true);
    builder.String("text", "SAME");
    builder.IndirectInt("indirect", 99);
    builder.Vector("mixed", [&] {
      builder.Int(3);
      builder.UInt(4);
    });
    builder.TypedVector("typed", [&] {
      for (int i : {1, -2, 300}) builder.Int(i);
    });
    const int32_t two[] = {5, 6};
    builder.FixedTypedVector("fixed", two, 2);
  });
  builder.Finish();
  return builder.GetBuffer();
}

TEST(CustomOptions, ReadsNumbersTextsAndLists) {
  CustomOptions options = CustomOptions::read(sample(), "Op").value();
  EXPECT_EQ(options.integer("small").value(), -7);
  EXPECT_EQ(options.integer("large").value(), 1 << 20);
  EXPECT_EQ(options.integer("unsigned").value(), 200);
  EXPECT_EQ(options.real("half").value(), 0.5);
  EXPECT_EQ(options.real("third").value(), 1.0 / 3);
  EXPECT_TRUE(options.boolean("yes").value());
  EXPECT_EQ(options.text("text").value(), "SAME");
  EXPECT_EQ(options.integer("indirect").value(), 99);
  EXPECT_EQ(options.integers("mixed").value(), (std::vector<int64_t>{3, 4}));
  EXPECT_EQ(options.integers("typed").value(), (std::vector<int64_t>{1, -2, 300}));
  EXPECT_EQ(options.integers("fixed").value(), (std::vector<int64_t>{5, 6}));
  EXPECT_EQ(options.integer("absent", 4).value(), 4);
}

TEST(CustomOptions, RejectsMissingNamesAndOtherKinds) {
  CustomOptions options = CustomOptions::read(sample(), "Op").value();
  EXPECT_FALSE(options.integer("absent"));
  EXPECT_FALSE(options.integer("text"));
  EXPECT_FALSE(options.text("small"));
  EXPECT_FALSE(options.real("text", 1.0));
}

TEST(CustomOptions, DamagedBytesAreAnErrorOrReadInside) {
  const std::vector<uint8_t> whole = sample();
  for (size_t size = 1; size < whole.size(); ++size)
    (void)CustomOptions::read(std::span(whole).subspan(0, size), "Op");
  for (size_t at = 0; at < whole.size(); ++at) {
    for (uint8_t bits : {0x01, 0x10, 0x80, 0xff}) {
      std::vector<uint8_t> damaged = whole;
      damaged[at] = static_cast<uint8_t>(damaged[at] ^ bits);
      (void)CustomOptions::read(damaged, "Op");
    }
  }
  EXPECT_FALSE(CustomOptions::read(std::vector<uint8_t>{1, 2}, "Op"));
}

}  // namespace
}  // namespace wherry
