// WHILE: runs a graph on its own outputs as long as another graph says so.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct WhileLoop {
  int32_t cond_subgraph_index = 0;
  int32_t body_subgraph_index = 0;
  bool operator==(const WhileLoop&) const = default;
};
extern const AttributesType while_loop_attributes;
/// Inputs and outputs: the loop's state, which both graphs take and the body gives back.
extern const OpDef while_loop;

}  // namespace wherry::op
