// All operator definitions, found by code or name.
#pragma once

#include <span>
#include <string_view>

#include "ir/op_def.h"

namespace wherry {

/// What one file of src/ops/<subject>/ contributes: x.cc defines `OpTable x_ops()`.
struct OpTable {
  const OpDef* first;
  size_t count;
};
constexpr OpTable op_table(const OpDef& op) { return {&op, 1}; }
template <size_t N>
constexpr OpTable op_table(const OpDef (&ops)[N]) {
  return {ops, N};
}

std::span<const OpDef* const> all_ops();
/// The definition of a builtin code, or of a custom code; null when there is none.
const OpDef* find_op(int code);
const OpDef* find_custom_op(std::string_view custom_code);
const OpDef* find_op_named(std::string_view name);
/// Name of any builtin code of the schema, also of those without definition ("CODE_999" beyond).
std::string name_of_code(int code);

}  // namespace wherry
