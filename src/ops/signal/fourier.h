// The discrete Fourier transform of lengths that are powers of two.
#pragma once

#include <bit>
#include <complex>
#include <cstdint>
#include <vector>

namespace wherry::signal {

using Complex = std::complex<double>;

constexpr bool is_power_of_two(int64_t n) {
  return n > 0 && std::has_single_bit(static_cast<uint64_t>(n));
}

/// Transforms vectors of one length in place: X[k] = sum of x[n] exp(-2 pi i n k / length), or with
/// a positive exponent when inverse (not divided by the length).
class FourierTransform {
 public:
  enum class Direction : uint8_t { forward, inverse };
  /// `length` must be a power of two.
  FourierTransform(int64_t length, Direction direction);
  int64_t length() const { return length_; }
  void run(Complex* x) const;

 private:
  int64_t length_;
  std::vector<Complex> roots_;  ///< the first half of the roots of unity
};

}  // namespace wherry::signal
