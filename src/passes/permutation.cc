// Reads and makes permutations.
#include "passes/permutation.h"

#include <cstring>

namespace wherry::passes {

std::optional<std::vector<int32_t>> permutation_of(const PassContext& context,
                                                   const Node& transpose) {
  ValueId id = transpose.inputs[1];
  if (!context.is_constant(id) || context.type(id).dtype != DType::i32) return std::nullopt;
  const Value& value = context.graph().value(id);
  std::vector<int32_t> result(value.constant.size() / 4);
  if (!result.empty()) std::memcpy(result.data(), value.constant.bytes().data(), result.size() * 4);
  return result;
}

ValueId permutation_constant(Patch& patch, std::vector<int32_t> permutation) {
  int64_t rank = static_cast<int64_t>(permutation.size());
  return patch.constant("permutation", {DType::i32, {rank}, {}, {}},
                        Constant::of(std::move(permutation)));
}

}  // namespace wherry::passes
