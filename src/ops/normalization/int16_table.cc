// Fills tables of functions of int16 numbers.
#include "ops/normalization/int16_table.h"

#include "ops/fixed_point.h"

namespace wherry {

Int16Table::Int16Table(double (*function)(double), double x_scale, int32_t x_zero_point,
                       double y_scale) {
  const double low = x_scale * (-32768 - x_zero_point), high = x_scale * (32767 - x_zero_point);
  const double step = (high - low) / 512, scale = 65536 / (y_scale * 32767 - y_scale * -32768);
  for (int i = 0; i < 512; ++i) {
    // The entry is bent by half the error that interpolation makes in the middle of the step.
    double here = low + i * step;
    double sample = std::round(function(here) * scale);
    double interpolated = std::round((function(low + (i + 1) * step) * scale + sample) / 2);
    double middle = std::round(function(here + step / 2) * scale);
    entries_[static_cast<size_t>(i)] =
        round_to<int16_t>(sample - std::round((interpolated - middle) / 2));
  }
  entries_[512] = round_to<int16_t>(function(high) * scale);
}

}  // namespace wherry
