// Products of a weight matrix, float or int8, with float vectors.
#pragma once

#include "ops/context.h"
#include "ops/hybrid.h"

namespace wherry::recurrent {

/// Weights [rows, columns]: floats, or bytes with one scale and zero point 0.
struct Matrix {
  const float* floats = nullptr;
  const int8_t* bytes = nullptr;
  float scale = 0;
  int64_t rows = 0, columns = 0;
  explicit operator bool() const { return floats || bytes; }
  /// The matrix in input i; none when absent (i may be -1). u8 weights count as their int8 bytes.
  static Matrix of(const Call& call, int i);
};

/// A float vector, and its int8 form where it meets int8 matrices.
class QuantizedVector {
 public:
  QuantizedVector(bool quantize, bool asymmetric) : quantize_(quantize), asymmetric_(asymmetric) {}
  void set(std::span<const float> elements);
  /// y[row] += matrix[row] . vector. The matrix must have as many columns as the vector elements.
  void multiply_add(const Matrix& matrix, float* y) const;

 private:
  bool quantize_, asymmetric_;
  std::span<const float> floats_;
  std::vector<int8_t> bytes_;
  RowScale scale_;
};

/// The elements of a vector input as floats: int8 ones times their scale. Empty when absent.
std::vector<float> real_vector(const Call& call, int i);

}  // namespace wherry::recurrent
