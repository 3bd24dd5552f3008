// BITCAST: the same bytes as another element type.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

extern const AttributesType bitcast_attributes;
/// The output's declared type says as what the bytes are taken. To narrower elements: one more
/// axis; to wider ones: the last axis becomes one element.
extern const OpDef bitcast;

}  // namespace wherry::op
