// Cooley and Tukey's transform, radix 2, in double.
#include "ops/signal/fourier.h"

#include <numbers>
#include <utility>

#include "base/error.h"

namespace wherry::signal {

FourierTransform::FourierTransform(int64_t length, Direction direction) : length_(length) {
  CHECK(is_power_of_two(length));
  double sign = direction == Direction::forward ? -1 : 1;
  double turn = sign * 2 * std::numbers::pi / static_cast<double>(length);
  for (int64_t k = 0; k < length / 2; ++k)
    roots_.push_back(std::polar(1.0, turn * static_cast<double>(k)));
}

void FourierTransform::run(Complex* x) const {
  // Bit-reversed order first, so that each pass combines neighbouring blocks.
  for (int64_t i = 1, reversed = 0; i < length_; ++i) {
    int64_t bit = length_ >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(x[i], x[reversed]);
  }
  for (int64_t half = 1; half < length_; half *= 2) {
    int64_t stride = length_ / (2 * half);
    for (int64_t block = 0; block < length_; block += 2 * half) {
      for (int64_t k = 0; k < half; ++k) {
        const Complex &w = roots_[static_cast<size_t>(k * stride)], b = x[block + k + half];
        // Written out: std::complex's product looks for infinities.
        Complex turned(w.real() * b.real() - w.imag() * b.imag(),
                       w.real() * b.imag() + w.imag() * b.real());
        x[block + k + half] = x[block + k] - turned;
        x[block + k] += turned;
      }
    }
  }
}

}  // namespace wherry::signal
