// Chooses the form of a recurrent layer, and does what all forms have in common.
#include "keras/recurrent/sequence.h"

#include <numeric>

#include "keras/recurrent/resident_state.h"

namespace wherry::keras {
namespace {

/// Up to here steps of their own run everywhere and take small cells a half to an eighth of a
/// loop's time, for about a kilobyte of file each.
constexpr int64_t few_steps = 16;
/// Beyond, even who asks for it gets a loop: a graph of a million nodes is of no use.
constexpr int64_t most_unrolled_steps = 2048;

std::string why_not_fused(const Cell& cell, const Sequence& sequence) {
  if (sequence.mask != no_value) return "the operator has no masks";
  if (sequence.wants_states && cell.state_count() > 1)
    return "the operator does not give back its cell state";
  return cell.why_not_fused();
}

std::string why_not_unrolled(int64_t steps) {
  if (steps < 0) return "the number of steps is not known";
  if (steps > most_unrolled_steps) return cat("there are ", steps, " steps");
  return {};
}

struct Choice {
  RecurrentForm form = RecurrentForm::loop;
  std::string reason;  ///< why not the form that was asked for
};

Choice choose(const Cell& cell, const Sequence& sequence, const Shape& shape,
              const ImportOptions& options) {
  int64_t steps = shape[sequence.time_axis()];
  RecurrentForm asked = options.recurrent;
  std::string no_operator = why_not_fused(cell, sequence), no_unrolling = why_not_unrolled(steps);
  bool grows = shape[sequence.batch_axis()] < 0 && !options.growing_variables &&
               asked != RecurrentForm::fused;
  if (no_operator.empty() && grows)
    no_operator =
        "with weights of this format the operator needs a fixed batch, as --batch 1 makes it";
  if (asked == RecurrentForm::loop) return {asked};
  if (asked == RecurrentForm::unrolled && no_unrolling.empty()) return {asked};
  if (asked == RecurrentForm::unrolled) return {RecurrentForm::loop, no_unrolling};
  if (no_operator.empty()) return {RecurrentForm::fused};
  bool unrolls = no_unrolling.empty() && (sequence.unroll || steps <= few_steps);
  return {unrolls ? RecurrentForm::unrolled : RecurrentForm::loop, no_operator};
}

std::string text_of(RecurrentForm form, int64_t steps) {
  if (form == RecurrentForm::fused) return "one operator";
  if (form == RecurrentForm::unrolled) return cat("unrolled, ", steps, " steps");
  return "a WHILE loop";
}

void note(LayerImport& layer, const Choice& choice, int64_t steps) {
  std::string text = cat(place_of(layer.origin()), ": ", text_of(choice.form, steps));
  if (!choice.reason.empty()) text += cat(" (", choice.reason, ")");
  layer.state().note_form(std::move(text));
}

/// Outputs of masked steps become 0. Keras forgets to turn the mask of unrolled layers around.
Status zero_masked_outputs(LayerImport& layer, const Sequence& sequence, SequenceResult& result) {
  ValueId mask = sequence.mask;
  bool turned = sequence.backwards && !sequence.unroll;
  if (result.sequence != no_value) {
    ValueId order = turned ? TRY(layer.reverse(mask, 1)) : mask;
    ValueId wide = TRY(mask_of_rank(layer, order, layer.rank(result.sequence)));
    result.sequence = TRY(kept_where_masked(layer, wide, result.sequence, no_value));
  }
  int64_t last = sequence.backwards ? 0 : -1;
  std::optional<int64_t> end;
  if (last == 0) end = 1;
  ValueId of_last = TRY(layer.squeeze(TRY(layer.slice_axis(mask, 1, {last, end})), 1));
  ValueId wide = TRY(mask_of_rank(layer, of_last, layer.rank(result.last)));
  result.last = TRY(kept_where_masked(layer, wide, result.last, no_value));
  return {};
}

Expected<ValueId> swapped(LayerImport& layer, ValueId x) {
  if (x == no_value) return no_value;
  std::vector<int64_t> order(static_cast<size_t>(layer.rank(x)));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[0], order[1]);
  return layer.transpose(x, order);
}

Expected<SequenceResult> run_in_form(LayerImport& layer, Cell& cell, Sequence sequence,
                                     RecurrentForm form);

/// For forms that know only data with the batch in front.
Expected<SequenceResult> run_swapped(LayerImport& layer, Cell& cell, Sequence sequence,
                                     RecurrentForm form) {
  sequence.time_major = false;
  sequence.x = TRY(swapped(layer, sequence.x));
  sequence.mask = TRY(swapped(layer, sequence.mask));
  SequenceResult result = TRY(run_in_form(layer, cell, std::move(sequence), form));
  result.sequence = TRY(swapped(layer, result.sequence));
  return result;
}

Expected<SequenceResult> run_in_form(LayerImport& layer, Cell& cell, Sequence sequence,
                                     RecurrentForm form) {
  if (form == RecurrentForm::fused) return run_fused(layer, cell, sequence);
  if (sequence.time_major) return run_swapped(layer, cell, std::move(sequence), form);
  std::optional<ResidentState> resident;
  if (sequence.stateful && sequence.initial.empty()) {
    resident = TRY(ResidentState::make(layer, cell, sequence));
    sequence.initial = TRY(resident->read(layer));
  }
  sequence.wants_states |= resident.has_value();
  bool unrolls = form == RecurrentForm::unrolled;
  SequenceResult result =
      TRY(unrolls ? run_unrolled(layer, cell, sequence) : run_loop(layer, cell, sequence));
  if (resident) TRY(resident->assign(layer, result.states));
  if (sequence.mask != no_value && sequence.zero_where_masked)
    TRY(zero_masked_outputs(layer, sequence, result));
  return result;
}

}  // namespace

Expected<SequenceResult> run_sequence(LayerImport& layer, Cell& cell, const Sequence& sequence) {
  Shape shape = layer.shape(sequence.x);
  int64_t steps = shape[sequence.time_axis()];
  ENSURE(steps != 0, "the layer gets a sequence of no steps");
  Choice choice = choose(cell, sequence, shape, layer.state().options);
  note(layer, choice, steps);
  return run_in_form(layer, cell, sequence, choice.form);
}

Expected<ValueId> kept_where_masked(Emitter& emitter, ValueId mask, ValueId next,
                                    ValueId previous) {
  if (previous == no_value) previous = TRY(emitter.number(0, next));
  return emitter.select(mask, next, previous);
}

Expected<ValueId> mask_of_rank(Emitter& emitter, ValueId mask, int rank) {
  Extents to = emitter.extents(mask);
  while (static_cast<int>(to.size()) < rank) to.push_back(Extent(1));
  return emitter.reshape(mask, to);
}

Expected<ValueId> narrowed(Emitter& emitter, ValueId x, int64_t width) {
  int64_t all = emitter.shape(x).back();
  if (all == width) return x;
  std::vector<int64_t> sizes = {width, all - width};
  return TRY(emitter.split(x, sizes, -1))[0];
}

}  // namespace wherry::keras
