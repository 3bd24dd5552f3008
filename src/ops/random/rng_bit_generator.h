// STABLEHLO_RNG_BIT_GENERATOR: random bits from a state, and the state after them.
#pragma once

#include "ir/op_def.h"

namespace wherry::op {

enum class RngAlgorithm : int8_t { standard = 0, philox = 1, threefry = 2 };

struct RngBitGenerator {
  RngAlgorithm algorithm = RngAlgorithm::standard;  ///< standard: philox
  bool operator==(const RngBitGenerator&) const = default;
};
extern const AttributesType rng_bit_generator_attributes;
/// Input: the state, u64[2] or, of philox, u64[3]. Outputs: the next state, the bits in the
/// declared shape.
extern const OpDef rng_bit_generator;

}  // namespace wherry::op

namespace wherry {
template <>
struct EnumNames<op::RngAlgorithm> {
  static constexpr std::string_view names[] = {"standard", "philox", "threefry"};
};
}  // namespace wherry
