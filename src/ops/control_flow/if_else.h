// IF: runs one of two graphs.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct IfElse {
  int32_t then_subgraph_index = 0;
  int32_t else_subgraph_index = 0;
  bool operator==(const IfElse&) const = default;
};
extern const AttributesType if_else_attributes;
/// Inputs: condition (one bool), then the inputs of both graphs.
extern const OpDef if_else;

}  // namespace wherry::op
