// FULLY_CONNECTED: rows of the data times the transposed weights, plus bias.
#include "ops/linear/fully_connected.h"

#include "ops/linear/blockwise.h"
#include "ops/registry.h"
#include "ops/version_conditions.h"

namespace wherry::op {
namespace {

constexpr Field fully_connected_fields[] = {
    field<&FullyConnected::fused_activation_function>("fused_activation_function", 0),
    field<&FullyConnected::weights_format>("weights_format", 1),
    field<&FullyConnected::keep_num_dims>("keep_num_dims", 2),
    field<&FullyConnected::asymmetric_quantize_inputs>("asymmetric_quantize_inputs", 3),
    field<&FullyConnected::quantized_bias_type>("quantized_bias_type", 4)};

WeightedOptions options_of(const FullyConnected& attributes) {
  return {.activation = attributes.fused_activation_function,
          .quantized_bias_type = attributes.quantized_bias_type,
          .zero_points_of_int8_weights = true,
          .widens_u8 = true};
}

/// Weights in blocks of 4 units by 16 elements, stored with the sign bit flipped: the zero point
/// 128 is subtracted that way, from the data too.
Status check_shuffled(InferContext& context, const FullyConnectedGeometry& geometry) {
  ENSURE(context.dtype(0) == DType::u8 && context.dtype(1) == DType::u8 &&
             context.declared(0).dtype == DType::i16,
         "FULLY_CONNECTED with shuffled weights takes u8 and gives i16, got ", context.dtype(0),
         " times ", context.dtype(1), " giving ", context.declared(0).dtype);
  ENSURE(geometry.units % 4 == 0 && geometry.depth % 16 == 0,
         "FULLY_CONNECTED with shuffled weights needs blocks of 4 by 16, got the shape ",
         context.shape(1));
  ENSURE(context.output_count() == 2,
         "FULLY_CONNECTED with shuffled weights needs a second output for scratch");
  return context.set_output(1, DType::u8, context.shape(0));
}

/// On float data with integer weights the stock kernel computes tanh and sign_bit, which it leaves
/// out everywhere else.
Status check_hybrid_activation(const InferContext& context, Activation activation) {
  bool hybrid = context.dtype(0) == DType::f32 && context.dtype(1) != DType::f32;
  bool unbounded = activation == Activation::tanh || activation == Activation::sign_bit;
  ENSURE_CODE(ErrorCode::unsupported, !hybrid || !unbounded, "FULLY_CONNECTED on f32 data with ",
              context.dtype(1), " weights does not support the fused activation ",
              activation == Activation::tanh ? "tanh" : "sign_bit",
              "; an operator of its own behind it does the same");
  return {};
}

Status infer_fully_connected(InferContext& context) {
  const auto& attributes = context.attributes<FullyConnected>();
  const Shape& data = context.shape(0);
  FullyConnectedGeometry geometry = TRY(fully_connected_geometry(data, context.shape(1)));
  if (is_blockwise(context.input(1)))
    TRY(check_blockwise(context, fully_connected_roles));
  else
    TRY(check_weighted(context, fully_connected_roles, options_of(attributes)));
  if (attributes.weights_format == WeightsFormat::shuffled4x16int8)
    TRY(check_shuffled(context, geometry));
  TRY(check_hybrid_activation(context, attributes.fused_activation_function));
  DType dtype = context.declared(0).dtype;
  if (!attributes.keep_num_dims)
    return context.set_output(0, dtype, {geometry.rows, geometry.units});
  ENSURE(data.rank() >= 1 && data.back() == geometry.depth,
         "FULLY_CONNECTED that keeps its axes needs rows of ", geometry.depth,
         " elements, got the shape ", data);
  Shape result = data;
  result[data.rank() - 1] = geometry.units;
  return context.set_output(0, dtype, std::move(result));
}

struct Kernel {
  FullyConnectedGeometry g;

  template <class Sum, class X, class W, class Store>
  void operator()(const WeightedOperands<X, W>& operands, Store store) const {
    for (int64_t row = 0; row < g.rows; ++row) {
      for (int64_t unit = 0; unit < g.units; ++unit) {
        Sum sum = dot<Sum>(operands.x + row * g.depth, operands.w + unit * g.depth, g.depth,
                           operands.x_zero[row], operands.w_zero);
        store(row * g.units + unit, row, unit, sum);
      }
    }
  }
};

std::vector<int8_t> in_order(const uint8_t* shuffled, const FullyConnectedGeometry& g) {
  std::vector<int8_t> result(static_cast<size_t>(g.units * g.depth));
  for (int64_t unit = 0; unit < g.units; unit += 4) {
    for (int64_t start = 0; start < g.depth; start += 16) {
      for (int64_t i = 0; i < 4; ++i) {
        for (int64_t k = 0; k < 16; ++k)
          result[static_cast<size_t>((unit + i) * g.depth + start + k)] =
              static_cast<int8_t>(*shuffled++);
      }
    }
  }
  return result;
}

Status run_shuffled(Call& call, const WeightedRun& run, const FullyConnectedGeometry& geometry) {
  std::vector<int8_t> weights = in_order(call.data<uint8_t>(1), geometry);
  const TensorType &x = *call.input(0).type, &y = *call.output(0).type;
  Requantization requantization =
      TRY(Requantization::of(x, *call.input(1).type, y, run.options.activation, run.rule));
  const int32_t* bias = call.has_input(2) ? call.data<int32_t>(2) : nullptr;
  int8_t* signed_x = call.result<int8_t>(1);
  for (int64_t i = 0; i < x.shape.elements(); ++i)
    signed_x[i] = static_cast<int8_t>(call.data<uint8_t>(0)[i] ^ 0x80);
  WeightedOperands<int8_t, int8_t> operands{signed_x, weights.data(), {}, 0};
  auto store = [&](int64_t i, int64_t, int64_t unit, uint32_t sum) {
    if (bias) sum += static_cast<uint32_t>(bias[unit]);
    call.result<int16_t>(0)[i] =
        static_cast<int16_t>(requantization.apply(static_cast<int32_t>(sum), unit));
  };
  Kernel{geometry}.operator()<uint32_t>(operands, store);
  return {};
}

Requantization::Rule rule_of(const TensorType& weights, bool is_shuffled) {
  if (is_shuffled || weights.dtype == DType::i16) {
    bool per_channel = weights.quantized() && weights.quantization->scales.size() > 1;
    return {Rounding::fixed_point, per_channel ? Requantization::ScaleProduct::in_double
                                               : Requantization::ScaleProduct::in_float};
  }
  return {Rounding::real, Requantization::ScaleProduct::in_double};
}

Status reference(Call& call) {
  const auto& attributes = call.attributes<FullyConnected>();
  FullyConnectedGeometry geometry = TRY(fully_connected_geometry(call.shape(0), call.shape(1)));
  bool is_shuffled = attributes.weights_format == WeightsFormat::shuffled4x16int8;
  WeightedRun run{.roles = fully_connected_roles,
                  .options = options_of(attributes),
                  .rule = rule_of(*call.input(1).type, is_shuffled),
                  .groups = geometry.rows,
                  .asymmetric = attributes.asymmetric_quantize_inputs};
  if (is_shuffled) return run_shuffled(call, run, geometry);
  if (is_blockwise(*call.input(1).type))
    return multiply_blockwise(call, run, geometry.rows, geometry.depth, geometry.units);
  return run_weighted(call, run, Kernel{geometry});
}

int64_t macs(const InferContext& context) {
  return context.outputs()[0].shape.elements() * context.shape(1)[1];
}

const FullyConnected& attributes_of(const Node& node) {
  return node.attributes.as<FullyConnected>();
}
bool is_shuffled(const Graph&, const Node& node) {
  return attributes_of(node).weights_format == WeightsFormat::shuffled4x16int8;
}
bool keeps_axes(const Graph&, const Node& node) { return attributes_of(node).keep_num_dims; }
bool has_no_bias(const Graph& graph, const Node& node) { return !input_type(graph, node, 2); }
bool has_sparse_weights(const Graph& graph, const Node& node) {
  return node.inputs.size() > 1 && node.inputs[1] != no_value &&
         graph.value(node.inputs[1]).sparsity;
}
bool is_asymmetric(const Graph& graph, const Node& node) {
  return is_hybrid_node(graph, node) && attributes_of(node).asymmetric_quantize_inputs;
}
bool has_bias_type(const Graph&, const Node& node) {
  return attributes_of(node).quantized_bias_type != DType::f32;
}
bool is_per_channel(const Graph& graph, const Node& node) {
  const TensorType* weights = input_type(graph, node, 1);
  return weights && weights->quantized() && weights->quantization->scales.size() > 1;
}
bool is_int16_by_int4(const Graph& graph, const Node& node) {
  return input_is<0, DType::i16>(graph, node) && input_is<1, DType::i4>(graph, node);
}

constexpr TypeSet data_types = one_of(DType::f32, DType::f16) | quantized_types;

}  // namespace

Expected<FullyConnectedGeometry> fully_connected_geometry(const Shape& data, const Shape& weights) {
  ENSURE(weights.rank() == 2, "FULLY_CONNECTED needs weights of rank 2 (units, depth), got the ",
         "shape ", weights);
  FullyConnectedGeometry result{0, weights[1], weights[0]};
  if (result.depth == 0) {
    ENSURE(data.rank() >= 1 && data.back() == 0, "FULLY_CONNECTED with weights of the shape ",
           weights, " needs empty rows, got the shape ", data);
    result.rows = data.product(0, data.rank() - 1);
    return result;
  }
  ENSURE(data.elements() % result.depth == 0, "FULLY_CONNECTED with weights of the shape ", weights,
         " cannot split the shape ", data, " into rows of ", result.depth);
  result.rows = data.elements() / result.depth;
  return result;
}

constinit const AttributesType fully_connected_attributes =
    attributes_type<FullyConnected>(fully_connected_fields, 8);

constinit const OpDef fully_connected = {
    .name = "FULLY_CONNECTED",
    .code = 9,
    .attributes = &fully_connected_attributes,
    .inputs = {{"x", data_types},
               {"weights", one_of(DType::f32, DType::f16, DType::u8, DType::i8, DType::i4,
                                  DType::i2, DType::i16)},
               {"bias", one_of(DType::f32, DType::f16, DType::i32, DType::i64),
                Presence::optional}},
    .outputs = {{"y", data_types}, {"scratch", DType::u8, Presence::optional}},
    .versions = {{1, "1.5.0"},
                 {2, "1.10.0", {}, is_shuffled},
                 {3, "1.14.0", {}, is_hybrid_node},
                 {4, "1.14.0", {}, input_is<0, DType::i8>},
                 {5, "2.0.0", {}, keeps_axes},
                 {6, "2.1.0", {}, has_no_bias},
                 {7, "2.3.0", {}, input_is<0, DType::i16>},
                 {8, "2.3.0", {}, has_sparse_weights},
                 {9, "2.3.0", {}, is_asymmetric},
                 {10, "2.11.0", DType::i4},
                 {11, "2.15.0", {}, has_bias_type},
                 {12, "2.17.0", {}, is_per_channel},
                 {13, "2.18.0", {}, is_int16_by_int4},
                 {14, "2.21.0", DType::i2}},
    .infer = infer_fully_connected,
    .reference = reference,
    .quantization = {.rule = QuantizationRule::calibrated,
                     .weights = 1,
                     .bias = 2,
                     .channel_axis = 0,
                     .int16 = true,
                     .hybrid = true},
    .macs = macs,
    .doc = "each row times the transposed weights, plus bias"};

OpTable fully_connected_ops() { return op_table(fully_connected); }

}  // namespace wherry::op
