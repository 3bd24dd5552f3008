// Reads and makes integer constants.
#include "passes/integers.h"

#include <cstring>

namespace wherry::passes {

std::optional<std::vector<int64_t>> integers_of(const PassContext& context, ValueId id) {
  if (!context.is_constant(id) || context.graph().value(id).sparsity) return std::nullopt;
  const Value& value = context.graph().value(id);
  bool wide = value.type.dtype == DType::i64;
  if (!wide && value.type.dtype != DType::i32) return std::nullopt;
  std::vector<int64_t> result;
  for (size_t i = 0; i < static_cast<size_t>(value.type.shape.elements()); ++i) {
    const std::byte* from = value.constant.bytes().data() + i * (wide ? 8 : 4);
    int64_t number = 0;
    int32_t narrow = 0;
    if (wide)
      std::memcpy(&number, from, 8);
    else
      std::memcpy(&narrow, from, 4);
    result.push_back(wide ? number : narrow);
  }
  return result;
}

ValueId integer_constant(Patch& patch, std::string name, std::vector<int32_t> elements,
                         int64_t columns) {
  int64_t count = static_cast<int64_t>(elements.size());
  Shape shape = columns ? Shape{count / columns, columns} : Shape{count};
  return patch.constant(std::move(name), {DType::i32, std::move(shape), {}, {}},
                        Constant::of(std::move(elements)));
}

}  // namespace wherry::passes
