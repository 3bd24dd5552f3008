// LSH_PROJECTION: bits that say on which side of random planes the items of a tensor lie.
#pragma once

#include "ir/op_def.h"

namespace wherry {

enum class LshType : int8_t { unknown = 0, sparse = 1, dense = 2 };
template <>
struct EnumNames<LshType> {
  static constexpr std::string_view names[] = {"unknown", "sparse", "dense"};
};

namespace op {

struct LshProjection {
  LshType type = LshType::sparse;  ///< sparse: one number per hash; dense: one number per bit
  bool operator==(const LshProjection&) const = default;
};
extern const AttributesType lsh_projection_attributes;
/// Inputs: hash seeds [hashes, bits], items, weights of the items (optional).
extern const OpDef lsh_projection;

}  // namespace op
}  // namespace wherry
