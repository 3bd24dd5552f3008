// Tests of the arena: soundness, and closeness to the peak over many random sets of lifetimes.
#include "runtime/memory_plan.h"

#include <gtest/gtest.h>

#include <random>

namespace wherry {
namespace {

TEST(MemoryPlan, PeakIsTheMostThatIsLiveAtOnce) {
  std::vector<MemoryBlock> blocks = {{64, 0, 1}, {128, 1, 2}, {64, 2, 3}};
  MemoryPeak peak = peak_of(blocks);
  EXPECT_EQ(peak.bytes, 192);
  EXPECT_EQ(peak.time, 1);
}

TEST(MemoryPlan, AChainAlternatesBetweenTwoPlaces) {
  std::vector<MemoryBlock> blocks;
  for (int i = 0; i < 10; ++i) blocks.push_back({1000, i, i + 1});
  EXPECT_EQ(place(blocks), 2048);
  EXPECT_TRUE(conflicts_of(blocks).empty());
}

TEST(MemoryPlan, BlocksPlacedBeforeStayWhereTheyAre) {
  std::vector<MemoryBlock> blocks = {{64, 0, 9, 128}, {128, 0, 3}, {64, 2, 5}};
  EXPECT_EQ(place(blocks), 256);
  EXPECT_EQ(blocks[0].offset, 128);
  EXPECT_EQ(blocks[1].offset, 0);
  EXPECT_EQ(blocks[2].offset, 192);
}

TEST(MemoryPlan, EmptyBlocksAndNoBlocksNeedNothing) {
  std::vector<MemoryBlock> blocks = {{0, 0, 3}, {0, 1, 2}};
  EXPECT_EQ(place(blocks), 0);
  EXPECT_EQ(place({}), 0);
}

TEST(MemoryPlan, ThousandsOfBlocksAreStillShared) {
  std::vector<MemoryBlock> blocks;
  for (int i = 0; i < 6000; ++i) blocks.push_back({1024, i, i + 1});
  EXPECT_EQ(place(blocks), 2048);
}

TEST(MemoryPlan, ConflictsAreFound) {
  std::vector<MemoryBlock> blocks = {{64, 0, 2, 0}, {64, 2, 3, 0}, {64, 3, 4, 0}};
  auto conflicts = conflicts_of(blocks);
  ASSERT_EQ(conflicts.size(), 2u);
  EXPECT_EQ(conflicts[0].a, 0u);
  EXPECT_EQ(conflicts[0].b, 1u);
}

/// A network as a random graph: each step makes a tensor that is read soon, now and then late.
std::vector<MemoryBlock> random_network(std::mt19937& random) {
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  std::vector<MemoryBlock> blocks;
  int steps = 2 + below(120), late = 1 + below(12);
  for (int t = 0; t < steps; ++t) {
    int64_t size = int64_t{1} << below(20);
    if (below(2)) size += below(static_cast<int>(size));
    int life = below(late) == 0 ? 1 + below(steps) : 1 + below(2);
    blocks.push_back({size, t, std::min(steps, t + life)});
    if (below(5) == 0) blocks.push_back({1 + below(300000), t, t});
  }
  return blocks;
}

/// Lifetimes and sizes without any structure.
std::vector<MemoryBlock> random_intervals(std::mt19937& random) {
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  std::vector<MemoryBlock> blocks;
  int count = 1 + below(100), times = 1 + below(60), largest = 64 << below(16);
  for (int i = 0; i < count; ++i) {
    int first = below(times);
    blocks.push_back({1 + below(largest), first, first + below(times - first)});
  }
  return blocks;
}

struct Tally {
  int sets = 0, above = 0;
  double worst = 1;
};

template <class Make>
Tally tally(Make make, int sets) {
  Tally result;
  for (int seed = 0; seed < sets; ++seed) {
    std::mt19937 random(static_cast<uint32_t>(seed));
    std::vector<MemoryBlock> blocks = make(random);
    int64_t peak = peak_of(blocks).bytes, size = place(blocks);
    EXPECT_TRUE(conflicts_of(blocks).empty()) << "seed " << seed;
    double ratio = static_cast<double>(size) / static_cast<double>(peak);
    result.sets += 1;
    result.above += ratio > 1.05;
    result.worst = std::max(result.worst, ratio);
  }
  return result;
}

TEST(MemoryPlan, NetworksStayWithinFivePercentOfThePeak) {
  Tally networks = tally(random_network, 120);
  EXPECT_EQ(networks.above, 0) << "worst " << networks.worst;
}

TEST(MemoryPlan, RandomIntervalsStayWithinFivePercentOfThePeak) {
  Tally intervals = tally(random_intervals, 120);
  EXPECT_EQ(intervals.above, 0) << "worst " << intervals.worst;
}

TEST(MemoryPlan, IsNotImprovedOnceItFitsTheMemoryAtHand) {
  int larger = 0;
  for (uint32_t seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    std::vector<MemoryBlock> blocks = random_network(random), searched = blocks;
    int64_t at_hand = 2 * peak_of(blocks).bytes, size = place(blocks, at_hand);
    EXPECT_LE(size, at_hand) << "seed " << seed;
    EXPECT_TRUE(conflicts_of(blocks).empty()) << "seed " << seed;
    larger += size > place(searched);
  }
  EXPECT_GT(larger, 0);
}

}  // namespace
}  // namespace wherry
