// LEAKY_RELU: x, or alpha * x below zero.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct LeakyRelu {
  float alpha = 0.2f;  ///< slope below zero
  bool operator==(const LeakyRelu&) const = default;
};
extern const AttributesType leaky_relu_attributes;
extern const OpDef leaky_relu;

}  // namespace wherry::op
