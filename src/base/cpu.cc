// Asks the processor and the operating system for features, and reads the WHERRY_CPU cap.
#include "base/cpu.h"

#include <cstdlib>

#if defined(__x86_64__)
#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

namespace wherry::cpu {
namespace {

struct Level {
  std::string_view name;
  Cpu features;
};
constexpr Level levels[] = {
    {"scalar", none}, {"avx2", avx2}, {"avx512", avx512}, {"vnni", vnni}, {"amx", amx}};

#if defined(__x86_64__)
struct Registers {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Registers cpuid(uint32_t leaf, uint32_t subleaf) {
  Registers r;
  __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
}

/// The register states that the operating system saves and restores (XCR0).
uint64_t saved_states() {
  uint32_t low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<uint64_t>(high) << 32 | low;
}

/// Asks Linux to let this process use AMX tile data; other systems are taken not to grant it.
bool tile_data_granted() {
#if defined(__linux__)
  constexpr long arch_prctl_number = 158, request_permission = 0x1023, tile_data = 18;
  return syscall(arch_prctl_number, request_permission, tile_data) == 0;
#else
  return false;
#endif
}

constexpr bool all(uint64_t value, uint64_t mask) { return (value & mask) == mask; }
constexpr uint32_t bit(int index) { return uint32_t{1} << index; }

Cpu probe() {
  const Registers basic = cpuid(1, 0), extended = cpuid(7, 0);
  const uint32_t os_saves = bit(27), fma = bit(12), avx = bit(28), f16c = bit(29);
  if (!all(basic.ecx, os_saves | fma | avx | f16c) || !all(extended.ebx, bit(5))) return none;
  const uint64_t states = saved_states();
  if (!all(states, 0x6)) return none;
  const uint32_t f = bit(16), dq = bit(17), bw = bit(30), vl = bit(31);
  if (!all(extended.ebx, f | dq | bw | vl) || !all(states, 0xe6)) return avx2;
  const uint32_t vbmi = bit(1), vnni_bit = bit(11);
  if (!all(extended.ecx, vbmi | vnni_bit)) return avx512;
  const uint32_t tile = bit(24), tile_int8 = bit(25);
  if (!all(extended.edx, tile | tile_int8) || !all(states, 0x60000)) return vnni;
  return tile_data_granted() ? amx : vnni;
}
#else
Cpu probe() { return none; }
#endif

}  // namespace

Cpu hardware() {
  static const Cpu found = probe();
  return found;
}

Expected<Cpu> capped(std::string_view cap, Cpu have) {
  if (cap.empty()) return have;
  for (const Level& level : levels)
    if (level.name == cap) return Cpu{have.features & level.features.features};
  return Error{.code = ErrorCode::usage,
               .message = "the environment variable WHERRY_CPU names no instruction set",
               .received = std::string(cap),
               .advice = "WHERRY_CPU=scalar, avx2, avx512, vnni or amx, or leave it unset"};
}

const Expected<Cpu>& available() {
  static const Expected<Cpu> found = [] {
    const char* cap = std::getenv("WHERRY_CPU");
    return capped(cap ? cap : "", hardware());
  }();
  return found;
}

Cpu detect() {
  const Expected<Cpu>& found = available();
  return found ? *found : none;
}

std::string_view name(Cpu have) {
  std::string_view best;
  for (const Level& level : levels)
    if (have.has(level.features)) best = level.name;
  return best;
}

}  // namespace wherry::cpu
