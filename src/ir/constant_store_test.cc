// Constants go to memory first, beyond its limit to the file, and are the same bytes in both.
#include "ir/constant_store.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace wherry {
namespace {

constexpr size_t size = 80 << 10;

void fill_with_sevens(size_t, std::span<std::byte> part) {
  std::fill(part.begin(), part.end(), std::byte{7});
}

bool holds_sevens(const Constant& constant) {
  std::span<const std::byte> bytes = constant.bytes();
  return bytes.size() == size && std::count(bytes.begin(), bytes.end(), std::byte{7}) == size;
}

ConstantStore store_with(size_t limit_bytes) {
  return ConstantStore(ScratchMemory(limit_bytes), ScratchFile::create(testing::TempDir()).value());
}

TEST(ConstantStore, FillsMemoryBeforeTheFile) {
  ConstantStore store = store_with(size + size / 2);
  Constant first = store.make(size, 1, fill_with_sevens);
  Constant second = store.make(size, 1, fill_with_sevens);
  EXPECT_TRUE(holds_sevens(first));
  EXPECT_TRUE(holds_sevens(second));
  EXPECT_FALSE(is_mapped(first.owner()));
  EXPECT_TRUE(is_mapped(second.owner()));
  first = Constant();
  EXPECT_FALSE(is_mapped(store.make(size, 1, fill_with_sevens).owner()));  // room again
}

TEST(ConstantStore, KeepsInMemoryWhatIsThereWhileThereIsRoom) {
  ConstantStore store = store_with(size + size / 2);
  auto sevens = [] { return Constant::of(std::vector<std::byte>(size, std::byte{7})); };
  Constant first = sevens();
  const std::byte* place = first.bytes().data();
  first = store.keep(std::move(first));
  Constant second = store.keep(sevens());
  EXPECT_EQ(first.bytes().data(), place);
  EXPECT_TRUE(holds_sevens(first));
  EXPECT_TRUE(holds_sevens(second));
  EXPECT_TRUE(is_mapped(second.owner()));
}

TEST(ConstantStore, WithoutRoomIsMemory) {
  ConstantStore store;
  EXPECT_FALSE(store);
  EXPECT_TRUE(holds_sevens(store.make(size, 1, fill_with_sevens)));
}

}  // namespace
}  // namespace wherry
