// What is known of a tensor before its values: element type, shape, quantisation.
#pragma once

#include <optional>
#include <vector>

#include "ir/dtype.h"
#include "ir/shape.h"

namespace wherry {

using ValueId = int32_t;
inline constexpr ValueId no_value = -1;

/// Scales that live in a constant tensor of the same graph, one per block along the last axis.
struct BlockwiseQuantization {
  ValueId scales = no_value;
  ValueId zero_points = no_value;
  int32_t block_size = 0;
  bool operator==(const BlockwiseQuantization&) const = default;
};

/// Scales in a constant tensor of the same graph, along several axes. Kept for who reads the file
/// next: nothing computes with them.
struct MultiAxisQuantization {
  ValueId scales = no_value;
  ValueId zero_points = no_value;
  int32_t block_size = 0;
  std::vector<int32_t> axes;
  bool operator==(const MultiAxisQuantization&) const = default;
};

/// real = (stored - zero_point) * scale. One scale: per tensor; several: per channel along `axis`.
struct Quantization {
  std::vector<float> scales;
  std::vector<int64_t>
      zero_points;  ///< may be shorter than scales in foreign files: missing ones are 0
  int32_t axis = 0;
  std::vector<float> min, max;  ///< informational
  std::optional<BlockwiseQuantization> blockwise;
  std::optional<MultiAxisQuantization> multi_axis;
  std::optional<std::vector<uint8_t>> custom;  ///< bytes of another program; mean nothing here
  Quantization() = default;
  Quantization(float scale, int64_t zero_point) : scales{scale}, zero_points{zero_point} {}
  /// Calls `visit(ValueId&)` for each tensor of the graph that holds scales or zero points.
  template <class Visit>
  void for_each_tensor(Visit&& visit) {
    if (blockwise) visit(blockwise->scales), visit(blockwise->zero_points);
    if (multi_axis) visit(multi_axis->scales), visit(multi_axis->zero_points);
  }
  bool operator==(const Quantization&) const = default;
};

struct TensorType {
  DType dtype = DType::f32;
  Shape shape;      ///< concrete; 1 stands where the signature is unknown
  Shape signature;  ///< empty: every extent is fixed; else as shape with -1 for unknown extents
  std::optional<Quantization> quantization;

  bool fixed(int axis) const { return signature.rank() == 0 || signature[axis] >= 0; }
  bool fixed() const;
  /// The signature if there is one, else the shape.
  const Shape& declared_shape() const { return signature.rank() ? signature : shape; }
  /// True with scales (one or more), false for plain integers and floats.
  bool quantized() const { return quantization && !quantization->scales.empty(); }
  /// Per-tensor scale and zero point; 0 and 0 when not quantised.
  float scale() const { return quantized() ? quantization->scales[0] : 0.0f; }
  int32_t zero_point() const { return zero_point(0); }
  int32_t zero_point(size_t channel) const {
    if (!quantized() || channel >= quantization->zero_points.size()) return 0;
    return static_cast<int32_t>(quantization->zero_points[channel]);
  }
  bool operator==(const TensorType&) const = default;
};

/// "i8[1,?,?,3]{0.5:-128}": for messages and listings.
std::string text_of(const TensorType& type);
std::string text_of(const Shape& shape);

}  // namespace wherry
