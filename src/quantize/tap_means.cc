// An element counts for a tap once for each window that has it there: rows are summed first, then
// added for each tap of the y axis.
#include "quantize/tap_means.h"

#include <cstring>

#include "ops/convolution/conv_2d.h"
#include "ops/convolution/depthwise_conv_2d.h"
#include "ops/convolution/transpose_conv.h"
#include "ops/linear/fully_connected.h"

namespace wherry::quantize {
namespace {

std::optional<Windows> windows_of_dense(const Shape& data, const Shape& weights) {
  auto found = op::fully_connected_geometry(data, weights);
  if (!found) return std::nullopt;
  return Windows{.x = {.input = found->rows, .output = found->rows},
                 .batches = 1,
                 .channels = found->depth,
                 .height = 1,
                 .width = found->rows};
}

template <class Geometry>
std::optional<Windows> sliding(const Expected<Geometry>& found) {
  if (!found) return std::nullopt;
  return Windows{.y = found->y,
                 .x = found->x,
                 .batches = found->batches,
                 .channels = found->channels_in,
                 .height = found->y.input,
                 .width = found->x.input};
}

std::optional<Windows> windows_of_transposed(const Graph& graph, const Node& node,
                                             const Shape& data, const Shape& weights) {
  std::span<const std::byte> bytes = graph.value(node.inputs[0]).constant.bytes();
  if (bytes.size() != 4 * sizeof(int32_t)) return std::nullopt;
  int32_t extents[4];
  std::memcpy(extents, bytes.data(), bytes.size());
  auto found =
      op::transpose_conv_geometry(node.attributes.as<op::TransposeConv>(),
                                  {extents[0], extents[1], extents[2], extents[3]}, weights, data);
  if (!found) return std::nullopt;
  return Windows{.y = found->y,
                 .x = found->x,
                 .batches = found->batches,
                 .channels = found->channels_in,
                 .height = found->height,
                 .width = found->width,
                 .scatters = true};
}

/// Whether some window has element `at` of the axis under its tap `tap`.
bool meets(const SlidingAxis& axis, bool scatters, int64_t at, int64_t tap) {
  if (scatters) {
    int64_t place = axis.origin(at) + tap * axis.dilation;
    return place >= 0 && place < axis.input;
  }
  int64_t position = axis.position_of(at, tap);
  return position >= 0 && position < axis.output;
}

}  // namespace

std::optional<Windows> windows_of(const Graph& graph, const Node& node, const Shape& data) {
  const Shape& weights =
      graph.value(node.inputs[static_cast<size_t>(node.op->quantization.weights)]).type.shape;
  if (node.op == &op::fully_connected) return windows_of_dense(data, weights);
  if (node.op == &op::conv_2d)
    return sliding(op::conv_2d_geometry(node.attributes.as<op::Conv2D>(), data, weights));
  if (node.op == &op::depthwise_conv_2d)
    return sliding(
        op::depthwise_geometry(node.attributes.as<op::DepthwiseConv2D>(), data, weights));
  if (node.op == &op::transpose_conv) return windows_of_transposed(graph, node, data, weights);
  return std::nullopt;
}

void TapSums::add(const Windows& windows, std::span<const float> data) {
  const int64_t row_size = windows.width * windows.channels;
  sums_.resize(static_cast<size_t>(windows.y.filter * windows.x.filter * windows.channels));
  in_row_.resize(static_cast<size_t>(windows.x.filter * windows.channels));
  for (int64_t batch = 0; batch < windows.batches; ++batch) {
    for (int64_t row = 0; row < windows.height; ++row)
      add_row(windows, row, data.data() + (batch * windows.height + row) * row_size);
  }
  windows_ += windows.count();
}

void TapSums::add_row(const Windows& windows, int64_t row, const float* data) {
  std::fill(in_row_.begin(), in_row_.end(), 0.0f);
  const auto channels = static_cast<size_t>(windows.channels);
  for (int64_t tap = 0; tap < windows.x.filter; ++tap) {
    float* sums = in_row_.data() + static_cast<size_t>(tap) * channels;
    for (int64_t at = 0; at < windows.width; ++at) {
      if (!meets(windows.x, windows.scatters, at, tap)) continue;
      const float* elements = data + at * windows.channels;
      for (size_t channel = 0; channel < channels; ++channel) sums[channel] += elements[channel];
    }
  }
  for (int64_t tap = 0; tap < windows.y.filter; ++tap) {
    if (!meets(windows.y, windows.scatters, row, tap)) continue;
    double* sums = sums_.data() + static_cast<size_t>(tap) * in_row_.size();
    for (size_t i = 0; i < in_row_.size(); ++i) sums[i] += static_cast<double>(in_row_[i]);
  }
}

std::optional<TapMeans> TapSums::means() const {
  if (windows_ == 0) return std::nullopt;
  TapMeans result{sums_};
  for (double& element : result.elements) element /= static_cast<double>(windows_);
  return result;
}

}  // namespace wherry::quantize
