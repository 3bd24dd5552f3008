// Functions of quantised elements as tables: one entry per 8-bit element, 513 interpolated entries
// for 16-bit elements.
#pragma once

#include <array>

#include "ops/context.h"

namespace wherry {

/// The real function; `y` is the output's type, for functions that have no value everywhere.
using TableFunction = float (*)(float x, const TensorType& y);

/// The stored result for each stored int8 or uint8 element, indexed by its bits.
using ByteTable = std::array<uint8_t, 256>;
ByteTable byte_table(const TensorType& x, const TensorType& y, TableFunction f);

/// Entries at every 128th int16 element, bent by half the error in the middle between two.
struct InterpolatedTable {
  std::array<int16_t, 513> entries;
  int16_t operator()(int16_t x) const {
    size_t index = static_cast<size_t>(256 + (x >> 7));
    int32_t slope = static_cast<int16_t>(entries[index + 1] - entries[index]);
    return static_cast<int16_t>(entries[index] + ((slope * (x & 0x7f) + 64) >> 7));
  }
};
InterpolatedTable interpolated_table(const TensorType& x, const TensorType& y, TableFunction f);

/// Output 0 = f(input 0) for int8, uint8 and int16 tensors with one scale each.
void map_by_table(Call& call, TableFunction f);

}  // namespace wherry
