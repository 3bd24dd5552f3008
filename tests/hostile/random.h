// Reproducible random numbers for the hostile tests: a seed names a case for good.
#pragma once

#include <cstdint>

namespace wherry::hostile {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 0x1234567) {}
  uint64_t bits() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1d;
  }
  /// In [0, count).
  uint64_t below(uint64_t count) { return bits() % count; }
  bool chance(uint64_t one_in) { return below(one_in) == 0; }
  /// Numbers that sizes, axes and indices go wrong at.
  int64_t awkward() {
    constexpr int64_t numbers[] = {0,
                                   1,
                                   -1,
                                   2,
                                   3,
                                   -2,
                                   7,
                                   8,
                                   16,
                                   127,
                                   128,
                                   255,
                                   256,
                                   1000,
                                   65535,
                                   65536,
                                   INT32_MAX,
                                   INT32_MIN,
                                   INT32_MAX - 1,
                                   int64_t{1} << 32,
                                   INT64_MAX,
                                   INT64_MIN};
    return numbers[below(sizeof numbers / sizeof numbers[0])];
  }

 private:
  uint64_t state_;
};

}  // namespace wherry::hostile
