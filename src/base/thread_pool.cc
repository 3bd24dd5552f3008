// Hands out tasks by one atomic ticket; see thread_pool.h.
#include "base/thread_pool.h"

#include <chrono>
#include <system_error>

#include "base/error.h"

namespace wherry {
namespace {

inline void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Spins until `done` holds or the spinning time is over; says whether it holds.
template <class Done>
bool spin(Done done) {
  constexpr auto limit = std::chrono::microseconds(60);
  constexpr int pauses_between_clock_reads = 32;
  const auto start = std::chrono::steady_clock::now();
  do {
    for (int i = 0; i < pauses_between_clock_reads; ++i) {
      if (done()) return true;
      pause();
    }
  } while (std::chrono::steady_clock::now() - start < limit);
  return done();
}

constexpr uint64_t generation_step = uint64_t{1} << 32;
constexpr uint64_t remaining_mask = generation_step - 1;

}  // namespace

ThreadPool::ThreadPool(size_t threads) {
  if (threads <= 1) return;
  workers_.reserve(threads - 1);
  for (size_t i = 1; i < threads; ++i) {
    try {
      workers_.emplace_back([this, i] { work(i); });
    } catch (const std::system_error&) {
      break;
    }
  }
}

ThreadPool::~ThreadPool() {
  stop_.store(true);
  wake_.fetch_add(1);
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::parallel_for(size_t tasks, Task* task, void* context) {
  if (workers_.empty() || tasks <= 1) {
    for (size_t i = 0; i < tasks; ++i) task(context, i, 0);
    return;
  }
  CHECK(tasks <= remaining_mask);
  CHECK((ticket_.load(std::memory_order_relaxed) & remaining_mask) == 0);
  task_ = task;
  context_ = context;
  tasks_ = static_cast<uint32_t>(tasks);
  finished_.store(0, std::memory_order_relaxed);
  const uint64_t generation =
      (ticket_.load(std::memory_order_relaxed) & ~remaining_mask) + generation_step;
  ticket_.store(generation | tasks);
  if (sleepers_.load() > 0) {
    wake_.fetch_add(1);
    wake_.notify_all();
  }
  while (run_one(0)) {
  }
  const auto all_done = [&] { return finished_.load(std::memory_order_acquire) == tasks_; };
  while (!spin(all_done)) std::this_thread::yield();
}

// A ticket is only ever taken while its task is unfinished, so the caller cannot have returned and
// the loop's description cannot change under the thread that took it.
bool ThreadPool::run_one(size_t thread) {
  uint64_t ticket = ticket_.load(std::memory_order_acquire);
  do {
    if ((ticket & remaining_mask) == 0) return false;
  } while (!ticket_.compare_exchange_weak(ticket, ticket - 1, std::memory_order_acq_rel,
                                          std::memory_order_acquire));
  const size_t index = tasks_ - (ticket & remaining_mask);
  task_(context_, index, thread);
  finished_.fetch_add(1, std::memory_order_release);
  return true;
}

void ThreadPool::work(size_t thread) {
  const auto called = [&] {
    return (ticket_.load() & remaining_mask) != 0 || stop_.load(std::memory_order_relaxed);
  };
  while (!stop_.load()) {
    while (run_one(thread)) {
    }
    if (spin(called)) continue;
    const uint32_t seen = wake_.load();
    sleepers_.fetch_add(1);
    if (!called()) wake_.wait(seen);
    sleepers_.fetch_sub(1);
  }
}

}  // namespace wherry
