// What each weight of a layer is multiplied with, averaged over all windows of all samples.
#pragma once

#include <optional>
#include <vector>

#include "ir/op_def.h"
#include "ir/tensor.h"
#include "ops/convolution/geometry.h"

namespace wherry::quantize {

/// By tap of the window, row by row, and channel of the data: the mean of what lies under it, with
/// 0 for padding. Of dense layers, by channel.
struct TapMeans {
  std::vector<double> elements;
};

/// How windows lie on NHWC data. Dense layers have one of a single tap on each row of their data.
struct Windows {
  SlidingAxis y, x;
  int64_t batches = 0, channels = 0;
  int64_t height = 0, width = 0;  ///< of the data
  bool scatters = false;          ///< transposed: windows lie on the output

  int64_t count() const { return batches * (scatters ? y.input * x.input : y.output * x.output); }
};
/// Of a layer with float weights on data of this shape; none for operators that are not known here.
std::optional<Windows> windows_of(const Graph& graph, const Node& node, const Shape& data);

/// Adds up, window by window, what the samples have.
class TapSums {
 public:
  void add(const Windows& windows, std::span<const float> data);
  /// None before anything was added.
  std::optional<TapMeans> means() const;

 private:
  void add_row(const Windows& windows, int64_t row, const float* data);

  std::vector<double> sums_;
  std::vector<float> in_row_;  ///< by tap of the x axis and channel
  int64_t windows_ = 0;
};

}  // namespace wherry::quantize
