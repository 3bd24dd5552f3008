// Repeatable random numbers for kernel tests and benchmarks.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace wherry::kernels {

class TestData {
 public:
  explicit TestData(uint32_t seed) : engine_(seed) {}

  size_t number(size_t low, size_t high) {
    return std::uniform_int_distribution<size_t>(low, high)(engine_);
  }
  std::vector<float> floats(size_t count, float low = -1, float high = 1) {
    return fill<float>(count, std::uniform_real_distribution<float>(low, high));
  }
  template <class T>
  std::vector<T> integers(size_t count, int low, int high) {
    return fill<T>(count, std::uniform_int_distribution<int>(low, high));
  }

 private:
  template <class T, class Distribution>
  std::vector<T> fill(size_t count, Distribution distribution) {
    std::vector<T> values(count);
    for (T& value : values) value = static_cast<T>(distribution(engine_));
    return values;
  }
  std::mt19937 engine_;
};

}  // namespace wherry::kernels
