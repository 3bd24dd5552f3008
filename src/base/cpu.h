// What the processor can do, found out once, and the WHERRY_CPU cap on it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace wherry {

/// A set of processor features; every level of one architecture contains the levels below it.
struct Cpu {
  uint32_t features = 0;
  constexpr bool has(Cpu needed) const { return (features & needed.features) == needed.features; }
  constexpr bool operator==(const Cpu&) const = default;
};

namespace cpu {

inline constexpr Cpu none{0};    ///< plain C++
inline constexpr Cpu avx2{1};    ///< AVX2, FMA, F16C
inline constexpr Cpu avx512{3};  ///< and AVX-512 F, BW, DQ, VL
inline constexpr Cpu vnni{7};    ///< and AVX-512 VNNI, VBMI
inline constexpr Cpu amx{15};    ///< and AMX int8, granted by the operating system

/// What this machine has, before any cap.
Cpu hardware();

/// `have` reduced to the level called `cap` ("scalar", "avx2", "avx512", "vnni", "amx"; empty: as
/// it is).
Expected<Cpu> capped(std::string_view cap, Cpu have);

/// This machine's features under the cap of the environment variable WHERRY_CPU. Whoever starts
/// work for a user asks this first, so that a wrong value is an error and not a surprise.
const Expected<Cpu>& available();

/// The value of available(), or `none` when that is an error.
Cpu detect();

/// The name of the highest level contained in `have`.
std::string_view name(Cpu have);

}  // namespace cpu
}  // namespace wherry
