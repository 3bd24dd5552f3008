// BUCKETIZE: between which boundaries each element lies.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct Bucketize {
  std::vector<float> boundaries;  ///< ascending
  bool operator==(const Bucketize&) const = default;
};
extern const AttributesType bucketize_attributes;
extern const OpDef bucketize;

}  // namespace wherry::op
