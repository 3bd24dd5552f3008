// Adds the product of two thin matrices to a kernel.
#include "keras/adapters.h"

namespace wherry::keras {

Expected<const Weight*> with_adapters(ImportState& state, const WeightPlace& place,
                                      const Weight& weight) {
  bool adapts = place.role == "kernel" || place.role == "embeddings";
  if (!place.scope.has_names() || !adapts) return &weight;
  const Weight* left = place.scope.named(cat("lora_", place.role, "_a"));
  const Weight* right = place.scope.named(cat("lora_", place.role, "_b"));
  if (!left || !right || state.reformed.contains(weight.index)) return &weight;
  ENSURE_CODE(ErrorCode::unsupported, weight.dtype != DType::i8 && weight.dtype != DType::u8,
              "the weight ", quoted(weight.path),
              " is quantised and has adapters of low rank beside it; save the model as .keras, "
              "which merges them");
  ENSURE(weight.shape.rank() >= 2 && right->shape.rank() == 2 && right->shape[0] > 0 &&
             right->shape[1] == weight.shape.back() &&
             left->shape.elements() == weight.shape.elements() / right->shape[1] * right->shape[0],
         "the adapters ", left->shape.dims(), " and ", right->shape.dims(),
         " do not fit the weight ", quoted(weight.path), " ", weight.shape.dims());
  auto rank = static_cast<size_t>(right->shape[0]), columns = static_cast<size_t>(right->shape[1]);
  double alpha = place.record.config.at("lora_alpha").is_number()
                     ? place.record.config.at("lora_alpha").real()
                     : static_cast<double>(rank);
  auto factor = static_cast<float>(alpha / static_cast<double>(rank));
  std::vector<float> sum = TRY(as_floats(weight)), a = TRY(as_floats(*left)),
                     b = TRY(as_floats(*right));
  for (size_t row = 0; row < sum.size() / columns; ++row) {
    for (size_t i = 0; i < rank; ++i) {
      float scale = factor * a[row * rank + i];
      for (size_t column = 0; column < columns; ++column)
        sum[row * columns + column] += scale * b[i * columns + column];
    }
  }
  Weight merged = weight;
  merged.dtype = DType::f32;
  merged.data = Constant::of(std::move(sum));
  return &state.reformed.emplace(weight.index, std::move(merged)).first->second;
}

}  // namespace wherry::keras
