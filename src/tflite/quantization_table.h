// Reads how the elements of a tensor stand for real numbers.
#pragma once

#include <optional>

#include "ir/tensor_type.h"
#include "tflite/wire.h"

namespace wherry::tflite {

/// Kinds of the union of details.
struct QuantizationDetails {
  enum Kind : uint8_t { none = 0, custom = 1, blockwise = 2, multi_axis = 3 };
};

/// No table, or one that says nothing, gives none. Errors: unsupported, for details of a kind that
/// is not known.
Expected<std::optional<Quantization>> read_quantization(const TableView& table);

}  // namespace wherry::tflite
