// How the work of a step is cut into tasks for the thread pool.
#pragma once

#include <algorithm>

#include "base/thread_pool.h"

namespace wherry {

/// Tasks worth having for that much work, given in vector instructions or so: one for each thread,
/// but fewer when a task would be shorter than waking a thread.
inline size_t tasks_for(size_t threads, size_t work) {
  constexpr size_t least_work = 20000;  // about 5 microseconds
  return std::clamp<size_t>(work / least_work, 1, std::max<size_t>(threads, 1));
}

/// Calls body(begin, end, thread) for `tasks` consecutive parts of 0..count whose limits are
/// multiples of `grain`. The parts depend on `tasks` alone.
template <class Body>
void split_work(ThreadPool& pool, size_t tasks, size_t count, size_t grain, Body body) {
  const size_t grains = (count + grain - 1) / grain;
  tasks = std::min(tasks, grains);
  if (tasks <= 1) {
    if (count > 0) body(size_t{0}, count, size_t{0});
    return;
  }
  parallel_for(pool, tasks, [&](size_t task, size_t thread) {
    const size_t begin = grains * task / tasks * grain;
    const size_t end = std::min(grains * (task + 1) / tasks * grain, count);
    body(begin, end, thread);
  });
}

}  // namespace wherry
