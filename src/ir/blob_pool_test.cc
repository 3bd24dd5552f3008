// Equal bytes are found, also among constants that look alike at a glance.
#include "ir/blob_pool.h"

#include <gtest/gtest.h>

namespace wherry {
namespace {

/// Many bytes, one of which is another one.
Constant constant(size_t size, size_t place, uint8_t value) {
  std::vector<uint8_t> bytes(size, 7);
  bytes[place] = value;
  return Constant::of(std::move(bytes));
}

TEST(BlobPool, NumbersConstantsFromOneAndNothingByZero) {
  BlobPool pool;
  EXPECT_EQ(pool.index_of(Constant()), 0u);
  EXPECT_EQ(pool.index_of(constant(8, 0, 1)), 1u);
  EXPECT_EQ(pool.index_of(constant(9, 0, 1)), 2u);
  EXPECT_EQ(pool.index_of(constant(8, 0, 1)), 1u);
  EXPECT_EQ(pool.blobs().size(), 2u);
}

TEST(BlobPool, TellsLargeConstantsApartWhereverTheyDiffer) {
  constexpr size_t size = 100003;
  BlobPool pool;
  std::vector<Constant> all;
  for (size_t place = 0; place < size; place += 997) all.push_back(constant(size, place, 1));
  for (uint32_t i = 0; i < all.size(); ++i) EXPECT_EQ(pool.index_of(all[i]), i + 1);
  for (uint32_t i = 0; i < all.size(); ++i) EXPECT_EQ(pool.index_of(all[i]), i + 1);
  EXPECT_EQ(pool.blobs().size(), all.size());
}

}  // namespace
}  // namespace wherry
