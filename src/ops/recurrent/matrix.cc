// Float and int8 matrix-vector products, in plain loops.
#include "ops/recurrent/matrix.h"

namespace wherry::recurrent {

Matrix Matrix::of(const Call& call, int i) {
  if (i < 0 || !call.has_input(i)) return {};
  const TensorView& view = call.input(i);
  Matrix result{.rows = view.shape()[0], .columns = view.shape().rank() > 1 ? view.shape()[1] : 1};
  if (view.dtype() == DType::f32) {
    result.floats = view.as<const float>();
  } else {
    result.bytes = view.as<const int8_t>();
    result.scale = view.type->scale();
  }
  return result;
}

void QuantizedVector::set(std::span<const float> elements) {
  floats_ = elements;
  if (!quantize_) return;
  bytes_.resize(elements.size());
  scale_ = asymmetric_ ? quantize_asymmetric(elements, bytes_.data())
                       : quantize_symmetric(elements, bytes_.data());
}

void QuantizedVector::multiply_add(const Matrix& matrix, float* y) const {
  for (int64_t row = 0; row < matrix.rows; ++row) {
    if (matrix.floats) {
      const float* weights = matrix.floats + row * matrix.columns;
      float sum = 0;
      for (size_t i = 0; i < floats_.size(); ++i) sum += weights[i] * floats_[i];
      y[row] += sum;
    } else {
      const int8_t* weights = matrix.bytes + row * matrix.columns;
      uint32_t sum = 0;
      for (size_t i = 0; i < bytes_.size(); ++i)
        sum += static_cast<uint32_t>(weights[i] * (bytes_[i] - scale_.zero_point));
      y[row] += static_cast<float>(static_cast<int32_t>(sum)) * (matrix.scale * scale_.scale);
    }
  }
}

std::vector<float> real_vector(const Call& call, int i) {
  if (i < 0 || !call.has_input(i)) return {};
  const TensorView& view = call.input(i);
  std::vector<float> result(static_cast<size_t>(view.elements()));
  for (size_t k = 0; k < result.size(); ++k) {
    result[k] = view.dtype() == DType::f32
                    ? view.as<const float>()[k]
                    : view.type->scale() * static_cast<float>(view.as<const int8_t>()[k]);
  }
  return result;
}

}  // namespace wherry::recurrent
