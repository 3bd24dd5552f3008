// The memory that this process has held.
#pragma once

#include <cstdint>

namespace wherry::cli {

/// The most bytes since forget_peak(), or since the program began where the system cannot forget.
/// What the program that started this one held does not count, where the system tells them apart.
uint64_t peak_bytes();
void forget_peak();

}  // namespace wherry::cli
