// Custom operators, and operators we have no definition for: kept with their bytes, not understood.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

/// Options of every custom operator (the bytes are a FlexBuffer by convention), and of operators
/// without a definition.
struct Custom {
  std::string custom_code;  ///< as in the file
  int32_t code =
      custom_code_number;  ///< builtin code when it is a builtin one without a definition
  Bytes options;
  bool operator==(const Custom&) const = default;
  static constexpr int32_t custom_code_number = 32;
};
extern const AttributesType custom_attributes;

/// Stands in for operators without a definition. Nodes with it can be looked at; a custom one can
/// be written back; none can be run.
extern const OpDef opaque;

/// The operator as a user knows it: "CONV_2D", the custom code of a custom operator, "CODE_999".
std::string name_of(const Node& node);

}  // namespace wherry::op
