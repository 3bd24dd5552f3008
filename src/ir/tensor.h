// Views of tensors while running, and tensors that own their bytes.
#pragma once

#include <cstddef>

#include "base/aligned_buffer.h"
#include "ir/model.h"

namespace wherry {

/// A tensor somebody else owns. Data is aligned to its element at least.
struct TensorView {
  const TensorType* type = nullptr;
  std::byte* data = nullptr;
  size_t bytes = 0;

  DType dtype() const { return type->dtype; }
  const Shape& shape() const { return type->shape; }
  int64_t elements() const { return type->shape.elements(); }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data);
  }
  template <class T>
  std::span<T> span() const {
    return {as<T>(), static_cast<size_t>(elements())};
  }
};

/// A tensor that owns its bytes.
struct Tensor {
  TensorType type;
  AlignedBuffer buffer;

  /// Zero-filled bytes for `type`; errors: too_large, also when memory is short.
  static Expected<Tensor> zeros(TensorType type);
  /// A buffer of `bytes` bytes, for strings.
  static Expected<Tensor> sized(TensorType type, size_t bytes);
  static Expected<Tensor> copy_of(const TensorView& view);
  template <class T>
  static Tensor of(Shape shape, std::span<const T> elements) {
    Tensor tensor{{dtype_of<T>, std::move(shape), {}, {}}, AlignedBuffer(elements.size_bytes())};
    std::copy(elements.begin(), elements.end(), tensor.view().template as<T>());
    return tensor;
  }
  TensorView view() const { return {&type, buffer.data(), buffer.size()}; }
};

/// The elements of a string tensor ("int32 count, count + 1 offsets, bytes"); errors for bad
/// offsets.
Expected<std::vector<std::string_view>> strings_of(const TensorView& view);
/// The same layout made from strings.
std::vector<std::byte> string_bytes(std::span<const std::string> strings);
std::vector<std::byte> string_bytes(std::span<const std::string_view> strings);

/// Dense bytes of a constant value: its own bytes, or, when sparse, a dense copy. Errors:
/// invalid_model when the byte count does not fit the type.
Expected<Constant> dense_constant(const Value& value);

/// Elements of an i4, u4 or i2 tensor (low bits first, packed without padding), one per byte.
std::vector<int8_t> unpack_sub_byte(const TensorView& view);
/// The other way: one element per byte into an i4, u4 or i2 tensor; only the low bits count.
void pack_sub_byte(std::span<const int8_t> elements, const TensorView& packed);

}  // namespace wherry
