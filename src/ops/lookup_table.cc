// Builds and applies tables of functions of quantised elements; the float arithmetic is that of
// TFLite, step by step, because entries at a tie would differ otherwise.
#include "ops/lookup_table.h"

#include "ops/fixed_point.h"

namespace wherry {

ByteTable byte_table(const TensorType& x, const TensorType& y, TableFunction f) {
  const IntegerRange range = full_range(x.dtype);
  const float inverse_scale = 1 / y.scale();
  ByteTable table;
  for (int32_t element = range.min; element <= range.max; ++element) {
    float real = f(x.scale() * static_cast<float>(element - x.zero_point()), y);
    float shifted = std::round(real * inverse_scale) + static_cast<float>(y.zero_point());
    int32_t result = std::clamp(round_to<int32_t>(shifted), range.min, range.max);
    table[static_cast<uint8_t>(element)] = static_cast<uint8_t>(result);
  }
  return table;
}

InterpolatedTable interpolated_table(const TensorType& x, const TensorType& y, TableFunction f) {
  const auto x_zero = static_cast<float>(x.zero_point()),
             y_zero = static_cast<float>(y.zero_point());
  const float x_min = x.scale() * (-32768 - x_zero), x_max = x.scale() * (32767 - x_zero);
  const float y_min = y.scale() * (-32768 - y_zero), y_max = y.scale() * (32767 - y_zero);
  const float step = (x_max - x_min) / 512, half_step = step / 2;
  const float scale = 65536.0f / (y_max - y_min);
  InterpolatedTable table;
  for (int i = 0; i < 512; ++i) {
    const float here = x_min + static_cast<float>(i) * step;
    const float value = f(here, y), middle = f(here + half_step, y),
                next = f(x_min + static_cast<float>(i + 1) * step, y);
    const float sample = std::round(value * scale);
    const float interpolated = std::round((next * scale + sample) / 2);
    const float bias = std::round((interpolated - std::round(middle * scale)) / 2);
    table.entries[static_cast<size_t>(i)] = round_to<int16_t>(sample - bias);
  }
  table.entries[512] = round_to<int16_t>(std::round(f(x_max, y) * scale));
  return table;
}

void map_by_table(Call& call, TableFunction f) {
  const TensorView &x = call.input(0), &y = call.output(0);
  int64_t count = y.elements();
  if (x.dtype() == DType::i16) {
    InterpolatedTable table = interpolated_table(*x.type, *y.type, f);
    for (int64_t i = 0; i < count; ++i) y.as<int16_t>()[i] = table(x.as<const int16_t>()[i]);
    return;
  }
  ByteTable table = byte_table(*x.type, *y.type, f);
  for (int64_t i = 0; i < count; ++i) y.as<uint8_t>()[i] = table[x.as<const uint8_t>()[i]];
}

}  // namespace wherry
