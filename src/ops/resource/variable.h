// VAR_HANDLE, READ_VARIABLE and ASSIGN_VARIABLE: tensors that live from run to run under a name.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct VarHandle {
  std::string container;
  std::string shared_name;
  bool operator==(const VarHandle&) const = default;
};
extern const AttributesType var_handle_attributes, read_variable_attributes,
    assign_variable_attributes;
extern const OpDef variable_family[3];
inline constexpr const OpDef& var_handle = variable_family[0];
/// Input: handle.
inline constexpr const OpDef& read_variable = variable_family[1];
/// Inputs: handle, value.
inline constexpr const OpDef& assign_variable = variable_family[2];

}  // namespace wherry::op
