// Deferred constants are the bytes that their recipe makes, whole or by part, as often as asked.
#include "ir/constant.h"

#include <gtest/gtest.h>

#include <cstring>
#include <mutex>

#include "ir/workshop.h"

namespace wherry {
namespace {

constexpr size_t size = 1'000'003;

std::byte byte_at(size_t place) { return static_cast<std::byte>(place * 7 / 3); }

std::vector<std::byte> whole() {
  std::vector<std::byte> bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = byte_at(i);
  return bytes;
}

BytesRecipe places(const std::shared_ptr<std::atomic<int>>& count = nullptr) {
  auto fill = [count](size_t first, std::span<std::byte> part) {
    if (count && first == 0) ++*count;
    for (size_t i = 0; i < part.size(); ++i) part[i] = byte_at(first + i);
  };
  return {.method = "places", .size = size, .granule = 12, .fill = fill};
}

/// Every byte of a source one larger.
Constant raised(const Workshop& workshop, const Constant& source, bool reads_all_over = false) {
  auto fill = [source, reads_all_over](size_t first, std::span<std::byte> part) {
    if (reads_all_over)
      std::memcpy(part.data(), source.at_hand().bytes().data() + first, part.size());
    else
      source.read(first, part);
    for (std::byte& byte : part) byte = static_cast<std::byte>(std::to_integer<int>(byte) + 1);
  };
  return workshop.defer({.method = "raised",
                         .size = source.size(),
                         .granule = source.granule(),
                         .fill = fill,
                         .sources = {source},
                         .reads_all_over = reads_all_over});
}

bool is_raised(std::span<const std::byte> bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (std::to_integer<uint8_t>(bytes[i]) !=
        static_cast<uint8_t>(std::to_integer<int>(byte_at(i)) + 1))
      return false;
  }
  return bytes.size() == size;
}

TEST(DeferredConstant, IsMadeAgainWhenNobodyHoldsIt) {
  auto count = std::make_shared<std::atomic<int>>(0);
  Constant constant = Workshop(2).defer(places(count));
  EXPECT_TRUE(constant.is_deferred());
  EXPECT_EQ(*count, 0);
  {
    Constant first = constant.at_hand(), second = constant.at_hand();
    EXPECT_EQ(first.bytes().data(), second.bytes().data());
    EXPECT_EQ(*count, 1);
    EXPECT_FALSE(first.is_deferred());
    std::vector<std::byte> expected = whole();
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), first.bytes().begin()));
  }
  constant.at_hand();
  EXPECT_EQ(*count, 2);
  EXPECT_EQ(constant.bytes().data(), constant.bytes().data());
  EXPECT_EQ(*count, 3);
  constant.at_hand();
  EXPECT_EQ(*count, 3);  // bytes() keeps it
}

TEST(DeferredConstant, SmallOnesAreMadeAtOnce) {
  BytesRecipe recipe = places();
  recipe.size = 1'000;
  Constant constant = Workshop().defer(recipe);
  EXPECT_FALSE(constant.is_deferred());
  EXPECT_EQ(constant.bytes()[999], byte_at(999));
}

TEST(Constant, PartsOfAnyThreadsAreTheWhole) {
  for (const Constant& constant : {Workshop().defer(places()), Constant::of(whole())}) {
    for (size_t threads : {size_t{1}, size_t{4}}) {
      std::vector<std::byte> got(size);
      std::mutex mutex;
      size_t next = 0, used = 0;
      bool in_order = true;
      Status status = constant.visit(threads, [&](size_t first, std::span<const std::byte> part) {
        std::lock_guard lock(mutex);
        in_order = in_order && first == next;
        next = first + part.size(), used += part.size();
        std::memcpy(got.data() + first, part.data(), part.size());
        return Status();
      });
      ASSERT_TRUE(status);
      EXPECT_EQ(used, size);
      EXPECT_EQ(got, whole());
      EXPECT_TRUE(in_order || threads > 1);
    }
  }
}

TEST(DeferredConstant, TheFirstErrorEndsAVisit) {
  Constant constant = Workshop(4).defer(places());
  std::atomic<int> calls = 0;
  Status status = constant.visit(1, [&](size_t, std::span<const std::byte>) -> Status {
    ++calls;
    return Error{.message = "no more"};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "no more");
  EXPECT_EQ(calls, 1);
}

TEST(DeferredConstant, IsMadeOfOthersByPartOrAllOver) {
  Workshop workshop(2);
  for (bool reads_all_over : {false, true}) {
    auto count = std::make_shared<std::atomic<int>>(0);
    Constant constant = raised(workshop, workshop.defer(places(count)), reads_all_over);
    EXPECT_TRUE(is_raised(constant.at_hand().bytes()));
    EXPECT_EQ(*count, 1);
    std::vector<std::byte> part(24);
    constant.read(24, part);
    EXPECT_EQ(std::to_integer<int>(part[0]), std::to_integer<int>(byte_at(24)) + 1);
  }
}

TEST(DeferredConstant, WhatIsReadAllOverIsMadeOnceForAllParts) {
  Workshop workshop(2);
  auto count = std::make_shared<std::atomic<int>>(0);
  Constant inner = raised(workshop, workshop.defer(places(count)), true);
  raised(workshop, inner).at_hand();
  EXPECT_EQ(*count, 1);
  EXPECT_TRUE(raised(workshop, inner).visit(2, [](auto, auto) { return Status(); }));
  EXPECT_EQ(*count, 2);
}

TEST(DeferredConstant, EqualsWhatIsMadeInTheSameWayOfEqualSources) {
  Workshop workshop;
  Constant first = raised(workshop, Constant::of(whole())),
           second = raised(workshop, Constant::of(whole()));
  EXPECT_EQ(first, second);
  std::vector<std::byte> other = whole();
  other.back() = std::byte{0};
  EXPECT_FALSE(first == raised(workshop, Constant::of(other)));
  BytesRecipe recipe = places();
  recipe.method = "something else";
  EXPECT_FALSE(workshop.defer(places()) == workshop.defer(recipe));
}

TEST(DeferredConstant, EqualsItsBytes) {
  Constant constant = Workshop().defer(places());
  EXPECT_EQ(constant, Constant::of(whole()));
  std::vector<std::byte> other = whole();
  other[500'000] = std::byte{0};
  EXPECT_FALSE(constant == Constant::of(other));
  EXPECT_FALSE(constant == Constant());
}

TEST(DeferredConstant, KnowsHowLargeItsNumbersCanBe) {
  Workshop workshop;
  Constant root = Constant::of(std::vector<float>(20'000, 3.0f));
  BytesRecipe recipe{.method = "m",
                     .size = root.size(),
                     .granule = 4,
                     .fill = [root](size_t first, std::span<std::byte> p) { root.read(first, p); },
                     .sources = {root},
                     .growth = 2.0f};
  Constant once = workshop.defer(recipe);
  recipe.sources = {once};
  std::optional<Constant::Bound> bound = workshop.defer(recipe).bound();
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->growth, 4.0f);
  EXPECT_EQ(bound->root, root);
  recipe.growth.reset();
  EXPECT_FALSE(workshop.defer(recipe).bound());
}

}  // namespace
}  // namespace wherry
