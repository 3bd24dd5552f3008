// The two checksums of HDF5: one over metadata blocks, one as a filter over chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wherry::keras::hdf5 {

/// Bob Jenkins' public "lookup3" hash with start value 0, as stored behind metadata blocks.
uint32_t lookup3(std::span<const std::byte> bytes);
/// Fletcher's checksum over big-endian 16-bit words, an odd last byte padded with zero.
uint32_t fletcher32(std::span<const std::byte> bytes);

}  // namespace wherry::keras::hdf5
