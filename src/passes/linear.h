// What the folding passes know of CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and TRANSPOSE_CONV: y
// = W x + b by channel.
#pragma once

#include <optional>
#include <vector>

#include "passes/pass.h"

namespace wherry::passes {

struct LinearOp {
  const OpDef* op;
  int data, weights, bias;  ///< input indices
  int output_axis;  ///< axis of the weights that counts output channels (the last axis of the
                    ///< output)
  int input_axis;   ///< axis of the weights that counts input channels
};

/// The row of the node's operator when its weights are a float constant; null otherwise.
const LinearOp* linear_of(const PassContext& context, const Node& node);
/// As above for the producer of `id`, when that value has no other reader and no activation is
/// fused.
const Node* sole_linear_producer(const PassContext& context, ValueId id);

/// The bias of a node as floats, zeros when it has none; nothing when it is computed.
std::optional<std::vector<float>> bias_of(const PassContext& context, const Node& node,
                                          const LinearOp& linear);
int64_t output_channels(const PassContext& context, const Node& node, const LinearOp& linear);

/// A float constant that is one number, or one number per channel of a tensor whose last axis has
/// `channels`: as a vector of `channels` numbers. Nothing for other constants, computed values, or
/// a constant that would widen the tensor (rank > max_rank).
std::optional<std::vector<float>> per_channel(const PassContext& context, ValueId id,
                                              int64_t channels, int max_rank);

/// Elements of a float constant.
std::vector<float> floats_of(const Value& value);
/// Every slice along `axis` is multiplied by its factor; `repeat` neighbours share one factor.
struct Scaling {
  int axis = 0;
  std::vector<float> factors;
  int64_t repeat = 1;
};
/// Float weights, scaled when they are needed.
Constant scaled(const PassContext& context, const Value& weights, const Scaling& scaling);

/// A new node like `node` with other weights and bias; its output value. Weights of no_value keep
/// the old ones.
ValueId emit_linear(Patch& patch, const PassContext& context, const Node& node,
                    const LinearOp& linear, ValueId data, Constant weights, std::vector<float> bias,
                    Attributes attributes, const TensorType& type);

/// The option fused_activation_function, and options with another one. Operators without the option
/// say none.
Activation activation_of(const Attributes& attributes);
bool has_activation_option(const Attributes& attributes);
Attributes with_activation(const Attributes& attributes, Activation activation);
/// The clamp (RELU, RELU6 or RELU_N1_TO_1) as an option of the node whose result it alone reads.
/// Nothing where that node has an activation already or makes no floats.
std::optional<Patch> with_clamp(const PassContext& context, const Node& maker, const Node& clamp);

}  // namespace wherry::passes
