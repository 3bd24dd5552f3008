// Fixed-point gates in plain C++.
#include "kernels/gates/gates_body.h"

namespace wherry::kernels::scalar {
namespace {

struct Words {
  using Word = int16_t;
  static constexpr size_t lanes = 1;

  static int16_t wrapped(int x) { return static_cast<int16_t>(static_cast<uint16_t>(x)); }
  static Word load(const int16_t* p) { return *p; }
  static Word load_first(const int16_t* p, size_t n) { return n ? *p : int16_t{0}; }
  static void store(int16_t* p, Word x) { *p = x; }
  static void store_first(int16_t* p, Word x, size_t n) {
    if (n) *p = x;
  }
  static Word set(int16_t x) { return x; }
  static Word add(Word a, Word b) { return wrapped(a + b); }
  static Word sub(Word a, Word b) { return wrapped(a - b); }
  static Word adds(Word a, Word b) {
    const int sum = a + b;
    return static_cast<int16_t>(sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum);
  }
  static Word times(Word a, Word b) { return wrapped((a * b + (1 << 14)) >> 15); }
  static Word and_words(Word a, Word b) { return wrapped(a & b); }
  static Word shift_right(Word x, int n) { return wrapped(x >> n); }
  static Word where_equal(Word a, Word b, Word yes, Word no) { return a == b ? yes : no; }
  static Word where_greater(Word a, Word b, Word yes, Word no) { return a > b ? yes : no; }
};

}  // namespace

const GatesKernel gates = make_gates<Words>();

}  // namespace wherry::kernels::scalar
