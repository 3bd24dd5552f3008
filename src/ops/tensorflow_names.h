// Operators of TensorFlow that a file keeps under their own names as custom operators although a
// builtin operator computes the same.
#pragma once

#include <optional>
#include <vector>

#include "ir/op_def.h"

namespace wherry {

struct TensorflowName {
  std::string_view tensorflow, builtin;
};
/// All of them, sorted.
std::vector<TensorflowName> tensorflow_names();

struct BuiltinForm {
  const OpDef* op = nullptr;
  Attributes attributes;
};

/// The builtin operator that computes what the custom operator `custom_code` ("BatchMatMulV2")
/// does, with what its options (a FlexBuffer map; empty: all at their defaults) say. None for other
/// names. Errors: malformed options.
Expected<std::optional<BuiltinForm>> builtin_form(std::string_view custom_code,
                                                  std::span<const uint8_t> options);

}  // namespace wherry
