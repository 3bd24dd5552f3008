// Products with one vector in plain C++.
#include "kernels/gemv/gemv_body.h"
#include "kernels/simd/vec_scalar.h"

namespace wherry::kernels::scalar {
namespace {

struct Pairs {
  static constexpr size_t bytes = 1;
  static int32_t load(const int8_t* p) { return *p; }
  static int32_t load_first(const int8_t* p, size_t n) { return n ? *p : 0; }
  static int32_t dot(int32_t sum, int32_t a, int32_t b) {
    return static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(a * b));
  }
};

}  // namespace

const GemvKernel gemv = make_gemv<Wide, Pairs>();

}  // namespace wherry::kernels::scalar
