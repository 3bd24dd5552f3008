// The sigmoid function of 16-bit fixed-point numbers, which int16 LOGISTIC and TANH interpolate.
#pragma once

#include <array>
#include <cstdint>

#include "ir/tensor_type.h"

namespace wherry {

/// sigmoid(i / 24) * 2^16 for i = 0 .. 255, each bent by half the error that interpolation makes in
/// the middle of the following interval.
const std::array<uint16_t, 256>& sigmoid_table();

/// How a stored int16 becomes a position in the table: (x * multiplier) >> shift, rounded, counts
/// steps of 1/(3 * 4096).
struct TableInput {
  int64_t multiplier = 3;
  int shift = 0;
  int32_t position(int16_t x) const;
};
/// For a scale that is a power of two, 2^-12 (or 2^-11 as well when `allow_double`), the factor is
/// exact; for others TFLite keeps 14 to 15 bits of it.
TableInput table_input(float scale, bool allow_double);

/// The exponent of a scale that is a power of two within 0.1 %; false when it is none.
bool exponent_of_two(float scale, int& exponent);

}  // namespace wherry
