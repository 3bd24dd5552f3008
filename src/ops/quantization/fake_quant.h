// FAKE_QUANT: floats rounded as if they had been quantised.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct FakeQuant {
  float min = 0, max = 0;
  int32_t num_bits = 8;
  bool narrow_range = false;  ///< the lowest step is not used
  bool operator==(const FakeQuant&) const = default;
};
extern const AttributesType fake_quant_attributes;
extern const OpDef fake_quant;

}  // namespace wherry::op
