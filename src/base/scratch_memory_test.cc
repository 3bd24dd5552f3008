// Bytes of scratch memory are what was filled in, within their limit.
#include "base/scratch_memory.h"

#include <gtest/gtest.h>

namespace wherry {
namespace {

void fill_with_places(size_t first, std::span<std::byte> part) {
  for (size_t i = 0; i < part.size(); ++i) part[i] = static_cast<std::byte>((first + i) * 7 / 3);
}

TEST(ScratchMemory, HoldsWhatThreadsFillIn) {
  for (size_t threads : {size_t{1}, size_t{4}}) {
    ScratchMemory memory(100'000'000, threads);
    for (size_t size : {size_t{1'000}, size_t{9'000'001}, size_t{40'000'000}}) {
      auto made = memory.make(size, size > 9'100'000 ? 5'000'000 : 12, fill_with_places);
      ASSERT_TRUE(made);
      std::vector<std::byte> expected(size);
      fill_with_places(0, expected);
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), made->bytes.begin()));
    }
  }
}

TEST(ScratchMemory, TakesNoMoreThanItsLimitAtATime) {
  ScratchMemory memory(1'000'000);
  auto first = memory.make(600'000, 1, fill_with_places);
  ASSERT_TRUE(first);
  EXPECT_FALSE(memory.make(400'001, 1, fill_with_places));
  EXPECT_TRUE(memory.make(400'000, 1, fill_with_places));  // gone at once
  first.reset();
  EXPECT_TRUE(memory.make(1'000'000, 1, fill_with_places));
}

TEST(ScratchMemory, CountsBytesThatOthersMade) {
  ScratchMemory memory(1'000'000);
  auto held = memory.hold(share(std::vector<std::byte>(900'000, std::byte{7})));
  ASSERT_TRUE(held);
  EXPECT_EQ(held->bytes.size(), 900'000u);
  EXPECT_EQ(held->bytes.back(), std::byte{7});
  EXPECT_FALSE(memory.make(200'000, 1, fill_with_places));
  EXPECT_FALSE(memory.hold(share(std::vector<std::byte>(200'000))));
  held.reset();
  EXPECT_TRUE(memory.make(200'000, 1, fill_with_places));
}

TEST(ScratchMemory, BytesOutliveIt) {
  std::optional<SharedBytes> made;
  {
    ScratchMemory memory(1'000'000);
    made = memory.make(100'000, 1, fill_with_places);
  }
  ASSERT_TRUE(made);
  drop_pages(made->owner, made->bytes);  // not a file: nothing may be lost
  EXPECT_EQ(made->bytes[99'999], static_cast<std::byte>(99'999 * 7 / 3));
}

#ifdef __linux__
TEST(ScratchMemory, TheSystemSaysHowMuchIsAvailable) {
  EXPECT_GT(available_memory(), size_t{1} << 20);
  EXPECT_LT(available_memory(), size_t{1} << 50);
}
#endif

}  // namespace
}  // namespace wherry
