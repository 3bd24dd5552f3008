// MEAN: the average along axes.
#include "ops/reduction/mean.h"

#include <bit>

#include "ops/elementwise.h"
#include "ops/fixed_point.h"
#include "ops/registry.h"

namespace wherry::op {
namespace {

constexpr TypeSet mean_types = one_of(DType::f32, DType::i32, DType::i64) | quantized_types;

Status infer_mean(InferContext& context) {
  TRY(infer_reduction(context));
  if (!quantized_types.contains(context.dtype(0))) return {};
  TRY(check_scales(context, 1));
  if (context.dtype(0) == DType::i16) return check_zero_points_are_zero(context, 1);
  return {};
}

template <class T, class Sum>
std::vector<Sum> sums(const Call& call, const Reduction& reduction) {
  std::vector<Sum> result(static_cast<size_t>(reduction.kept.elements()), 0);
  const T* x = call.data<T>(0);
  for_each_reduced(call.shape(0), reduction,
                   [&](int64_t to, int64_t from) { result[static_cast<size_t>(to)] += x[from]; });
  return result;
}

/// Integers: sums are 64 bits wide and wrap; the quotient is cut off towards zero. No elements give
/// NaN, or 0 where there is no NaN.
template <class T>
void mean_of_numbers(Call& call, const Reduction& reduction) {
  using Sum = std::conditional_t<std::is_integral_v<T>, uint64_t, T>;
  using Quotient = std::conditional_t<std::is_integral_v<T>, int64_t, T>;
  std::vector<Sum> all = sums<T, Sum>(call, reduction);
  T* y = call.result<T>(0);
  for (size_t i = 0; i < all.size(); ++i) {
    y[i] =
        reduction.count
            ? static_cast<T>(static_cast<Quotient>(all[i]) / static_cast<Quotient>(reduction.count))
            : std::numeric_limits<T>::quiet_NaN();
  }
}

/// The factor with the division by `count` folded in, keeping as many bits as fit.
FixedMultiplier mean_factor(double scale_ratio, int64_t count) {
  FixedMultiplier factor = fixed_multiplier(scale_ratio);
  int shift =
      std::min({63 - std::countl_zero(static_cast<uint64_t>(count)), 32, 31 + factor.shift});
  factor.mantissa = static_cast<int32_t>((int64_t{factor.mantissa} << shift) / count);
  factor.shift -= shift;
  return factor;
}

template <class T>
void mean_quantized(Call& call, const Reduction& reduction) {
  const TensorType &in = *call.input(0).type, &out = *call.output(0).type;
  T* y = call.result<T>(0);
  if (reduction.count == 0) {
    std::fill_n(y, call.output(0).elements(), static_cast<T>(out.zero_point()));
    return;
  }
  const IntegerRange range = full_range(out.dtype);
  const FixedMultiplier factor = mean_factor(
      static_cast<double>(in.scale()) / static_cast<double>(out.scale()), reduction.count);
  std::vector<uint32_t> all = sums<T, uint32_t>(call, reduction);
  for (size_t i = 0; i < all.size(); ++i) {
    auto sum = static_cast<int32_t>(all[i] - static_cast<uint32_t>(in.zero_point()) *
                                                 static_cast<uint32_t>(reduction.count));
    y[i] = static_cast<T>(std::clamp<int64_t>(int64_t{multiply(sum, factor)} + out.zero_point(),
                                              range.min, range.max));
  }
}

Status reference(Call& call) {
  Reduction reduction = TRY(reduction_of(call.shape(0), call.integers(1)));
  for_type<float, int32_t, int64_t>(call.dtype(0),
                                    [&]<class T>() { mean_of_numbers<T>(call, reduction); });
  for_type<int8_t, uint8_t, int16_t>(call.dtype(0),
                                     [&]<class T>() { mean_quantized<T>(call, reduction); });
  return {};
}

}  // namespace

constinit const OpDef mean = {
    .name = "MEAN",
    .code = 40,
    .attributes = &reducer_attributes,
    .inputs = {{"x", mean_types}, {"axes", axes_types}},
    .outputs = {{"y", mean_types}},
    .versions = {{1, "1.6.0"}, {2, "1.14.0", DType::i8}, {3, "2.4.0", DType::i16}},
    .infer = infer_mean,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated, .int16 = true},
    .doc = "the average along axes"};

OpTable mean_ops() { return op_table(mean); }

}  // namespace wherry::op
