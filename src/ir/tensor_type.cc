// Text of tensor types.
#include "ir/tensor_type.h"

#include <algorithm>

namespace wherry {

bool TensorType::fixed() const {
  return std::all_of(signature.begin(), signature.end(),
                     [](int64_t extent) { return extent >= 0; });
}

std::string text_of(const Shape& shape) {
  std::string out = "[";
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (axis) out += ',';
    if (shape[axis] < 0)
      out += '?';
    else
      append(out, shape[axis]);
  }
  return out + "]";
}

std::string text_of(const TensorType& type) {
  std::string out = cat(type.dtype, text_of(type.declared_shape()));
  if (!type.quantized()) return out;
  if (type.quantization->scales.size() == 1)
    return cat(out, "{", type.scale(), ":", type.zero_point(), "}");
  return cat(out, "{", type.quantization->scales.size(), " scales along axis ",
             type.quantization->axis, "}");
}

}  // namespace wherry
