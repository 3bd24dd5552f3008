// A small pool that spreads the tasks of one loop over a few threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace wherry {

/// `threads - 1` workers and the caller. Workers wait for the next loop by spinning a short while,
/// then sleep. A task must not depend on which thread runs it nor on what other tasks of the loop
/// do; then results do not depend on the number of threads.
class ThreadPool {
 public:
  /// `thread` is below threads(): for scratch memory that each thread has for itself.
  using Task = void(void* context, size_t task, size_t thread);

  /// Where the system refuses a thread, the pool is smaller than asked.
  explicit ThreadPool(size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  size_t threads() const { return workers_.size() + 1; }

  /// Runs task(context, i, thread) for every i below `tasks` and returns when all are done.
  /// One caller at a time; never from inside a task. Allocates nothing.
  void parallel_for(size_t tasks, Task* task, void* context);

 private:
  void work(size_t thread);
  bool run_one(size_t thread);

  // Written by the caller before it publishes a ticket, constant until all tasks are done.
  Task* task_ = nullptr;
  void* context_ = nullptr;
  uint32_t tasks_ = 0;
  // Generation of the loop in the high half, tasks not yet taken in the low half.
  alignas(64) std::atomic<uint64_t> ticket_{0};
  alignas(64) std::atomic<uint32_t> finished_{0};
  alignas(64) std::atomic<uint32_t> wake_{0};
  std::atomic<uint32_t> sleepers_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> workers_;
};

/// parallel_for with a callable: body(task, thread).
template <class Body>
void parallel_for(ThreadPool& pool, size_t tasks, Body&& body) {
  pool.parallel_for(
      tasks,
      [](void* context, size_t task, size_t thread) {
        (*static_cast<std::remove_reference_t<Body>*>(context))(task, thread);
      },
      &body);
}

}  // namespace wherry
