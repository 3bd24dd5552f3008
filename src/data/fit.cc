// Turns real numbers into tensors of a model's input type.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "data/dataset.h"
#include "ir/truth.h"

namespace wherry {
namespace {

template <class T>
T saturated(double value) {
  if (std::isnan(value)) return T{0};
  double low = static_cast<double>(std::numeric_limits<T>::min()),
         high = static_cast<double>(std::numeric_limits<T>::max());
  if (value <= low) return std::numeric_limits<T>::min();
  if (value >= high) return std::numeric_limits<T>::max();
  return static_cast<T>(value);
}

template <class T>
void store(const InputSpec& spec, std::span<const float> values, T* out) {
  float scale = spec.type.scale();
  for (size_t i = 0; i < values.size(); ++i) {
    if constexpr (std::is_integral_v<T>) {
      double value = spec.type.quantized() ? std::round(values[i] / scale) + spec.type.zero_point()
                                           : std::round(static_cast<double>(values[i]));
      out[i] = saturated<T>(value);
    } else {
      out[i] = T(values[i]);
    }
  }
}

}  // namespace

Expected<Tensor> fit_values(const InputSpec& spec, Shape shape, std::span<const float> values) {
  TensorType type = spec.type;
  type.shape = std::move(shape);
  type.signature = {};
  Tensor tensor = TRY(Tensor::zeros(type));
  ENSURE_CODE(ErrorCode::invalid_data, static_cast<size_t>(type.shape.elements()) == values.size(),
              "the input ", quoted(spec.name), " takes ", type.shape.elements(), " values, got ",
              values.size());
  if (type.dtype == DType::boolean) {
    for (size_t i = 0; i < values.size(); ++i) tensor.view().as<bool>()[i] = values[i] != 0;
    return tensor;
  }
  bool known = for_type<float, double, half, bfloat16, int8_t, uint8_t, int16_t, uint16_t, int32_t,
                        uint32_t, int64_t, uint64_t>(
      type.dtype, [&]<class T>() { store(spec, values, tensor.view().as<T>()); });
  ENSURE_CODE(ErrorCode::unsupported, known, "the input ", quoted(spec.name), " of type ",
              type.dtype, " cannot be made from numbers");
  return tensor;
}

Expected<Tensor> fit_tensor(const InputSpec& spec, Shape shape, const TensorView& tensor) {
  if (tensor.dtype() == spec.type.dtype) {
    TensorType type = spec.type;
    type.shape = std::move(shape);
    type.signature = {};
    Tensor copy = TRY(Tensor::sized(type, tensor.bytes));
    if (tensor.bytes) std::memcpy(copy.buffer.data(), tensor.data, tensor.bytes);
    return copy;
  }
  std::vector<float> values;
  auto convert = [&]<class T>() {
    for (const T& element : tensor.span<T>()) values.push_back(static_cast<float>(element));
  };
  bool integers =
      for_type<int32_t, int64_t, uint32_t, uint64_t>(tensor.dtype(), []<class T>() {}) &&
      !spec.type.quantized() &&
      for_type<int32_t, int64_t, uint32_t, uint64_t, int16_t, int8_t, uint8_t>(spec.type.dtype,
                                                                               []<class T>() {});
  bool known = for_type<float, double, half, bfloat16, Truth, int8_t, uint8_t, int16_t, uint16_t,
                        int32_t, uint32_t, int64_t, uint64_t>(tensor.dtype(), convert);
  ENSURE_CODE(ErrorCode::invalid_data, known, "the input ", quoted(spec.name), " of type ",
              spec.type.dtype, " cannot take data of type ", tensor.dtype());
  if (!integers) return fit_values(spec, std::move(shape), values);
  // Integers beyond 2^24 would lose digits as floats.
  Tensor result = TRY(Tensor::zeros({spec.type.dtype, shape, {}, {}}));
  for_type<int32_t, int64_t, uint32_t, uint64_t>(tensor.dtype(), [&]<class From>() {
    for_type<int32_t, int64_t, uint32_t, uint64_t, int16_t, int8_t, uint8_t>(
        spec.type.dtype, [&]<class To>() {
          auto from = tensor.span<From>();
          std::transform(from.begin(), from.end(), result.view().as<To>(),
                         [](From x) { return static_cast<To>(x); });
        });
  });
  result.type.quantization = spec.type.quantization;
  return result;
}

}  // namespace wherry
