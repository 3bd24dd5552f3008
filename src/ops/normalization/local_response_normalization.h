// LOCAL_RESPONSE_NORMALIZATION: channels divided by the energy of their neighbours.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct LocalResponseNormalization {
  int32_t radius = 5;
  float bias = 1, alpha = 1, beta = 0.5f;
  bool operator==(const LocalResponseNormalization&) const = default;
};
extern const AttributesType local_response_normalization_attributes;
extern const OpDef local_response_normalization;

}  // namespace wherry::op
