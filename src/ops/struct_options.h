// The options of custom operators that are a C struct of 32-bit numbers, not a FlexBuffer map.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/error.h"
#include "ir/attributes.h"

namespace wherry {

/// The first N numbers of the struct; further ones (what the runtime computed when the file was
/// written, fields of later releases) say nothing. `op` names the operator in messages.
template <size_t N>
Expected<std::array<int32_t, N>> struct_options(std::span<const uint8_t> bytes,
                                                std::string_view op) {
  std::array<int32_t, N> numbers;
  ENSURE_CODE(ErrorCode::malformed, bytes.size() >= 4 * N, op, " needs options of ", 4 * N,
              " bytes or more, got ", bytes.size());
  for (size_t i = 0; i < N; ++i) {
    const uint8_t* at = bytes.data() + 4 * i;
    numbers[i] = static_cast<int32_t>(uint32_t{at[0]} | uint32_t{at[1]} << 8 |
                                      uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24);
  }
  return numbers;
}

/// Padding and activation as such structs count them.
Expected<Padding> struct_padding(int32_t number, std::string_view op);
Expected<Activation> struct_activation(int32_t number, std::string_view op);

}  // namespace wherry
