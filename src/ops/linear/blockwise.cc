// Weights of 4 bits with one scale per block of a row.
#include "ops/linear/blockwise.h"

namespace wherry {

Status check_blockwise_tensor(std::string_view what, const Graph* graph, const TensorType& type) {
  const BlockwiseQuantization& blockwise = *type.quantization->blockwise;
  ENSURE_CODE(ErrorCode::unsupported, type.dtype == DType::i4 && type.shape.rank() == 2, what,
              " with a scale per block must be i4 of rank 2, got ", text_of(type));
  int64_t depth = type.shape[1], block = blockwise.block_size;
  ENSURE(block >= 1 && depth % block == 0, what, " with rows of ", depth,
         " elements cannot have blocks of ", block);
  ENSURE(graph && blockwise.scales >= 0 &&
             static_cast<size_t>(blockwise.scales) < graph->values.size(),
         "the scales of ", what, " are no tensor of the graph");
  const Value& scales = graph->value(blockwise.scales);
  ENSURE(scales.constant && (scales.type.dtype == DType::f16 || scales.type.dtype == DType::f32),
         "the scales of ", what, " must be constants of type f16 or f32, got ",
         text_of(scales.type));
  int64_t count = TRY(scales.type.shape.checked_elements());
  int64_t needed = type.shape[0] * (depth / block);
  ENSURE(count == needed, what, " needs ", needed, " scales, got ", count);
  return {};
}

Status check_blockwise(const InferContext& context, const WeightedRoles& roles) {
  std::string_view name = context.op().name;
  const TensorType& weights = context.input(roles.weights);
  ENSURE(context.dtype(roles.data) == DType::f32 && context.declared(0).dtype == DType::f32, name,
         " with a scale per block needs float data, got ", context.dtype(roles.data));
  TRY(check_blockwise_tensor(cat("the weights of ", name), context.graph(), weights));
  if (!context.has_input(roles.bias)) return {};
  const TensorType& bias = context.input(roles.bias);
  ENSURE(bias.dtype == DType::f32 && bias.shape.elements() == weights.shape[0], name, " with ",
         weights.shape[0], " output channels needs as many floats as bias, got ", text_of(bias));
  return {};
}

Expected<std::vector<float>> blockwise_scales(const Call& call, const TensorType& type) {
  TensorView view = TRY(call.constant(type.quantization->blockwise->scales));
  std::vector<float> result(static_cast<size_t>(view.elements()));
  for (size_t i = 0; i < result.size(); ++i) {
    result[i] = view.dtype() == DType::f16 ? static_cast<float>(view.as<const half>()[i])
                                           : view.as<const float>()[i];
  }
  return result;
}

Status multiply_blockwise(Call& call, const WeightedRun& run, int64_t rows, int64_t depth,
                          int64_t units) {
  const TensorView& weights = call.input(run.roles.weights);
  std::vector<float> scales = TRY(blockwise_scales(call, *weights.type));
  FloatRange range = finite_activation_range(run.options.activation);
  std::vector<int8_t> w = unpack_sub_byte(weights);
  int64_t block = weights.type->quantization->blockwise->block_size, blocks = depth / block;
  const float* bias = call.has_input(run.roles.bias) ? call.data<float>(run.roles.bias) : nullptr;
  std::vector<int8_t> x(static_cast<size_t>(depth));
  float* y = call.result<float>(0);
  for (int64_t row = 0; row < rows; ++row) {
    std::span<const float> floats{call.data<float>(run.roles.data) + row * depth, x.size()};
    RowScale quantized = quantize_asymmetric(floats, x.data());
    for (int64_t unit = 0; unit < units; ++unit) {
      float sum = 0;
      for (int64_t b = 0; b < blocks; ++b) {
        const int8_t* from = w.data() + unit * depth + b * block;
        uint32_t products =
            dot<uint32_t>(x.data() + b * block, from, block, quantized.zero_point, 0);
        sum += static_cast<float>(static_cast<int32_t>(products)) *
               scales[static_cast<size_t>(unit * blocks + b)];
      }
      *y++ = range.clamp(sum * quantized.scale + (bias ? bias[unit] : 0.0f));
    }
  }
  return {};
}

}  // namespace wherry
