// Gives tensors that live at different times the same memory: offsets in one arena.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wherry {

/// A piece of memory and when it is needed, both ends included.
struct MemoryBlock {
  static constexpr int64_t unplaced = -1;
  int64_t size_bytes = 0;
  int first = 0, last = 0;
  int64_t offset = unplaced;  ///< given beforehand: stays there
};

/// Offsets and sizes are multiples of this.
inline constexpr int64_t memory_alignment = 64;
constexpr int64_t aligned_size(int64_t bytes) {
  return (bytes + memory_alignment - 1) / memory_alignment * memory_alignment;
}

struct MemoryPeak {
  int64_t bytes = 0;  ///< the most that is needed at any one time: no plan can be smaller
  int time = 0;       ///< the first time that needs so much
};
MemoryPeak peak_of(std::span<const MemoryBlock> blocks);

/// Places the blocks without an offset so that no two overlap in both time and memory; returns the
/// size of the arena. Tries several orders until the size is the peak, or nearly, or no more than
/// the bytes at hand.
int64_t place(std::span<MemoryBlock> blocks, int64_t at_hand = 0);

/// Two blocks that overlap in time and memory: proof that a plan is wrong.
struct MemoryConflict {
  size_t a, b;
};
/// All conflicts; empty for a sound plan.
std::vector<MemoryConflict> conflicts_of(std::span<const MemoryBlock> blocks);

}  // namespace wherry
