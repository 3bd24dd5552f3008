// The step-by-step form: every step has nodes of its own, and the first knows that states are zero.
#include "keras/recurrent/sequence.h"

namespace wherry::keras {
namespace {

class Unrolling {
 public:
  Unrolling(LayerImport& layer, Cell& cell, const Sequence& sequence)
      : layer_(layer), cell_(cell), sequence_(sequence), states_(sequence.initial) {
    if (states_.empty()) states_.assign(static_cast<size_t>(cell.state_count()), no_value);
  }

  Expected<SequenceResult> run() {
    for (ValueId part : TRY(cell_.project(sequence_.x)))
      parts_.push_back(TRY(layer_.unstack(part, 1)));
    size_t steps = parts_[0].size();
    if (sequence_.mask != no_value) {
      int rank = layer_.rank(parts_[0][0]) + 1;
      masks_ = TRY(layer_.unstack(TRY(mask_of_rank(layer_, sequence_.mask, rank)), 1));
    }
    for (size_t i = 0; i < steps; ++i) TRY(step(sequence_.backwards ? steps - 1 - i : i));
    SequenceResult result{.last = outputs_.back(), .states = states_};
    if (sequence_.wants_sequence) result.sequence = TRY(layer_.stack(outputs_, 1));
    return result;
  }

 private:
  Status step(size_t at) {
    Values now;
    for (const Values& part : parts_) now.push_back(part[at]);
    Values next = TRY(cell_.step(now, states_));
    if (sequence_.mask == no_value) {
      outputs_.push_back(next[0]);
      states_ = std::move(next);
      return {};
    }
    ValueId before = outputs_.empty() ? no_value : outputs_.back();
    ValueId output = TRY(kept_where_masked(layer_, masks_[at], next[0], before));
    for (size_t k = 0; k < next.size(); ++k) {
      bool same = k == 0 && states_[0] == before;
      next[k] = same ? output : TRY(kept_where_masked(layer_, masks_[at], next[k], states_[k]));
    }
    outputs_.push_back(output);
    states_ = std::move(next);
    return {};
  }

  LayerImport& layer_;
  Cell& cell_;
  const Sequence& sequence_;
  std::vector<Values> parts_;  ///< by part, by step
  Values masks_, states_, outputs_;
};

}  // namespace

Expected<SequenceResult> run_unrolled(LayerImport& layer, Cell& cell, const Sequence& sequence) {
  return Unrolling(layer, cell, sequence).run();
}

}  // namespace wherry::keras
