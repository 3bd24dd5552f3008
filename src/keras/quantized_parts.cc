// Finds out how Keras quantised a layer inside another, and imports it as the EinsumDense it is.
#include "keras/quantized_parts.h"

#include <algorithm>

namespace wherry::keras {
namespace {

/// "int4/BLOCK_from_float32": blocks of inputs have zeros of their own, with a row for each.
std::string int4_policy(const std::vector<const Weight*>& weights, const Shape& kernel) {
  for (const Weight* weight : weights) {
    bool is_zero = weight->dtype == DType::i8 && weight->shape.rank() == 2 &&
                   weight != weights.front() && weight->shape[0] > 0;
    if (!is_zero) continue;
    int64_t blocks = weight->shape[0];
    return cat("int4/", (kernel[0] + blocks - 1) / blocks, "_from_float32");
  }
  return "int4/-1_from_float32";
}

/// The weights of an EinsumDense, its kernel first.
std::vector<const Weight*> kernel_first(const WeightScope& scope) {
  std::vector<const Weight*> weights = scope.own();
  const Weight* kernel = scope.has_names() ? scope.named("kernel") : nullptr;
  auto place = std::find(weights.begin(), weights.end(), kernel);
  if (place != weights.end()) std::swap(*place, weights.front());
  return weights;
}

}  // namespace

Expected<std::string> policy_of_part(const LayerImport& layer, const LayerImport& part) {
  QuantizedForm form = TRY(quantized_form(layer.record()));
  if (form.mode != QuantizedMode::none) {
    std::string policy(quantized_policy(layer.record().config.at("dtype")));
    return policy.find("_from_") == std::string::npos ? policy + "_from_float32" : policy;
  }
  std::vector<const Weight*> weights = kernel_first(part.scope());
  if (weights.empty()) return std::string();
  const Weight& kernel = *weights.front();
  auto is_scalar = [](const Weight* weight) { return weight->shape.rank() == 0; };
  if (kernel.dtype == DType::i8 && kernel.shape.rank() >= 2)
    return kernel.shape.rank() > 2 ? "int8_from_float32" : int4_policy(weights, kernel.shape);
  if (std::any_of(weights.begin(), weights.end(), is_scalar))
    return std::string("float8_from_float32");
  if (kernel.dtype == DType::u8)
    return layer.unsupported(
        "Keras quantised the layers inside this one by GPTQ or AWQ, and the file does not say how",
        {}, std::string(quantize_later));
  return std::string();
}

Expected<ValueId> import_part(LayerImport& layer, ValueId x, const QuantizedPart& part,
                              const std::string& policy) {
  std::vector<PyValue> extents;
  for (int64_t extent : part.output_shape)
    extents.push_back(extent < 0 ? PyValue() : PyValue::of(extent));
  std::string name(part.name);
  PyValue config = PyValue::dict(
      {{"name", PyValue::of(name)},
       {"equation", PyValue::of(part.equation)},
       {"output_shape", PyValue::list(std::move(extents))},
       {"bias_axes", part.bias_axes.empty() ? PyValue() : PyValue::of(part.bias_axes)},
       {"dtype", PyValue::of(policy)}});
  PyValue record =
      PyValue::dict({{"class_name", PyValue::of("EinsumDense")}, {"config", std::move(config)}});
  LayerCall call{.positional = {PyValue::of(KerasTensor{x})}};
  Results results = TRY(
      layer.import_inner(record, std::move(call), layer.scope().sub(part.attribute, part.name)));
  return results.tensors[0].value;
}

}  // namespace wherry::keras
