// The first largest byte in plain C++.
#include "kernels/arg/arg_body.h"

namespace wherry::kernels::scalar {
namespace {

struct Bytes {
  using Vec = uint8_t;
  static constexpr size_t lanes = 1;
  static Vec load(const uint8_t* p) { return *p; }
  static Vec load_first(const uint8_t* p, size_t) { return *p; }
  static Vec keep_first(Vec x, size_t) { return x; }
  static Vec set(uint8_t x) { return x; }
  static Vec flip(Vec a, Vec b) { return static_cast<Vec>(a ^ b); }
  static Vec max(Vec a, Vec b) { return a > b ? a : b; }
  static uint8_t largest(Vec x) { return x; }
  static uint64_t equal(Vec a, Vec b) { return a == b; }
};

}  // namespace

void first_largest(const FirstLargest& f) { FirstLargestBody<Bytes>::run(f); }

}  // namespace wherry::kernels::scalar
