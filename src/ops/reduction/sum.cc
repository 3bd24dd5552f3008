// SUM: the sum along axes.
#include "ops/reduction/sum.h"

#include <cmath>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"
#include "ops/wrapping.h"

namespace wherry::op {
namespace {

constexpr TypeSet sum_types = one_of(DType::f32, DType::i32, DType::i64) | quantized_types;

Status infer_sum(InferContext& context) {
  TRY(infer_reduction(context));
  if (!quantized_types.contains(context.dtype(0))) return {};
  TRY(check_scales(context, 1));
  if (context.dtype(0) == DType::i16) return check_zero_points_are_zero(context, 1);
  return {};
}

template <class T>
void sum_of_numbers(Call& call, const Reduction& reduction) {
  const T* x = call.data<T>(0);
  T* y = call.result<T>(0);
  std::fill_n(y, reduction.kept.elements(), T{0});
  for_each_reduced(call.shape(0), reduction,
                   [&](int64_t to, int64_t from) { y[to] = wrapping_add(y[to], x[from]); });
}

/// uint8 as the stock reference kernel does it; int8 and int16, where that one is wrong, with the
/// float arithmetic of the stock optimised kernel.
template <class T>
void sum_quantized(Call& call, const Reduction& reduction) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  std::vector<int64_t> sums(static_cast<size_t>(reduction.kept.elements()), 0);
  const T* x = call.data<T>(0);
  for_each_reduced(call.shape(0), reduction,
                   [&](int64_t to, int64_t from) { sums[static_cast<size_t>(to)] += x[from]; });
  const IntegerRange range = full_range(out.dtype);
  const FixedMultiplier factor =
      fixed_multiplier(static_cast<double>(in.scale()) / static_cast<double>(out.scale()));
  const float scale = in.scale() / out.scale();
  const float bias =
      static_cast<float>(-in.zero_point()) * scale * static_cast<float>(reduction.count);
  T* y = call.result<T>(0);
  for (size_t i = 0; i < sums.size(); ++i) {
    int64_t scaled =
        std::is_same_v<T, uint8_t>
            ? multiply(static_cast<int32_t>(sums[i] - in.zero_point() * reduction.count), factor)
            : round_to<int32_t>(std::round(static_cast<float>(sums[i]) * scale + bias));
    y[i] = static_cast<T>(std::clamp<int64_t>(scaled + out.zero_point(), range.min, range.max));
  }
}

Status reference(Call& call) {
  Reduction reduction = TRY(reduction_of(call.shape(0), call.integers(1)));
  for_type<float, int32_t, int64_t>(call.dtype(0),
                                    [&]<class T>() { sum_of_numbers<T>(call, reduction); });
  for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                     [&]<class T>() { sum_quantized<T>(call, reduction); });
  return {};
}

}  // namespace

constinit const OpDef sum = {.name = "SUM",
                             .code = 74,
                             .attributes = &reducer_attributes,
                             .inputs = {{"x", sum_types}, {"axes", axes_types}},
                             .outputs = {{"y", sum_types}},
                             .versions = {{1, "1.10.0"}, {2, "1.15.0", DType::i8}},
                             .infer = infer_sum,
                             .reference = reference,
                             .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
                             .doc = "the sum along axes"};

OpTable sum_ops() { return op_table(sum); }

}  // namespace wherry::op
