// BATCH_MATMUL: products of matrices, over broadcast batch axes.
#pragma once

#include "ops/weighted.h"

namespace wherry::op {

struct BatchMatMul {
  bool adj_x = false, adj_y = false;        ///< take the transposed matrix
  bool asymmetric_quantize_inputs = false;  ///< of float x with int8 y
  bool operator==(const BatchMatMul&) const = default;
};
extern const AttributesType batch_matmul_attributes;
/// Inputs: x [..., rows, depth], y [..., depth, columns], each possibly transposed.
extern const OpDef batch_matmul;

struct BatchMatMulGeometry {
  int64_t rows = 0, depth = 0, columns = 0;  ///< of one product
  Shape x_batches, y_batches, batches;  ///< leading axes; the last one is what both broadcast to
  Shape output() const;
};
Expected<BatchMatMulGeometry> batch_matmul_geometry(const BatchMatMul& attributes, const Shape& x,
                                                    const Shape& y);
/// Whether float rows of x are quantised with zero points when y is int8: by the option, and always
/// with several batch axes, where the only stock kernel that is right does so.
bool batch_matmul_quantizes_asymmetrically(const BatchMatMul& attributes, const Shape& x);
/// The axis of y along which the columns of the products lie: that of scales per channel.
inline int column_axis(const BatchMatMul& attributes, const Shape& y) {
  return y.rank() - (attributes.adj_y ? 2 : 1);
}

}  // namespace wherry::op
