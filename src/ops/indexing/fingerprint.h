// FarmHash Fingerprint64: the fixed 64-bit hash that LSH_PROJECTION is defined by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wherry {

uint64_t fingerprint64(std::span<const std::byte> bytes);

}  // namespace wherry
