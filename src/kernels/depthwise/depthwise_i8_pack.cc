// Packs the weights of the 8-bit depthwise convolution by chunks of channels.
#include <algorithm>
#include <cstring>

#include "kernels/depthwise/depthwise_i8.h"
#include "kernels/depthwise/pixel_table.h"

namespace wherry::kernels {
namespace {

constexpr size_t header_bytes = 8;  // start and scale of a channel

/// The summand of a weight that belongs to one of two planes; both fit a byte.
int32_t plane_of(int32_t weight, size_t plane) {
  const int32_t first = std::clamp(weight, -128, 127);
  return plane == 0 ? first : weight - first;
}

bool square3(const Window& w) {
  return w.kernel_height == 3 && w.kernel_width == 3 && w.dilation_height == 1 &&
         w.dilation_width == 1 && w.stride_height == w.stride_width && w.stride_width <= 2;
}

}  // namespace

DepthwiseI8::DepthwiseI8(const DepthwiseI8Weights& weights, const Options& options)
    : options_(options), kernel_(options.variant.kernel) {
  const Window& w = options_.window;
  if (kernel_->taps_in_group == 4)
    for (size_t i = 0; i < w.depth(); ++i) {
      const int32_t value = weight(weights, i / w.channels, i % w.channels);
      if (value < -128 || value > 127) planes_ = 2;
    }
  const DepthwiseI8Width& narrowest = kernel_->widths[kernel_->width_count - 1];
  square_ = square3(w) && narrowest.square3[0][0][0];
  index_taps();
  cut_channels();
  const size_t packed_bytes = chunks_.empty()
                                  ? 0
                                  : chunks_.back().packed_at + chunks_.back().width->channels *
                                                                   (header_bytes + groups_ * 4);
  packed_ = AlignedBuffer(packed_bytes);
  padding_ = AlignedBuffer(w.channels);
  if (!*this) return;
  std::memset(padding_.as<uint8_t>(), options_.input_zero_point & 0xff, w.channels);
  for (const Chunk& chunk : chunks_) pack(weights, chunk);
}

// Taps of the second plane follow those of the first; the last group is filled up with tap 0.
void DepthwiseI8::index_taps() {
  const Window& w = options_.window;
  if (square_) {
    groups_ = planes_ * 3 * (w.stride_width == 1 ? 2 : 1);
    return;
  }
  for (size_t p = 0; p < planes_; ++p)
    for (size_t ky = 0; ky < w.kernel_height; ++ky)
      for (size_t kx = 0; kx < w.kernel_width; ++kx)
        tap_index_.push_back(static_cast<uint32_t>(ky * table_columns(w) + kx * w.dilation_width));
  groups_ = (tap_index_.size() + kernel_->taps_in_group - 1) / kernel_->taps_in_group;
  tap_index_.resize(groups_ * kernel_->taps_in_group, 0);
}

// The widest chunks that fit; what is left over at the end is done by a chunk that overlaps the one
// before, or, in a layer of few channels, by one that is not full.
void DepthwiseI8::cut_channels() {
  const size_t channels = options_.window.channels;
  const DepthwiseI8Width& narrowest = kernel_->widths[kernel_->width_count - 1];
  size_t packed_at = 0;
  for (size_t channel = 0; channel < channels;) {
    const DepthwiseI8Width* width = &narrowest;
    for (size_t i = kernel_->width_count; i-- > 0;)
      if (kernel_->widths[i].channels <= channels - channel) width = &kernel_->widths[i];
    if (width->channels > channels - channel)
      channel = channels > width->channels ? channels - width->channels : 0;
    const size_t count = std::min(width->channels, channels - channel);
    chunks_.push_back({channel, count, width, packed_at});
    packed_at += width->channels * (header_bytes + groups_ * 4);
    channel += count;
  }
}

int32_t DepthwiseI8::weight(const DepthwiseI8Weights& weights, size_t tap, size_t channel) const {
  const size_t at = tap * options_.window.channels + channel;
  const uint8_t raw = static_cast<const uint8_t*>(weights.values)[at];
  return (weights.is_signed ? static_cast<int8_t>(raw) : raw) - weights.zero_point;
}

/// All taps of one channel, `to` being its lane in the first group.
void DepthwiseI8::pack_taps(const DepthwiseI8Weights& weights, size_t channel, uint8_t* to,
                            size_t width) const {
  const size_t taps = options_.window.taps(), in_group = kernel_->taps_in_group;
  const size_t element = 4 / in_group, group_bytes = 4 * width;
  const size_t shifts = options_.window.stride_width == 1 ? 2 : 1;
  for (size_t p = 0; p < planes_; ++p)
    for (size_t tap = 0; tap < taps; ++tap) {
      const int32_t all = weight(weights, tap, channel);
      const auto value = static_cast<int16_t>(planes_ == 2 ? plane_of(all, p) : all);
      if (!square_) {
        const size_t slot = p * taps + tap;
        std::memcpy(to + slot / in_group * group_bytes + slot % in_group * element, &value,
                    element);
        continue;
      }
      for (size_t shift = 0; shift < shifts; ++shift)
        to[((p * 3 + tap / 3) * shifts + shift) * group_bytes + tap % 3 + shift] =
            static_cast<uint8_t>(value);
    }
}

void DepthwiseI8::pack(const DepthwiseI8Weights& weights, const Chunk& chunk) {
  const size_t width = chunk.width->channels, vectors = kernel_->vectors, lanes = width / vectors;
  uint8_t* to = packed_.as<uint8_t>() + chunk.packed_at;
  std::memset(to, 0, width * (header_bytes + groups_ * 4));
  auto* start = reinterpret_cast<int32_t*>(to);
  auto* scale = reinterpret_cast<float*>(to) + width;
  uint8_t* groups = to + header_bytes * width;
  const bool shifted = kernel_->taps_in_group == 4 && options_.input_signed;
  const int32_t zero = options_.input_zero_point + (shifted ? 128 : 0);
  for (size_t position = 0; position < width; ++position) {
    const size_t j = position / lanes, part = position % lanes / 4, e = position % 4;
    const size_t in_chunk = vectors == 1 ? position : 4 * vectors * part + 4 * j + e;
    if (in_chunk >= chunk.count) continue;
    const size_t channel = chunk.channel + in_chunk;
    int64_t sum = weights.bias ? weights.bias[channel] : 0;
    for (size_t tap = 0; tap < options_.window.taps(); ++tap)
      sum -= zero * weight(weights, tap, channel);
    start[position] = static_cast<int32_t>(sum);  // wraps, as sums in the lanes do
    scale[position] = weights.scales[channel];
    pack_taps(weights, channel, groups + 4 * position, width);
  }
}

}  // namespace wherry::kernels
