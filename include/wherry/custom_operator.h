// Operators that a program adds to the built-in ones.
#pragma once

#include "wherry/error.h"
#include "wherry/tensor.h"

namespace wherry::v1 {

/// An input or output of a custom operator.
struct CustomTensor {
  ElementType type = ElementType::float32;
  std::vector<int64_t> shape;
  QuantizationInfo quantization;
  std::span<std::byte>
      data;             ///< dense; in prepare() only of constants. Inputs are not to be written.
  bool present = true;  ///< false: an optional input that the model leaves out

  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(data.data());
  }
};

/// Implement it and hand it over in LoadOptions. One object serves all nodes, interpreters and
/// threads at once, so it keeps no state of its own.
class CustomOperator {
 public:
  virtual ~CustomOperator() = default;
  /// The custom code in the file.
  virtual std::string name() const = 0;
  /// Sets type and shape of the outputs, which come with what the model declares. `options` are the
  /// custom options of the node. Called whenever shapes change; an error ends planning.
  virtual Status prepare(std::span<const CustomTensor> inputs, std::span<CustomTensor> outputs,
                         std::span<const std::byte> options) const = 0;
  /// Computes the outputs, which have the prepared shapes.
  virtual Status run(std::span<const CustomTensor> inputs, std::span<CustomTensor> outputs,
                     std::span<const std::byte> options) const = 0;
};

}  // namespace wherry::v1
