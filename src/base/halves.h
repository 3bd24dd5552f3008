// Many floats at once to and from float16, as half.h converts one.
#pragma once

#include <cstddef>
#include <span>

namespace wherry {

/// `halves` takes half the bytes of `floats`; both may stand at any alignment. False when a finite
/// float becomes infinite.
bool floats_to_halves(std::span<const std::byte> floats, std::span<std::byte> halves);
/// The other way round.
void halves_to_floats(std::span<const std::byte> halves, std::span<std::byte> floats);

}  // namespace wherry
