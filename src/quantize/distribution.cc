// Counts numbers in bins and weighs the width of int8 steps against what is cut off.
#include "quantize/distribution.h"

#include <algorithm>
#include <cmath>

namespace wherry::quantize {
namespace {

constexpr size_t bin_count = 4096;
/// The outermost numbers from which the shape of an end is judged: this share of all, but at least
/// so many where a quarter of all allows it.
constexpr double tail_share = 1e-3;
constexpr double least_tail = 16;
/// Fewer say nothing about the shape.
constexpr uint64_t least_count = 16;
/// An outermost number that comes this often is a bound (that of RELU, of pictures), no accident.
constexpr double bound_share = 1e-3;
constexpr int candidate_count = 64;
/// Roundings even out over the numbers of a sum. What is cut off does not: it is off in one
/// direction, and at many places of the same sample, so its error weighs more.
constexpr double weight_of_seen = 1.5;
/// Mean excesses beyond the outermost number that a range may reach.
constexpr double farthest = 2;

}  // namespace

void Distribution::End::reach(float outermost, bool beyond) {
  if (times == 0 || beyond) bound = outermost, times = 0;
}

void Distribution::widen(float largest) {
  if (bins_.empty()) {
    bins_.assign(bin_count, 0);
    width_ = std::exp2(std::ceil(std::log2(std::max(static_cast<double>(largest), 1e-30))));
  }
  while (largest > width_) {
    std::vector<uint32_t> merged(bin_count, 0);
    for (size_t i = 0; i < bin_count; ++i) merged[bin_count / 4 + i / 2] += bins_[i];
    bins_ = std::move(merged);
    width_ *= 2;
  }
}

void Distribution::add(std::span<const float> elements) {
  if (elements.empty()) return;
  float low = elements[0], high = elements[0];
  for (float x : elements) {
    low = x < low ? x : low;
    high = x > high ? x : high;
  }
  low_.reach(low, low < low_.bound);
  high_.reach(high, high > high_.bound);
  widen(std::max(std::abs(low), std::abs(high)));
  auto per_bin = static_cast<float>(bin_count / (2 * width_));
  uint64_t lowest = 0, highest = 0;
  for (float x : elements) {
    lowest += x == low_.bound ? 1 : 0;
    highest += x == high_.bound ? 1 : 0;
    auto bin = static_cast<uint32_t>(x * per_bin + bin_count / 2.0f);
    ++bins_[std::min<uint32_t>(bin, bin_count - 1)];
  }
  low_.times += lowest, high_.times += highest;
  count_ += elements.size();
}

void Distribution::add(const Distribution& other) {
  if (other.count_ == 0) return;
  widen(static_cast<float>(other.width_));
  Distribution same = other;
  same.widen(static_cast<float>(width_));
  for (size_t i = 0; i < bin_count; ++i) bins_[i] += same.bins_[i];
  low_.reach(other.low_.bound, other.low_.bound < low_.bound);
  high_.reach(other.high_.bound, other.high_.bound > high_.bound);
  if (low_.bound == other.low_.bound) low_.times += other.low_.times;
  if (high_.bound == other.high_.bound) high_.times += other.high_.times;
  count_ += other.count_;
}

double Distribution::center(size_t bin) const {
  return (static_cast<double>(bin) + 0.5) * 2 * width_ / bin_count - width_;
}

Distribution::Tail Distribution::tail(bool upper) const {
  double all = static_cast<double>(count_);
  double wanted = std::max(all * tail_share, std::min(least_tail, all / 4));
  double taken = 0, sum = 0;
  Tail result;
  for (size_t i = 0; i < bin_count && taken < wanted; ++i) {
    size_t bin = upper ? bin_count - 1 - i : i;
    result.start = center(bin) + (upper ? -1 : 1) * width_ / bin_count;
    taken += bins_[bin];
    sum += bins_[bin] * center(bin);
  }
  result.share = taken / all;
  result.mean_excess = std::abs(sum / taken - result.start);
  return result;
}

/// From where the tail starts to beyond the outermost number.
std::vector<double> Distribution::candidates(const Tail& tail, bool upper) const {
  const End& end = upper ? high_ : low_;
  double bound = end.bound;
  bool is_bound = static_cast<double>(end.times) >= std::max(2.0, bound_share * count_);
  if (is_bound || count_ < least_count) return {bound};
  // 0 is in every range, so an end on its other side costs nothing; and no end goes beyond it where
  // no number did.
  if (upper ? bound <= 0 : bound >= 0) return {0};
  double out = bound + (upper ? 1 : -1) * farthest * tail.mean_excess;
  std::vector<double> result = {bound};
  for (int i = 0; i <= candidate_count; ++i)
    result.push_back(tail.start + (out - tail.start) * i / candidate_count);
  return result;
}

/// Mean squared error, over all numbers, of those outside `at`: the larger of what was seen, by
/// its weight, and what an exponential tail promises.
double Distribution::cut_off(const Tail& tail, bool upper, double at) const {
  double seen = 0;
  for (size_t i = 0; i < bin_count; ++i) {
    size_t bin = upper ? bin_count - 1 - i : i;
    double excess = upper ? center(bin) - at : at - center(bin);
    if (excess <= 0) break;
    seen += bins_[bin] * excess * excess;
  }
  seen /= static_cast<double>(count_);
  double distance = std::max(0.0, upper ? at - tail.start : tail.start - at);
  double unit = std::max(tail.mean_excess, 1e-30);
  double promised = tail.share * 2 * unit * unit * std::exp(-distance / unit);
  return std::max(weight_of_seen * seen, promised);
}

Range Distribution::best() const {
  if (count_ == 0) return {};
  Tail lower = tail(false), upper = tail(true);
  std::vector<double> lows = candidates(lower, false), highs = candidates(upper, true);
  std::vector<double> low_costs, high_costs;
  for (double low : lows) low_costs.push_back(cut_off(lower, false, low));
  for (double high : highs) high_costs.push_back(cut_off(upper, true, high));
  Range result = seen();
  double least = -1;
  for (size_t i = 0; i < lows.size(); ++i) {
    for (size_t j = 0; j < highs.size(); ++j) {
      double step = (std::max(highs[j], 0.0) - std::min(lows[i], 0.0)) / 255;
      double cost = step * step / 12 + low_costs[i] + high_costs[j];
      if (least >= 0 && cost >= least) continue;
      least = cost;
      result = {static_cast<float>(lows[i]), static_cast<float>(highs[j])};
    }
  }
  return result;
}

}  // namespace wherry::quantize
