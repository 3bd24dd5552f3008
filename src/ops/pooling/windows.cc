// Averages, maxima and root mean squares of windows, channel by channel.
#include "ops/pooling/windows.h"

#include "ops/requantization.h"

namespace wherry {
namespace {

/// One value per channel for the part of a window that lies on the image.
template <class T, class Sum>
struct Accumulator {
  PoolKind kind;
  std::vector<Sum> values;
  int64_t count = 0;

  void clear() {
    Sum start = kind == PoolKind::maximum ? static_cast<Sum>(std::numeric_limits<T>::lowest()) : 0;
    std::fill(values.begin(), values.end(), start);
    count = 0;
  }
  void add(const T* element) {
    for (Sum& value : values) {
      Sum x = static_cast<Sum>(*element++);
      if (kind == PoolKind::maximum)
        value = x > value ? x : value;
      else
        value += kind == PoolKind::l2 ? x * x : x;
    }
    ++count;
  }
  Sum result(size_t channel) const {
    Sum value = values[channel];
    if (kind == PoolKind::maximum || count == 0) return value;
    Sum divisor = static_cast<Sum>(count);
    if constexpr (std::is_floating_point_v<Sum>)
      return kind == PoolKind::l2 ? std::sqrt(value / divisor) : value / divisor;
    else
      return (value > 0 ? value + divisor / 2 : value - divisor / 2) / divisor;
  }
};

template <class T, class Sum>
void add_window(const PoolWindows& w, const T* image, const int64_t (&position)[3],
                Accumulator<T, Sum>& accumulator) {
  SlidingAxis::Taps taps[3];
  int64_t origin[3];
  for (int axis = 0; axis < 3; ++axis) {
    taps[axis] = w.axes[axis].taps(position[axis]);
    origin[axis] = w.axes[axis].origin(position[axis]);
  }
  for (int64_t z = taps[0].first; z < taps[0].last; ++z) {
    for (int64_t y = taps[1].first; y < taps[1].last; ++y) {
      int64_t row = (origin[0] + z) * w.axes[1].input + origin[1] + y;
      for (int64_t x = taps[2].first; x < taps[2].last; ++x)
        accumulator.add(image + (row * w.axes[2].input + origin[2] + x) * w.channels);
    }
  }
}

template <class T, class Sum, class Clamp>
void pool(Call& call, PoolKind kind, const PoolWindows& w, Clamp clamp) {
  Accumulator<T, Sum> accumulator{kind, std::vector<Sum>(static_cast<size_t>(w.channels))};
  int64_t image_size = w.axes[0].input * w.axes[1].input * w.axes[2].input * w.channels;
  const T* image = call.data<T>(0);
  T* y = call.result<T>(0);
  for (int64_t batch = 0; batch < w.batches; ++batch, image += image_size) {
    int64_t position[3];
    for (position[0] = 0; position[0] < w.axes[0].output; ++position[0]) {
      for (position[1] = 0; position[1] < w.axes[1].output; ++position[1]) {
        for (position[2] = 0; position[2] < w.axes[2].output; ++position[2]) {
          accumulator.clear();
          add_window(w, image, position, accumulator);
          for (size_t channel = 0; channel < accumulator.values.size(); ++channel)
            *y++ = static_cast<T>(clamp(accumulator.result(channel)));
        }
      }
    }
  }
}

}  // namespace

Status check_pool(const InferContext& context, Activation activation) {
  const TensorType &x = context.input(0), &y = context.declared(0);
  // Stored integers are averaged and compared as they are, as in the stock runtime; scales matter
  // only to a range.
  bool ranged = activation_range(activation).bounded();
  if (x.dtype == DType::f32 || !ranged) return {};
  std::string_view name = context.op().name;
  TRY(check_one_scale(cat("the input of ", name), x));
  return check_one_scale(cat("the output of ", name), y);
}

Status run_pool(Call& call, PoolKind kind, const PoolWindows& windows, Activation activation) {
  if (call.output(0).elements() == 0) return {};
  if (call.dtype(0) == DType::f32) {
    FloatRange range = finite_activation_range(activation);
    pool<float, float>(call, kind, windows, [&](float value) { return range.clamp(value); });
    return {};
  }
  IntegerRange range = quantized_activation_range(activation, *call.output(0).type);
  auto clamp = [&](int64_t value) {
    return std::min<int64_t>(std::max<int64_t>(value, range.min), range.max);
  };
  for_type<int8_t, uint8_t, int16_t>(
      call.dtype(0), [&]<class T>() { pool<T, int64_t>(call, kind, windows, clamp); });
  return {};
}

}  // namespace wherry
