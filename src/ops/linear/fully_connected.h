// FULLY_CONNECTED: rows of the data times the transposed weights, plus bias.
#pragma once

#include "ops/weighted.h"

namespace wherry::op {

enum class WeightsFormat : int8_t { normal = 0, shuffled4x16int8 = 1 };

struct FullyConnected {
  Activation fused_activation_function = Activation::none;
  WeightsFormat weights_format = WeightsFormat::normal;
  bool keep_num_dims = false;               ///< the output keeps the data's leading axes
  bool asymmetric_quantize_inputs = false;  ///< of float data with integer weights
  DType quantized_bias_type = DType::f32;   ///< i32 or i64 with int16 data; f32 says nothing
  bool operator==(const FullyConnected&) const = default;
};
extern const AttributesType fully_connected_attributes;
/// Inputs: data [..., depth], weights [units, depth], bias. A second output is scratch of files
/// with shuffled weights.
extern const OpDef fully_connected;

/// Roles of the inputs of FULLY_CONNECTED.
inline constexpr WeightedRoles fully_connected_roles{0, 1, 2, 0};

struct FullyConnectedGeometry {
  int64_t rows = 0, depth = 0, units = 0;
};
Expected<FullyConnectedGeometry> fully_connected_geometry(const Shape& data, const Shape& weights);

}  // namespace wherry::op

namespace wherry {
template <>
struct EnumNames<op::WeightsFormat> {
  static constexpr std::string_view names[] = {"normal", "shuffled4x16int8"};
};
}  // namespace wherry
