// Buffers that come back are lent again, and no more are kept than were needed at the same time.
#include "base/buffer_pool.h"

#include <gtest/gtest.h>

namespace wherry {
namespace {

TEST(BufferPool, LendsTheSmallestThatIsLargeEnough) {
  BufferPool pool;
  auto small = pool.lend(1'000), large = pool.lend(50'000);
  const std::byte *of_small = small->data(), *of_large = large->data();
  small.reset(), large.reset();
  EXPECT_EQ(pool.lend(900)->data(), of_small);
  EXPECT_EQ(pool.lend(1'001)->data(), of_large);
  EXPECT_GE(pool.lend(50'000)->size(), 50'000u);
}

TEST(BufferPool, WhatIsLentIsNotLentTwice) {
  BufferPool pool;
  auto first = pool.lend(100), second = pool.lend(100);
  EXPECT_NE(first->data(), second->data());
}

TEST(BufferPool, ALargerBufferTakesThePlaceOfASmallerOne) {
  BufferPool pool;
  for (size_t size = 1'000; size < 100'000; size += 1'000) pool.lend(size);
  auto largest = pool.lend(1), next = pool.lend(1);
  EXPECT_EQ(largest->size(), 99'000u);
  EXPECT_EQ(next->size(), 1u);
}

TEST(BufferPool, BuffersOutliveIt) {
  std::shared_ptr<const AlignedBuffer> buffer;
  {
    BufferPool pool;
    buffer = pool.lend(100);
  }
  buffer->data()[99] = std::byte{7};
  EXPECT_EQ(buffer->data()[99], std::byte{7});
}

}  // namespace
}  // namespace wherry
