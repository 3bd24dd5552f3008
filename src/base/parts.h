// Cuts many bytes into parts that threads make at the same time.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <span>

#include "base/error.h"
#include "base/thread_pool.h"

namespace wherry {

/// Writes the bytes from `first` on into `part`; several threads call it at once, each for another
/// part.
using FillPart = std::function<void(size_t first, std::span<std::byte> part)>;

/// Of several threads that each may fail.
class FirstError {
 public:
  explicit operator bool() const { return failed_; }
  void note(Status status) {
    if (status || failed_.exchange(true)) return;
    status_ = std::move(status);
  }
  /// When all threads are done.
  Status status() && { return std::move(status_); }

 private:
  std::atomic<bool> failed_ = false;
  Status status_;
};

/// Parts of a few hundred kB where that is possible, each a whole multiple of `granule` bytes but
/// perhaps the last one.
class Parts {
 public:
  Parts(size_t size, size_t granule)
      : size_(size),
        part_bytes_(std::min(std::max(granule, usual_bytes / granule * granule), size)),
        count_(size == 0 ? 0 : (size - 1) / part_bytes_ + 1) {}

  size_t largest() const { return part_bytes_; }
  /// So many of `threads` that each has enough to do, and that the parts made at the same time stay
  /// small together.
  size_t useful_threads(size_t threads) const {
    if (count_ == 0) return 1;
    size_t useful = std::min(count_ / least_of_thread, most_bytes_at_once / part_bytes_);
    return std::clamp<size_t>(threads, 1, std::max<size_t>(useful, 1));
  }
  /// Calls body(first, size, thread) for every part, with useful_threads(threads) of them at most.
  template <class Body>
  void spread(size_t threads, Body&& body) const {
    ThreadPool pool(useful_threads(threads));
    parallel_for(pool, count_, [&](size_t i, size_t thread) {
      body(i * part_bytes_, std::min(part_bytes_, size_ - i * part_bytes_), thread);
    });
  }

 private:
  static constexpr size_t usual_bytes = 256 << 10;
  /// A thread is not worth its start for fewer parts.
  static constexpr size_t least_of_thread = 4;
  static constexpr size_t most_bytes_at_once = 16 << 20;

  size_t size_, part_bytes_, count_;
};

}  // namespace wherry
