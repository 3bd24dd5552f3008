// Rounds float constants to integers.
#include "quantize/constants.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>

#include "passes/linear.h"
#include "quantize/float_loops.h"

namespace wherry::quantize {
namespace {

using passes::floats_of;

/// The elements of float weights in runs of one channel, channels being the extents of `axis`.
class Channels {
 public:
  Channels(const Shape& shape, int axis, const DenseFactors* factors) {
    if (axis >= 0) count_ = static_cast<size_t>(shape[axis]);
    run_ = static_cast<size_t>(axis < 0 ? shape.elements() : shape.product(axis + 1, shape.rank()));
    if (!factors) return;
    factors_ = *factors;
    run_ = factors_->columns.size();
  }

  size_t count() const { return count_; }
  /// All that decides what visit() does.
  std::string text() const {
    std::string text = cat(" in ", count_, " runs of ", run_);
    if (factors_)
      text += cat(", rows by ", bytes_as_text(factors_->rows), ", columns by ",
                  bytes_as_text(factors_->columns));
    return text;
  }

  /// Calls f(channel, elements) for the floats in `bytes`, of which the first one is element
  /// `first`, one piece after the other.
  template <class F>
  void visit(size_t first, std::span<const std::byte> bytes, F&& f) const {
    std::vector<float> copy, products;
    while (!bytes.empty()) {
      size_t left = run_ - first % run_, length = std::min({left, bytes.size() / 4, largest_piece});
      const std::span<const float> piece = floats_in(bytes.first(4 * length), copy);
      f(first / run_ % count_, factors_ ? multiplied(first, piece, products) : piece);
      first += length;
      bytes = bytes.subspan(4 * length);
    }
  }

 private:
  std::span<const float> multiplied(size_t first, std::span<const float> piece,
                                    std::vector<float>& products) const {
    products.resize(piece.size());
    std::span<const float> columns(factors_->columns);
    multiply(piece, factors_->rows[first / run_], columns.subspan(first % run_, piece.size()),
             products);
    return products;
  }

  static constexpr size_t largest_piece = 4096;
  std::optional<DenseFactors> factors_;
  size_t count_ = 1, run_ = 1;
};

/// The largest magnitude of each channel.
std::vector<float> largest_of(const Channels& channels, const Constant& weights, size_t threads) {
  std::vector<float> largest(channels.count(), 0);
  std::mutex mutex;
  auto raise = [&](size_t first, std::span<const std::byte> part) -> Status {
    std::vector<float> of_part(channels.count(), 0);
    channels.visit(first / 4, part, [&](size_t c, std::span<const float> piece) {
      of_part[c] = std::max(of_part[c], largest_magnitude(piece));
    });
    std::lock_guard lock(mutex);
    for (size_t c = 0; c < largest.size(); ++c) largest[c] = std::max(largest[c], of_part[c]);
    return {};
  };
  CHECK(weights.visit(threads, raise));
  weights.drop_pages();
  return largest;
}

/// Rounded when they are needed.
Constant rounded_weights(const Constant& weights, const Channels& channels,
                         const std::vector<float>& scales, const Workshop& workshop) {
  auto fill = [weights, channels, scales, buffers = workshop.buffers()](size_t first,
                                                                        std::span<std::byte> part) {
    auto room = buffers.lend(4 * part.size());
    std::span<std::byte> exact(room->data(), 4 * part.size());
    weights.read(4 * first, exact);
    std::span<int8_t> left(reinterpret_cast<int8_t*>(part.data()), part.size());
    channels.visit(first, exact, [&](size_t c, std::span<const float> piece) {
      round_to_int8(piece, scales[c], left);
      left = left.subspan(piece.size());
    });
  };
  return workshop.defer({.method = cat("int8 by ", bytes_as_text(scales), channels.text()),
                         .size = weights.size() / 4,
                         .granule = std::lcm(weights.granule(), size_t{4}) / 4,
                         .fill = std::move(fill),
                         .sources = {weights}});
}

/// Halves away from zero, 0 for what is not a number. A float and one half are added exactly;
/// without a call, loops of it become vector instructions.
template <class T>
T rounded(double value, double low, double high) {
  double number = value == value ? value : 0;
  double within = std::clamp(number, low, high);
  return static_cast<T>(within + std::copysign(0.5, within));
}

/// A bias with these scales.
template <class T>
Value with_integers(const Value& bias, const std::vector<float>& scales, DType dtype, double end) {
  std::vector<float> elements = floats_of(bias);
  std::vector<T> stored(elements.size());
  for (size_t i = 0; i < stored.size(); ++i) {
    double scale = scales[scales.size() == 1 ? 0 : std::min(i, scales.size() - 1)];
    stored[i] = rounded<T>(elements[i] / scale, -end, end);
  }
  Value result = bias;
  result.type.dtype = dtype;
  Quantization q;
  q.scales = scales;
  q.zero_points.assign(scales.size(), 0);
  result.type.quantization = std::move(q);
  result.constant = Constant::of(std::move(stored));
  return result;
}

template <class T>
Constant activations(const Value& constant, const Quantization& scale) {
  std::vector<float> elements = floats_of(constant);
  std::vector<T> stored(elements.size());
  for (size_t i = 0; i < stored.size(); ++i) {
    stored[i] = rounded<T>(
        std::round(elements[i] / scale.scales[0]) + static_cast<double>(scale.zero_points[0]),
        std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
  }
  return Constant::of(std::move(stored));
}

}  // namespace

bool has_growing_variable(const Graph& graph) {
  return std::any_of(graph.values.begin(), graph.values.end(), [](const Value& value) {
    bool open = false;
    for (int axis = 0; axis < value.type.shape.rank(); ++axis) open |= !value.type.fixed(axis);
    return value.is_variable && open;
  });
}

Quantization activation_scale(Range range) {
  constexpr double largest = std::numeric_limits<float>::max();
  double low = range.min < 0 ? std::max<double>(range.min, -largest) : 0;
  double high = range.max > 0 ? std::min<double>(range.max, largest) : 0;
  if (high - low < 1e-8) high = low + 1e-8 + (low == 0 ? 1.0 : std::abs(low) * 1e-6);
  float scale = static_cast<float>((high - low) / 255);
  double zero_point = std::round(-128 - low / static_cast<double>(scale));
  Quantization result(scale, static_cast<int64_t>(std::clamp(zero_point, -128.0, 127.0)));
  return result;
}

Quantization wide_activation_scale(Range range) {
  float largest = std::min(std::max(std::abs(range.min), std::abs(range.max)),
                           std::numeric_limits<float>::max());
  return Quantization(std::max(largest, 1e-8f) / 32767, 0);
}

Range range_of(const Value& constant) {
  std::vector<float> elements = floats_of(constant);
  if (elements.empty()) return {};
  auto [low, high] = std::minmax_element(elements.begin(), elements.end());
  return {*low, *high};
}

Value quantize_weights(const Value& weights, int axis, const WeightOptions& options) {
  const Channels channels(weights.type.shape, axis, options.factors);
  const Workshop workshop = options.workshop ? *options.workshop : Workshop();
  // For one scale the order of the numbers does not matter: they are read as they are stored.
  const Constant stored = weights.constant.with_first_axis_last();
  const bool in_any_order = axis < 0 && !options.factors && stored;
  const std::vector<float> largest =
      largest_of(channels, in_any_order ? stored : weights.constant, workshop.threads());
  Quantization q;
  q.axis = std::max(axis, 0);
  for (size_t c = 0; c < channels.count(); ++c) {
    float scale = largest[c] / 127;
    // A channel of zeros or denormals: any scale represents it.
    if (!(scale > 1e-30f)) scale = 1.0f;
    if (c < options.least_scales.size()) scale = std::max(scale, options.least_scales[c]);
    q.scales.push_back(scale);
    q.zero_points.push_back(0);
  }
  Value result = weights;
  result.constant = rounded_weights(weights.constant, channels, q.scales, workshop);
  result.type.dtype = DType::i8;
  result.type.quantization = std::move(q);
  return result;
}

Value quantize_bias(const Value& bias, const std::vector<float>& scales) {
  return with_integers<int32_t>(bias, scales, DType::i32, 2147483647.0);
}

Value quantize_wide_bias(const Value& bias, const std::vector<float>& scales) {
  // Stock kernels take 48 bits at most.
  return with_integers<int64_t>(bias, scales, DType::i64, 140737488355327.0);
}

Value quantize_constant(const Value& constant, const Quantization& scale, DType dtype) {
  Value result = constant;
  result.type.dtype = dtype;
  result.type.quantization = scale;
  result.constant = dtype == DType::i16 ? activations<int16_t>(constant, scale)
                                        : activations<int8_t>(constant, scale);
  return result;
}

std::vector<float> least_weight_scales(const Value& bias, float input_scale, size_t count) {
  std::vector<float> elements = floats_of(bias), least(count, 0);
  constexpr double half_range = 1 << 30;
  for (size_t i = 0; i < elements.size(); ++i) {
    size_t channel = count == 1 ? 0 : std::min(i, count - 1);
    double scale = std::abs(static_cast<double>(elements[i])) / half_range / input_scale;
    least[channel] = std::max(least[channel], static_cast<float>(scale));
  }
  return least;
}

}  // namespace wherry::quantize
