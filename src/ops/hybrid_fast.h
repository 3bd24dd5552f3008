// Float activations quantised while a step runs, with the formulas of ops/hybrid.h.
#pragma once

#include "kernels/quantize/quantize.h"
#include "ops/hybrid.h"
#include "runtime/plan.h"

namespace wherry {

/// Scale and zero point for a row with that range, and the factor its elements are multiplied by.
struct RowQuantization {
  RowScale row;
  float inverse = 0;  ///< 0: all elements are stored as 0
  int32_t lowest = -128;
};
RowQuantization row_quantization(kernels::RangeF32 range, bool asymmetric);

/// Rows of equal length in scratch memory: int8 elements, a scale and a zero point for each row.
class QuantizedRows {
 public:
  QuantizedRows(PlanContext& context, int64_t elements, size_t rows, bool asymmetric);

  void quantize(const StepRun& run, const float* x) const;
  /// What the stored elements stand for.
  void dequantize(const StepRun& run, float* y) const;
  const int8_t* stored(const StepRun& run) const { return run.scratch<int8_t>(stored_); }
  const float* scales(const StepRun& run) const { return run.scratch<float>(scales_); }
  const int32_t* zero_points(const StepRun& run) const {
    return run.scratch<int32_t>(zero_points_);
  }

 private:
  const kernels::QuantizeKernel* kernel_;
  size_t rows_, length_;
  bool asymmetric_;
  size_t tasks_;
  int stored_, scales_, zero_points_;
};

}  // namespace wherry
