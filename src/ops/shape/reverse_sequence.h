// REVERSE_SEQUENCE: turns the first so many elements of each sequence of a batch around.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

struct ReverseSequence {
  int32_t seq_dim = 0;
  int32_t batch_dim = 0;
  bool operator==(const ReverseSequence&) const = default;
};
extern const AttributesType reverse_sequence_attributes;
/// Inputs: x, lengths (one per element of the batch axis).
extern const OpDef reverse_sequence;

}  // namespace wherry::op
