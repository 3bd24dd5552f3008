// SQUEEZE: drops axes of extent 1.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Squeeze {
  std::vector<int32_t> squeeze_dims;  ///< empty: every axis of extent 1
  bool operator==(const Squeeze&) const = default;
};
extern const AttributesType squeeze_attributes;
extern const OpDef squeeze;

}  // namespace wherry::op
