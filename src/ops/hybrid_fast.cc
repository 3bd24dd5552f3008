// Finds the range of each row and stores it as int8.
#include "ops/hybrid_fast.h"

#include "ops/fixed_point.h"
#include "ops/work_split.h"

namespace wherry {

RowQuantization row_quantization(kernels::RangeF32 range, bool asymmetric) {
  if (!asymmetric) {
    const float reach = std::max(-range.low, range.high);
    if (reach == 0) return {};
    return {{reach / 127.0f, 0}, 127.0f / reach, -127};
  }
  const double low = static_cast<double>(range.low), high = static_cast<double>(range.high);
  if (low == high) return {};
  const double scale = (high - low) / 255.0;
  const double from_low = -128.0 - low / scale, from_high = 127.0 - high / scale;
  const double error_low = 128.0 + std::abs(low / scale),
               error_high = 127.0 + std::abs(high / scale);
  RowQuantization result;
  result.row = {static_cast<float>(scale),
                round_to<int8_t>(error_low < error_high ? from_low : from_high)};
  result.inverse = 1.0f / result.row.scale;
  return result;
}

QuantizedRows::QuantizedRows(PlanContext& context, int64_t elements, size_t rows, bool asymmetric)
    : kernel_(kernels::choose(kernels::quantize_variants, context.cpu()).kernel),
      rows_(rows),
      length_(static_cast<size_t>(elements) / std::max<size_t>(rows, 1)),
      asymmetric_(asymmetric),
      tasks_(tasks_for(context.threads(), static_cast<size_t>(elements) / 4)),
      stored_(context.add_scratch(static_cast<size_t>(elements))),
      scales_(context.add_scratch(rows * sizeof(float))),
      zero_points_(context.add_scratch(rows * sizeof(int32_t))) {}

void QuantizedRows::quantize(const StepRun& run, const float* x) const {
  auto* stored = run.scratch<int8_t>(stored_);
  auto* scales = run.scratch<float>(scales_);
  auto* zero_points = run.scratch<int32_t>(zero_points_);
  split_work(run.pool(), tasks_, rows_, 1, [&](size_t begin, size_t end, size_t) {
    for (size_t row = begin; row < end; ++row) {
      const float* from = x + row * length_;
      const RowQuantization q = row_quantization(kernel_->range(from, length_), asymmetric_);
      scales[row] = q.row.scale;
      zero_points[row] = q.row.zero_point;
      kernel_->to_bytes({.x = from,
                         .y = stored + row * length_,
                         .count = length_,
                         .scale = q.inverse,
                         .multiply = true,
                         .zero_point = q.row.zero_point,
                         .low = q.lowest,
                         .high = 127});
    }
  });
}

void QuantizedRows::dequantize(const StepRun& run, float* y) const {
  split_work(run.pool(), tasks_, rows_, 1, [&](size_t begin, size_t end, size_t) {
    for (size_t row = begin; row < end; ++row)
      kernel_->from_bytes({.x = stored(run) + row * length_,
                           .y = y + row * length_,
                           .count = length_,
                           .is_signed = true,
                           .scale = scales(run)[row],
                           .zero_point = zero_points(run)[row]});
  });
}

}  // namespace wherry
