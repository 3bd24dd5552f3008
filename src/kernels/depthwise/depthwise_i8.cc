// Packs weights by chunks of channels and walks over the lines of the 8-bit depthwise convolution.
#include "kernels/depthwise/depthwise_i8.h"

#include <algorithm>
#include <cstring>

#include "kernels/depthwise/pixel_table.h"

namespace wherry::kernels {
namespace {

constexpr size_t header_bytes = 8;  // start and scale of a channel

}  // namespace

DepthwiseI8::DepthwiseI8(const DepthwiseI8Weights& weights, const Options& options)
    : options_(options), kernel_(options.variant.kernel) {
  const Window& w = options_.window;
  if (kernel_->taps_in_group == 4)
    for (size_t i = 0; i < w.depth(); ++i) {
      const int32_t value = weight(weights, i / w.channels, i % w.channels);
      if (value < -128 || value > 127) planes_ = 2;
    }
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

/// The summand of a weight that belongs to one plane; both fit a byte.
int32_t DepthwiseI8::plane(int32_t weight, size_t slot) const {
  if (planes_ == 1) return weight;
  const int32_t first = std::clamp(weight, -128, 127);
  return slot == 0 ? first : weight - first;
}

void DepthwiseI8::pack(const DepthwiseI8Weights& weights, const Chunk& chunk) {
  const Window& w = options_.window;
  const size_t width = chunk.width->channels, vectors = kernel_->vectors;
  const size_t lanes = width / vectors, in_group = kernel_->taps_in_group;
  const size_t element = 4 / in_group;
  uint8_t* to = packed_.as<uint8_t>() + chunk.packed_at;
  std::memset(to, 0, width * (header_bytes + groups_ * 4));
  auto* start = reinterpret_cast<int32_t*>(to);
  auto* scale = reinterpret_cast<float*>(to) + width;
  uint8_t* groups = to + header_bytes * width;
  const int32_t zero =
      options_.input_zero_point + (in_group == 4 && options_.input_signed ? 128 : 0);
  for (size_t position = 0; position < width; ++position) {
    const size_t j = position / lanes, part = position % lanes / 4, e = position % 4;
    const size_t in_chunk = vectors == 1 ? position : 4 * vectors * part + 4 * j + e;
    if (in_chunk >= chunk.count) continue;
    const size_t channel = chunk.channel + in_chunk;
    int32_t sum = weights.bias ? weights.bias[channel] : 0;
    for (size_t tap = 0; tap < w.taps() * planes_; ++tap) {
      const auto value =
          static_cast<int16_t>(plane(weight(weights, tap % w.taps(), channel), tap / w.taps()));
      const size_t group = tap / in_group, slot = tap % in_group;
      std::memcpy(groups + (group * width + position) * 4 + slot * element, &value, element);
      sum -= zero * value;
    }
    start[position] = sum;
    scale[position] = weights.scales[channel];
  }
}

size_t DepthwiseI8::scratch_bytes() const {
  return options_.window.kernel_height * table_columns(options_.window) * sizeof(const uint8_t*);
}

void DepthwiseI8::run(const Part& part) const {
  const Window& w = options_.window;
  auto* table = static_cast<const uint8_t**>(part.scratch);
  for (size_t line = part.line_begin; line < part.line_end; ++line) {
    const size_t image = line / w.out_height, y = line % w.out_height;
    for (size_t ky = 0; ky < w.kernel_height; ++ky) {
      const auto in_line = static_cast<ptrdiff_t>(y * w.stride_height + ky * w.dilation_height) -
                           static_cast<ptrdiff_t>(w.pad_top);
      point_pixels(w, static_cast<const uint8_t*>(part.input), image, in_line, 1,
                   padding_.as<const uint8_t>(), table + ky * table_columns(w));
    }
    for (const Chunk& chunk : chunks_) run_chunk(part, line, chunk);
  }
}

void DepthwiseI8::run_chunk(const Part& part, size_t line, const Chunk& chunk) const {
  const Window& w = options_.window;
  const auto* table = static_cast<const uint8_t**>(part.scratch);
  DepthwiseI8Block block = {
      .tap_index = tap_index_.data(),
      .column_step = w.stride_width,
      .groups = groups_,
      .channel = chunk.channel,
      .channel_count = chunk.count,
      .packed = packed_.as<const uint8_t>() + chunk.packed_at,
      .is_signed = options_.input_signed,
      .low = options_.low,
      .high = options_.high,
      .zero_point = options_.output_zero_point,
      .out = static_cast<uint8_t*>(part.out) + line * w.out_width * w.channels,
      .out_pixel = w.channels};
  const auto& runs = chunk.count < chunk.width->channels ? chunk.width->few : chunk.width->run;
  for (size_t x = 0; x < w.out_width;) {
    const size_t columns = block_columns(w.out_width - x);
    block.pixels = table + x * w.stride_width;
    runs[columns - 1](block);
    block.out += columns * w.channels;
    x += columns;
  }
}

}  // namespace wherry::kernels
