// Real numbers into tensors of any numeric type and back, by scale and zero point.
#include <cmath>

#include "api/internals.h"
#include "ir/truth.h"
#include "ops/fixed_point.h"

namespace wherry {
namespace {

/// Scale and zero point of each element.
class Scales {
 public:
  explicit Scales(const TensorType& type) : type_(type) {
    if (!type.quantized() || type.quantization->scales.size() == 1) return;
    int axis = type.quantization->axis;
    if (axis < 0 || axis >= type.shape.rank()) return;
    channels_ = type.shape[axis];
    inner_ = type.shape.product(axis + 1, type.shape.rank());
    if (static_cast<size_t>(channels_) != type.quantization->scales.size()) channels_ = 0;
  }
  double scale(int64_t i) const {
    return type_.quantized() ? type_.quantization->scales[channel(i)] : 1.0;
  }
  double zero_point(int64_t i) const { return type_.zero_point(channel(i)); }

 private:
  size_t channel(int64_t i) const {
    return channels_ ? static_cast<size_t>(i / inner_ % channels_) : 0;
  }
  const TensorType& type_;
  int64_t channels_ = 0, inner_ = 1;
};

template <class T>
T stored(float value, const Scales& scales, int64_t i) {
  if constexpr (std::is_same_v<T, Truth>)
    return value != 0;
  else if constexpr (std::is_integral_v<T>)
    return round_to<T>(value / scales.scale(i) + scales.zero_point(i));
  else if constexpr (std::is_same_v<T, half>)
    return half(value);
  else if constexpr (std::is_same_v<T, bfloat16>)
    return bfloat16(value);
  else
    return static_cast<T>(value);
}

template <class T>
float real(T value, const Scales& scales, int64_t i) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<float>((static_cast<double>(value) - scales.zero_point(i)) *
                              scales.scale(i));
  } else {
    return static_cast<float>(value);
  }
}

}  // namespace

Status store_real(std::span<const float> values, const TensorView& view) {
  ENSURE_CODE(ErrorCode::usage, static_cast<int64_t>(values.size()) == view.elements(),
              "the tensor has ", view.elements(), " elements, got ", values.size());
  Scales scales(*view.type);
  bool known = for_type<float, double, half, bfloat16, Truth, int8_t, uint8_t, int16_t, uint16_t,
                        int32_t, uint32_t, int64_t, uint64_t>(view.dtype(), [&]<class T>() {
    T* to = view.as<T>();
    for (size_t i = 0; i < values.size(); ++i)
      to[i] = stored<T>(values[i], scales, static_cast<int64_t>(i));
  });
  ENSURE_CODE(ErrorCode::unsupported, known, "real values cannot be stored in a tensor of ",
              view.dtype());
  return {};
}

Expected<std::vector<float>> load_real(const TensorView& view) {
  std::vector<float> result(static_cast<size_t>(view.elements()));
  Scales scales(*view.type);
  bool known = for_type<float, double, half, bfloat16, Truth, int8_t, uint8_t, int16_t, uint16_t,
                        int32_t, uint32_t, int64_t, uint64_t>(view.dtype(), [&]<class T>() {
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = real(view.as<T>()[i], scales, static_cast<int64_t>(i));
  });
  if (!known && bits_of(view.dtype()) > 0 && bits_of(view.dtype()) < 8) {
    std::vector<int8_t> unpacked = unpack_sub_byte(view);
    for (size_t i = 0; i < result.size(); ++i)
      result[i] = real(unpacked[i], scales, static_cast<int64_t>(i));
    return result;
  }
  ENSURE_CODE(ErrorCode::unsupported, known, "a tensor of ", view.dtype(), " holds no real values");
  return result;
}

}  // namespace wherry
