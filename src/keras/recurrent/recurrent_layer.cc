// Options and calls of recurrent layers.
#include "keras/recurrent/recurrent_layer.h"

#include "keras/recurrent/sequence.h"

namespace wherry::keras {
namespace {

bool declares(const LayerImport& layer, std::string_view key) {
  for (const ConfigKey& declared : layer.def().config) {
    if (declared.name == key) return true;
  }
  return false;
}

bool flag_or_false(const LayerImport& layer, std::string_view key) {
  return declares(layer, key) && layer.flag(key);
}

class RecurrentCall {
 public:
  RecurrentCall(LayerImport& layer, const RecurrentWrapping& wrapping)
      : layer_(layer),
        wrapping_(wrapping),
        returns_sequences_(flag_or_false(layer, "return_sequences")),
        returns_state_(flag_or_false(layer, "return_state")) {}

  Expected<Results> run() {
    TRY(check_call());
    chain_ = TRY(CellChain::of(layer_));
    TRY(take_initial_states());
    Sequence sequence = TRY(first_sequence());
    SequenceResult result;
    Values states;
    for (size_t i = 0; i < chain_.cells.size(); ++i) {
      result = TRY(run_cell(i, sequence));
      states.insert(states.end(), result.states.begin(), result.states.end());
      // What follows sees outputs in the order of computation.
      sequence.x = result.sequence;
      if (sequence.backwards && sequence.mask != no_value)
        sequence.mask = TRY(layer_.reverse(sequence.mask, sequence.time_axis()));
      sequence.backwards = false;
    }
    return results(result, states);
  }

 private:
  Status check_call() const {
    if (layer_.in_training() && (rate("dropout") != 0 || rate("recurrent_dropout") != 0))
      return layer_.unsupported(
          "the layer is called with training=True, so that its dropout acts when the model "
          "predicts",
          {}, "call it without 'training', then save the model again");
    if (!layer_.argument("constants").is_none())
      return layer_.unsupported("the layer is called with constants for its cell");
    return {};
  }
  double rate(std::string_view key) const { return layer_.option(key).real(); }

  Expected<SequenceResult> run_cell(size_t i, Sequence sequence) {
    Cell& cell = *chain_.cells[i];
    bool is_last = i + 1 == chain_.cells.size();
    if (!initial_.empty()) {
      sequence.initial.assign(initial_.begin(), initial_.begin() + cell.state_count());
      initial_.erase(initial_.begin(), initial_.begin() + cell.state_count());
    }
    sequence.wants_sequence = returns_sequences_ || !is_last;
    sequence.zero_where_masked &= is_last;
    return run_sequence(chain_.layers[i], cell, sequence);
  }

  Expected<Sequence> first_sequence() {
    Sequence sequence{.x = TRY(layer_.float_input())};
    // Keras 3 hands implied masks on to layers that get a single tensor only.
    bool implied = layer_.argument("mask").is_none();
    bool lost = layer_.dialect() == Dialect::keras3 && implied && !initial_.empty();
    if (!lost) sequence.mask = TRY(layer_.mask());
    int rank = layer_.rank(sequence.x);
    int wanted = layer_.def().rank > 0 ? layer_.def().rank + 3 : 3;
    ENSURE(rank == wanted, "the layer needs an input of rank ", wanted, ", but gets ",
           text_of(layer_.input_shape()));
    sequence.time_major = flag_or_false(layer_, "time_major");
    sequence.x = TRY(channels_to_last(sequence.x, 2));
    sequence.backwards = flag_or_false(layer_, "go_backwards") != wrapping_.turned_around;
    sequence.wants_states = returns_state_;
    sequence.zero_where_masked = flag_or_false(layer_, "zero_output_for_mask") ||
                                 (wrapping_.zero_where_masked && returns_sequences_);
    sequence.stateful = flag_or_false(layer_, "stateful");
    sequence.unroll = flag_or_false(layer_, "unroll");
    return sequence;
  }

  Status take_initial_states() {
    for (int i = 1; i < layer_.input_count(); ++i) initial_.push_back(layer_.input(i));
    collect_tensors(layer_.argument("initial_state", 1), initial_);
    if (initial_.empty()) return {};
    size_t count = chain_.state_count();
    ENSURE(initial_.size() == count, "the layer has ", count, " states, but is called with ",
           initial_.size());
    for (ValueId& state : initial_) {
      state = TRY(layer_.to_float(state));
      state = TRY(channels_to_last(state, 1));
    }
    return {};
  }

  Expected<Results> results(const SequenceResult& result, const Values& states) {
    ValueId output = result.last;
    int leading = returns_sequences_ ? 2 : 1;
    if (returns_sequences_) output = result.sequence;
    output = TRY(channels_from_last(output, leading));
    std::vector<KerasTensor> tensors = {{output, mask_after()}};
    if (returns_state_) {
      for (ValueId state : states) tensors.push_back({TRY(channels_from_last(state, 1)), -1});
    }
    return Results(std::move(tensors));
  }

  int mask_after() {
    if (!returns_sequences_) return -1;
    const PyValue& given = layer_.argument("mask");
    if (given.is_tensor()) return layer_.mask_of(given.tensor().value);
    return layer_.input_tensor().mask;
  }

  /// Channels stand behind `leading` axes where the options say so.
  bool moves_channels() const { return layer_.def().rank > 0 && layer_.channels_first(); }
  Expected<ValueId> channels_to_last(ValueId x, int leading) {
    if (!moves_channels()) return x;
    std::vector<int64_t> order;
    for (int i = 0; i < layer_.rank(x); ++i) {
      if (i != leading) order.push_back(i);
    }
    order.push_back(leading);
    return layer_.transpose(x, order);
  }
  Expected<ValueId> channels_from_last(ValueId x, int leading) {
    if (!moves_channels()) return x;
    std::vector<int64_t> order;
    for (int i = 0; i + 1 < layer_.rank(x); ++i) order.push_back(i);
    order.insert(order.begin() + leading, layer_.rank(x) - 1);
    return layer_.transpose(x, order);
  }

  LayerImport& layer_;
  const RecurrentWrapping wrapping_;
  bool returns_sequences_, returns_state_;
  CellChain chain_;
  Values initial_;
};

}  // namespace

void collect_tensors(const PyValue& value, Values& found) {
  if (value.is_tensor()) found.push_back(value.tensor().value);
  for (const PyValue& item : value.items()) collect_tensors(item, found);
}

Expected<CellChain> CellChain::of(LayerImport& layer) {
  CellChain chain;
  WeightScope scope = layer.scope().sub("cell");
  std::string_view class_name = layer.record().class_name;
  if (class_name == "StackedRNNCells") {
    TRY(chain.add(layer, layer.scope()));
  } else if (has_cell(class_name)) {
    bool apart = !layer.scope().has_names() && !scope.own().empty();
    chain.layers.push_back(apart ? layer.with_scope(scope) : layer);
  } else {
    TRY(chain.add(TRY(layer.inner(layer.option("cell"), layer.call(), scope)), scope));
  }
  for (const LayerImport& cell : chain.layers) chain.cells.push_back(TRY(make_cell(cell)));
  return chain;
}

Status CellChain::add(LayerImport cell, const WeightScope& scope) {
  if (cell.record().class_name != "StackedRNNCells") {
    layers.push_back(std::move(cell));
    return {};
  }
  std::map<std::string, int> counts;
  for (const PyValue& item : cell.option("cells").items()) {
    LayerRecord inner = TRY(layer_record(item, cell.dialect()));
    LayerKey key{inner.name, inner.stored_class, counts[snake_case(inner.stored_class)]++};
    WeightScope inside = scope.element("cells", key);
    TRY(add(TRY(cell.inner(item, cell.call(), inside)), inside));
  }
  ENSURE(!layers.empty(), "the stack of cells is empty");
  return {};
}

size_t CellChain::state_count() const {
  size_t count = 0;
  for (const auto& cell : cells) count += static_cast<size_t>(cell->state_count());
  return count;
}

bool is_recurrent(const LayerDef& def) {
  return def.import == static_cast<Expected<Results> (*)(LayerImport&)>(import_recurrent);
}

Expected<Results> import_recurrent(LayerImport& layer, const RecurrentWrapping& wrapping) {
  return RecurrentCall(layer, wrapping).run();
}

Expected<Results> import_recurrent(LayerImport& layer) { return import_recurrent(layer, {}); }

}  // namespace wherry::keras
