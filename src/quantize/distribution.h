// How often an activation took which numbers, and the int8 range that loses least of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "quantize/quantize.h"

namespace wherry::quantize {

/// A histogram that grows with what it is given. All numbers must be finite.
class Distribution {
 public:
  void add(std::span<const float> elements);
  void add(const Distribution& other);
  uint64_t count() const { return count_; }
  /// Smallest and largest number given.
  Range seen() const { return {low_.bound, high_.bound}; }
  /// The range whose 256 steps have the least expected squared error for further numbers of this
  /// kind. Rare numbers at the ends are cut off where finer steps for all others gain more; where
  /// few numbers were given, the range reaches beyond them.
  Range best() const;

 private:
  /// One end of the numbers: the outermost one, and how often it came.
  struct End {
    float bound = 0;
    uint64_t times = 0;
    void reach(float outermost, bool beyond);
  };
  /// What lies outside of `start`: `share` of all, on average `mean_excess` farther out.
  struct Tail {
    double start = 0, share = 0, mean_excess = 0;
  };

  void widen(float largest);
  double center(size_t bin) const;
  Tail tail(bool upper) const;
  std::vector<double> candidates(const Tail& tail, bool upper) const;
  double cut_off(const Tail& tail, bool upper, double at) const;

  std::vector<uint32_t> bins_;
  double width_ = 0;  ///< the bins cover [-width_, width_]
  uint64_t count_ = 0;
  End low_, high_;
};

}  // namespace wherry::quantize
