// Tests of the thread pool and of processor levels.
#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/cpu.h"

namespace wherry {
namespace {

TEST(ThreadPool, RunsEveryTaskExactlyOnceOverManyLoops) {
  for (size_t threads : {1, 2, 3, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    std::vector<std::atomic<int>> hits(97);
    for (size_t round = 0; round < 3000; ++round) {
      const size_t tasks = round % hits.size();
      parallel_for(pool, tasks, [&](size_t task, size_t thread) {
        EXPECT_LT(thread, threads);
        hits[task].fetch_add(1, std::memory_order_relaxed);
      });
      for (size_t i = 0; i < hits.size(); ++i)
        ASSERT_EQ(hits[i].exchange(0, std::memory_order_relaxed), i < tasks ? 1 : 0);
    }
  }
}

TEST(ThreadPool, WakesSleepingWorkers) {
  ThreadPool pool(2);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::atomic<int> met{0};
    // Each task waits for the other, so both threads are needed.
    parallel_for(pool, 2, [&](size_t, size_t) {
      met.fetch_add(1);
      while (met.load() < 2) std::this_thread::yield();
    });
    EXPECT_EQ(met.load(), 2);
  }
}

TEST(ThreadPool, WhatTasksWriteIsVisibleAfterTheLoop) {
  ThreadPool pool(3);
  std::vector<size_t> values(64);
  for (size_t round = 0; round < 2000; ++round) {
    parallel_for(pool, values.size(), [&](size_t task, size_t) { values[task] = round + task; });
    for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], round + i);
  }
}

TEST(Cpu, CapTakesLevelsAwayAndNeverAdds) {
  EXPECT_EQ(*cpu::capped("", cpu::vnni), cpu::vnni);
  EXPECT_EQ(*cpu::capped("scalar", cpu::vnni), cpu::none);
  EXPECT_EQ(*cpu::capped("avx2", cpu::vnni), cpu::avx2);
  EXPECT_EQ(*cpu::capped("amx", cpu::avx2), cpu::avx2);
}

TEST(Cpu, UnknownCapIsAnErrorThatListsTheLevels) {
  auto capped = cpu::capped("sse9", cpu::avx2);
  ASSERT_FALSE(capped);
  EXPECT_EQ(capped.error().received, "sse9");
  EXPECT_NE(capped.error().text().find("WHERRY_CPU=scalar, avx2"), std::string::npos);
}

TEST(Cpu, LevelsContainTheLevelsBelow) {
  EXPECT_TRUE(cpu::amx.has(cpu::vnni) && cpu::vnni.has(cpu::avx512) && cpu::avx512.has(cpu::avx2));
  EXPECT_FALSE(cpu::avx2.has(cpu::avx512));
  EXPECT_EQ(cpu::name(cpu::avx512), "avx512");
  EXPECT_TRUE(cpu::hardware().has(cpu::detect()));
}

}  // namespace
}  // namespace wherry
