// Random words as a function of a key and a counter: Philox and Threefry, as published by Salmon,
// Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
#pragma once

#include <array>
#include <cstdint>

namespace wherry {

/// Philox with four 32-bit words and ten rounds.
std::array<uint32_t, 4> philox(std::array<uint32_t, 2> key, std::array<uint32_t, 4> counter);
/// Threefry with two 32-bit words and twenty rounds.
std::array<uint32_t, 2> threefry(std::array<uint32_t, 2> key, std::array<uint32_t, 2> counter);

}  // namespace wherry
