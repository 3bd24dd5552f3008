// Greedy placement into the best-fitting gap, for several orders of the blocks; the orders that
// follow bring blocks that ended up on top to the front.
#include "runtime/memory_plan.h"

#include <algorithm>
#include <numeric>

namespace wherry {
namespace {

bool overlap_in_time(const MemoryBlock& a, const MemoryBlock& b) {
  return a.first <= b.last && b.first <= a.last;
}

using Order = std::vector<uint32_t>;

/// Up to here it is remembered which blocks live at the same time.
constexpr size_t max_remembered = 4096;
/// Beyond, no memory is shared: placing costs the square of the number.
constexpr size_t max_shared = 40'000;

class Placer {
 public:
  Placer(std::span<const MemoryBlock> blocks, int64_t at_hand)
      : blocks_(blocks.begin(), blocks.end()) {
    for (MemoryBlock& block : blocks_) block.size_bytes = aligned_size(block.size_bytes);
    for (uint32_t i = 0; i < blocks_.size(); ++i)
      (blocks_[i].offset == MemoryBlock::unplaced ? free_ : fixed_).push_back(i);
    peak_ = peak_of(blocks_).bytes;
    find_neighbours(at_hand);
  }

  int64_t peak() const { return peak_; }
  int64_t best_size() const { return best_size_; }
  bool perfect() const { return best_size_ <= lower_bound_; }
  const std::vector<int64_t>& best_offsets() const { return best_offsets_; }
  size_t free_blocks() const { return free_.size(); }
  /// Work of one try, in comparisons.
  size_t cost() const { return cost_; }

  /// The free blocks, those first for which key(block) is largest.
  template <class Key>
  Order sorted(Key key) const {
    Order order = free_;
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return key(blocks_[a]) > key(blocks_[b]); });
    return order;
  }

  /// Places in this order; says how large the arena gets.
  int64_t attempt(const Order& order, bool lowest) {
    std::vector<int64_t>& offsets = offsets_;
    offsets.assign(blocks_.size(), MemoryBlock::unplaced);
    int64_t size = 0;
    for (uint32_t i : fixed_) {
      offsets[i] = blocks_[i].offset;
      size = std::max(size, offsets[i] + blocks_[i].size_bytes);
    }
    for (uint32_t i : order) {
      offsets[i] = best_gap(i, lowest);
      size = std::max(size, offsets[i] + blocks_[i].size_bytes);
    }
    if (best_size_ < 0 || size < best_size_) {
      best_size_ = size;
      best_offsets_ = offsets;
    }
    return size;
  }

  /// The order in which the blocks that reach the top of the last attempt come first.
  void raise_top(Order& order, int64_t size, uint32_t random) const {
    std::stable_partition(order.begin(), order.end(),
                          [&](uint32_t i) { return offsets_[i] + blocks_[i].size_bytes == size; });
    if (order.size() > 2) {
      size_t a = random % order.size(), b = (random >> 16) % order.size();
      if (random & 0x8000)
        std::rotate(order.begin() + std::min(a, b), order.begin() + std::max(a, b),
                    order.begin() + std::max(a, b) + 1);
    }
  }

 private:
  void find_neighbours(int64_t at_hand) {
    lower_bound_ = std::max(peak_, at_hand);
    for (uint32_t i : fixed_)
      lower_bound_ = std::max(lower_bound_, blocks_[i].offset + blocks_[i].size_bytes);
    if (blocks_.size() > max_remembered) {
      everything_.resize(blocks_.size());
      std::iota(everything_.begin(), everything_.end(), 0u);
      return;
    }
    neighbours_.resize(blocks_.size());
    Order by_start(blocks_.size());
    std::iota(by_start.begin(), by_start.end(), 0u);
    std::sort(by_start.begin(), by_start.end(),
              [&](uint32_t a, uint32_t b) { return blocks_[a].first < blocks_[b].first; });
    for (size_t k = 0; k < by_start.size(); ++k) {
      const MemoryBlock& block = blocks_[by_start[k]];
      for (size_t m = k + 1; m < by_start.size() && blocks_[by_start[m]].first <= block.last; ++m) {
        neighbours_[by_start[k]].push_back(by_start[m]);
        neighbours_[by_start[m]].push_back(by_start[k]);
        cost_ += 2;
      }
    }
  }

  /// The smallest gap (or the lowest) between placed blocks that live at the same time.
  int64_t best_gap(uint32_t i, bool lowest) {
    taken_.clear();
    for (uint32_t other : neighbours_.empty() ? everything_ : neighbours_[i]) {
      if (offsets_[other] != MemoryBlock::unplaced && blocks_[other].size_bytes > 0 &&
          overlap_in_time(blocks_[i], blocks_[other]))
        taken_.push_back({offsets_[other], offsets_[other] + blocks_[other].size_bytes});
    }
    std::sort(taken_.begin(), taken_.end());
    int64_t size = blocks_[i].size_bytes, end = 0, best = -1, best_gap = 0;
    for (const auto& [from, to] : taken_) {
      int64_t gap = from - end;
      if (gap >= size && (best < 0 || gap < best_gap)) {
        best = end;
        best_gap = gap;
        if (lowest) return best;
      }
      end = std::max(end, to);
    }
    return best >= 0 ? best : end;
  }

  std::vector<MemoryBlock> blocks_;
  Order free_, fixed_;
  std::vector<Order> neighbours_;
  Order everything_;  ///< in place of neighbours_ when there are too many blocks
  std::vector<int64_t> offsets_, best_offsets_;
  std::vector<std::pair<int64_t, int64_t>> taken_;
  int64_t peak_ = 0, best_size_ = -1;
  int64_t lower_bound_ = 0;  ///< below it nothing is gained
  size_t cost_ = 1;
};

int64_t duration(const MemoryBlock& block) { return int64_t{block.last} - block.first + 1; }

/// Improves on `order` until the arena is no larger than `enough`, or cannot get smaller, or
/// `budget` comparisons are spent.
void climb(Placer& placer, Order order, int64_t enough, size_t budget) {
  uint32_t random = 2463534242u;
  for (size_t spent = 0; spent < budget && !placer.perfect() && placer.best_size() > enough;
       spent += placer.cost()) {
    int64_t before = placer.best_size();
    Order candidate = order;
    int64_t size = placer.attempt(candidate, false);
    random ^= random << 13, random ^= random >> 17, random ^= random << 5;
    placer.raise_top(candidate, size, random);
    if (size <= before || random % 8 == 0)
      order = candidate;
    else
      placer.raise_top(order, size, random);
  }
}

}  // namespace

MemoryPeak peak_of(std::span<const MemoryBlock> blocks) {
  std::vector<std::pair<int, int64_t>> changes;
  changes.reserve(2 * blocks.size());
  for (const MemoryBlock& block : blocks) {
    changes.push_back({block.first, aligned_size(block.size_bytes)});
    changes.push_back({block.last + 1, -aligned_size(block.size_bytes)});
  }
  std::sort(changes.begin(), changes.end());  // at equal times releases come first
  MemoryPeak peak;
  int64_t live = 0;
  for (const auto& [time, change] : changes) {
    live += change;
    if (live > peak.bytes) peak = {live, time};
  }
  return peak;
}

namespace {

/// One after the other, above those placed before.
int64_t stack_up(std::span<MemoryBlock> blocks) {
  int64_t end = 0;
  for (const MemoryBlock& block : blocks) {
    if (block.offset != MemoryBlock::unplaced)
      end = std::max(end, block.offset + aligned_size(block.size_bytes));
  }
  for (MemoryBlock& block : blocks) {
    if (block.offset != MemoryBlock::unplaced) continue;
    block.offset = end;
    end += aligned_size(block.size_bytes);
  }
  return end;
}

}  // namespace

int64_t place(std::span<MemoryBlock> blocks, int64_t at_hand) {
  if (blocks.size() > max_shared) return stack_up(blocks);
  bool constrained = std::any_of(blocks.begin(), blocks.end(), [](const MemoryBlock& block) {
    return block.offset != MemoryBlock::unplaced;
  });
  Placer placer(blocks, at_hand);
  if (blocks.size() > max_remembered) {
    placer.attempt(placer.sorted([](const MemoryBlock& b) { return b.size_bytes; }), false);
    for (size_t i = 0; i < blocks.size(); ++i) blocks[i].offset = placer.best_offsets()[i];
    return placer.best_size();
  }
  const Order orders[] = {
      placer.sorted([](const MemoryBlock& b) { return b.size_bytes; }),
      placer.sorted([](const MemoryBlock& b) { return b.size_bytes * duration(b); }),
      placer.sorted([](const MemoryBlock& b) { return duration(b); }),
      placer.sorted([](const MemoryBlock& b) { return -int64_t{b.first}; }),
      placer.sorted([](const MemoryBlock& b) { return int64_t{b.last}; }),
  };
  for (const Order& order : orders) {
    for (bool lowest : {false, true}) {
      if (placer.best_size() < 0 || !placer.perfect()) placer.attempt(order, lowest);
    }
  }
  // Around blocks that have their places already the peak is often out of reach, and such plans are
  // made while a model runs: they must be quick.
  constexpr size_t quick = 20'000, cheap = 200'000, thorough = 20'000'000;
  for (const Order& order : orders)
    climb(placer, order, placer.peak(), constrained ? quick : cheap);
  int64_t enough = placer.peak() + placer.peak() / 25;
  for (const Order& order : orders) {
    if (!constrained) climb(placer, order, enough, thorough);
  }
  for (size_t i = 0; i < blocks.size(); ++i) blocks[i].offset = placer.best_offsets()[i];
  return placer.best_size();
}

std::vector<MemoryConflict> conflicts_of(std::span<const MemoryBlock> blocks) {
  std::vector<MemoryConflict> conflicts;
  for (size_t a = 0; a < blocks.size(); ++a) {
    for (size_t b = a + 1; b < blocks.size(); ++b) {
      const MemoryBlock &x = blocks[a], &y = blocks[b];
      bool apart = x.offset + x.size_bytes <= y.offset || y.offset + y.size_bytes <= x.offset;
      if (!apart && x.size_bytes && y.size_bytes && overlap_in_time(x, y))
        conflicts.push_back({a, b});
    }
  }
  return conflicts;
}

}  // namespace wherry
