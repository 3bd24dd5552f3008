// What the operators that multiply data with weights share: which element types go together, and
// the choice of arithmetic around one loop nest per operator.
#pragma once

#include <type_traits>

#include "ops/context.h"
#include "ops/hybrid.h"
#include "ops/requantization.h"

namespace wherry {

/// Which inputs are what, and which axis of the weights the output channels lie along.
struct WeightedRoles {
  int data = 0, weights = 1, bias = 2;
  int channel_axis = 0;
};

struct WeightedOptions {
  Activation activation = Activation::none;
  DType quantized_bias_type = DType::f32;  ///< of int16 data: f32 says nothing
  bool zero_points_of_int8_weights = false;
  bool widens_u8 = false;  ///< u8 data may give an i16 output
};

/// Validates element types, scales, zero points, bias and activation before shapes are looked at;
/// the weights must have the axis `channel_axis`.
Status check_weighted(const InferContext& context, const WeightedRoles& roles,
                      const WeightedOptions& options);

/// Float data with integer weights.
inline bool is_hybrid(DType data, DType weights) {
  return data == DType::f32 && weights != DType::f32;
}

/// int16 sums are 64 bits wide unless the bias, or the option when there is none, says 32.
bool sums_in_64_bits(const TensorType& data, const TensorType* bias, DType quantized_bias_type);

/// Zero points of the data: one for all groups, or one per group when they were found while
/// running. A group is what is quantised together: an image or a row.
struct GroupZeroPoints {
  const RowScale* rows = nullptr;
  int32_t same = 0;
  int32_t operator[](int64_t group) const { return rows ? rows[group].zero_point : same; }
};

template <class X, class W>
struct WeightedOperands {
  const X* x;
  const W* w;
  GroupZeroPoints x_zero;
  int32_t w_zero = 0;
};

/// sum + x . w, added one product after the other as the stock kernels do. Integer sums wrap like
/// theirs, without undefined behaviour: Sum is unsigned then.
template <class Sum, class X, class W>
Sum dot(const X* x, const W* w, int64_t count, [[maybe_unused]] int32_t x_zero,
        [[maybe_unused]] int32_t w_zero, Sum sum = 0) {
  for (int64_t i = 0; i < count; ++i) {
    if constexpr (std::is_floating_point_v<Sum>)
      sum += x[i] * w[i];
    else
      sum += static_cast<Sum>((x[i] - x_zero) * (w[i] - w_zero));
  }
  return sum;
}

/// Integer weights as int8: i8 as they are, u8 by their bytes, packed ones unpacked.
class Int8Weights {
 public:
  explicit Int8Weights(const TensorView& view);
  const int8_t* data() const { return data_; }

 private:
  std::vector<int8_t> unpacked_;
  const int8_t* data_;
};

/// How run_weighted finishes sums.
struct WeightedRun {
  WeightedRoles roles;
  WeightedOptions options;
  Requantization::Rule rule = {};
  int64_t groups = 1;       ///< parts of the data that are quantised apart when hybrid
  bool asymmetric = false;  ///< ... with zero points
};

namespace weighted {

inline const TensorView* bias_of(const Call& call, const WeightedRoles& roles) {
  return call.has_input(roles.bias) ? &call.input(roles.bias) : nullptr;
}

template <class Kernel>
Status run_float(Call& call, const WeightedRun& run, Kernel& kernel) {
  FloatRange range = finite_activation_range(run.options.activation);
  const TensorView* bias = bias_of(call, run.roles);
  const float* added = bias ? bias->as<const float>() : nullptr;
  float* y = call.result<float>(0);
  WeightedOperands<float, float> operands{
      call.data<float>(run.roles.data), call.data<float>(run.roles.weights), {}, 0};
  kernel.template operator()<float>(operands, [=](int64_t i, int64_t, int64_t channel, float sum) {
    y[i] = range.clamp(sum + (added ? added[channel] : 0.0f));
  });
  return {};
}

inline std::vector<float> floats_of(const TensorView& view) {
  if (view.dtype() == DType::f32) {
    std::span<const float> floats = view.span<const float>();
    return {floats.begin(), floats.end()};
  }
  std::span<const half> halves = view.span<const half>();
  return {halves.begin(), halves.end()};
}

/// f16 data and weights: computed in f32 and rounded at the end.
template <class Kernel>
Status run_half(Call& call, const WeightedRun& run, Kernel& kernel) {
  FloatRange range = activation_range(run.options.activation);
  const TensorView* bias = bias_of(call, run.roles);
  std::vector<float> x = floats_of(call.input(run.roles.data)),
                     w = floats_of(call.input(run.roles.weights)),
                     added = bias ? floats_of(*bias) : std::vector<float>();
  half* y = call.result<half>(0);
  WeightedOperands<float, float> operands{x.data(), w.data(), {}, 0};
  kernel.template operator()<float>(operands, [&](int64_t i, int64_t, int64_t channel, float sum) {
    y[i] = half(range.clamp(sum + (bias ? added[static_cast<size_t>(channel)] : 0.0f)));
  });
  return {};
}

template <class Sum, class X, class W, class Kernel>
Status run_integer(Call& call, const WeightedRun& run, const W* w, Kernel& kernel) {
  const TensorType &x = *call.input(run.roles.data).type,
                   &weights = *call.input(run.roles.weights).type;
  Requantization requantization =
      TRY(Requantization::of(x, weights, *call.output(0).type, run.options.activation, run.rule));
  const TensorView* bias = bias_of(call, run.roles);
  const int64_t* bias64 = bias && bias->dtype() == DType::i64 ? bias->as<const int64_t>() : nullptr;
  const int32_t* bias32 = bias && bias->dtype() == DType::i32 ? bias->as<const int32_t>() : nullptr;
  X* y = call.result<X>(0);
  bool widens = call.output(0).dtype() == DType::i16 && sizeof(X) == 1;
  int16_t* wide = widens ? call.result<int16_t>(0) : nullptr;
  WeightedOperands<X, W> operands{
      call.data<X>(run.roles.data), w, {nullptr, x.zero_point()}, weights.zero_point()};
  kernel.template operator()<Sum>(operands, [&](int64_t i, int64_t, int64_t channel, Sum sum) {
    if (bias32) sum += static_cast<Sum>(bias32[channel]);
    if (bias64) sum += static_cast<Sum>(bias64[channel]);
    int32_t stored = requantization.apply(static_cast<std::make_signed_t<Sum>>(sum), channel);
    if (wide)
      wide[i] = static_cast<int16_t>(stored);
    else
      y[i] = static_cast<X>(stored);
  });
  return {};
}

template <class Kernel>
Status run_hybrid(Call& call, const WeightedRun& run, Kernel& kernel) {
  FloatRange range = finite_activation_range(run.options.activation);
  std::span<const float> x = call.input(run.roles.data).span<const float>();
  Int8Weights w(call.input(run.roles.weights));
  std::vector<int8_t> stored(x.size());
  std::vector<RowScale> rows(static_cast<size_t>(run.groups));
  size_t length = rows.empty() ? 0 : x.size() / rows.size();
  for (size_t g = 0; g < rows.size(); ++g) {
    int8_t* to = stored.data() + g * length;
    std::span<const float> from = x.subspan(g * length, length);
    rows[g] = run.asymmetric ? quantize_asymmetric(from, to) : quantize_symmetric(from, to);
  }
  const std::vector<float>& scales = call.input(run.roles.weights).type->quantization->scales;
  const TensorView* bias = bias_of(call, run.roles);
  const float* added = bias ? bias->as<const float>() : nullptr;
  float* y = call.result<float>(0);
  WeightedOperands<int8_t, int8_t> operands{stored.data(), w.data(), {rows.data(), 0}, 0};
  auto store = [&](int64_t i, int64_t group, int64_t channel, uint32_t sum) {
    float scale = scales[scales.size() > 1 ? static_cast<size_t>(channel) : 0] *
                  rows[static_cast<size_t>(group)].scale;
    float value = static_cast<float>(static_cast<int32_t>(sum)) * scale;
    y[i] = range.clamp(value + (added ? added[channel] : 0.0f));
  };
  kernel.template operator()<uint32_t>(operands, store);
  return {};
}

}  // namespace weighted

/// Calls `kernel.operator()<Sum>(WeightedOperands<X, W>, store)` for the types of the call; the
/// kernel calls store(output index, group, channel, sum) once for each output element.
template <class Kernel>
Status run_weighted(Call& call, const WeightedRun& run, Kernel&& kernel) {
  const TensorView &x = call.input(run.roles.data), &w = call.input(run.roles.weights);
  if (call.output(0).elements() == 0) return {};
  if (is_hybrid(x.dtype(), w.dtype())) return weighted::run_hybrid(call, run, kernel);
  if (x.dtype() == DType::f32) return weighted::run_float(call, run, kernel);
  if (x.dtype() == DType::f16) return weighted::run_half(call, run, kernel);
  if (x.dtype() == DType::u8)
    return weighted::run_integer<uint32_t, uint8_t>(call, run, w.as<const uint8_t>(), kernel);
  if (w.dtype() == DType::i16)
    return weighted::run_integer<uint64_t, int16_t>(call, run, w.as<const int16_t>(), kernel);
  Int8Weights weights(w);
  if (x.dtype() == DType::i8)
    return weighted::run_integer<uint32_t, int8_t>(call, run, weights.data(), kernel);
  const TensorView* bias = weighted::bias_of(call, run.roles);
  if (sums_in_64_bits(*x.type, bias ? bias->type : nullptr, run.options.quantized_bias_type))
    return weighted::run_integer<uint64_t, int16_t>(call, run, weights.data(), kernel);
  return weighted::run_integer<uint32_t, int16_t>(call, run, weights.data(), kernel);
}

}  // namespace wherry
