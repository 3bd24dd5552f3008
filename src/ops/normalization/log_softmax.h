// LOG_SOFTMAX: logarithms of softmax over the last axis.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct LogSoftmax {
  bool operator==(const LogSoftmax&) const = default;
};
extern const AttributesType log_softmax_attributes;
extern const OpDef log_softmax;

}  // namespace wherry::op
