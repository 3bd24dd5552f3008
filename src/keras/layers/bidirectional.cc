// Bidirectional: the same sequence forwards and backwards, and what is made of both results.
#include "keras/recurrent/recurrent_layer.h"

namespace wherry::keras {
namespace {

/// Keras 1 and 2 put the direction in front of the names in their records, Keras 3 has done so
/// already, except for a backward layer of the user's own.
std::string name_of(bool forward, std::string_view recorded, Dialect dialect) {
  std::string_view direction = forward ? "forward_" : "backward_";
  if (dialect == Dialect::keras3) return std::string(recorded);
  return cat(direction, recorded);
}

class Bidirectional {
 public:
  explicit Bidirectional(LayerImport& layer) : layer_(layer) {}

  Expected<Results> run() {
    for (int i = 1; i < layer_.input_count(); ++i) states_.push_back(layer_.input_tensor(i));
    collect(layer_.argument("initial_state", 1));
    std::vector<KerasTensor> forward = TRY(one_way(true)), backward = TRY(one_way(false));
    bool sequences = returns_sequences_;
    if (sequences) backward[0].value = TRY(layer_.reverse(backward[0].value, time_axis_));
    std::vector<KerasTensor> results;
    if (layer_.option("merge_mode").is_none() && layer_.record().config.find("merge_mode"))
      results = {forward[0], backward[0]};
    else
      results = {{TRY(merged(forward[0].value, backward[0].value)), forward[0].mask}};
    results.insert(results.end(), forward.begin() + 1, forward.end());
    results.insert(results.end(), backward.begin() + 1, backward.end());
    return Results(std::move(results));
  }

 private:
  void collect(const PyValue& value) {
    if (value.is_tensor()) states_.push_back(value.tensor());
    for (const PyValue& item : value.items()) collect(item);
  }

  /// The call of one of the two: the same sequence, its half of the states, the same mask.
  LayerCall call_of(bool forward) const {
    std::vector<PyValue> tensors = {PyValue::of(layer_.input_tensor())};
    size_t half = states_.size() / 2;
    for (size_t i = 0; i < half; ++i)
      tensors.push_back(PyValue::of(states_[forward ? i : half + i]));
    LayerCall call{.positional = {PyValue::list(std::move(tensors))}};
    for (const auto& [name, value] : layer_.call().named) {
      if (name == "mask" || name == "training") call.named.emplace_back(name, value);
    }
    return call;
  }

  Expected<std::vector<KerasTensor>> one_way(bool forward) {
    bool own_record = !forward && layer_.has("backward_layer");
    const PyValue& record = layer_.option(own_record ? "backward_layer" : "layer");
    LayerRecord named = TRY(layer_record(record, layer_.dialect()));
    WeightScope scope = layer_.scope().sub(forward ? "forward_layer" : "backward_layer",
                                           name_of(forward, named.name, layer_.dialect()));
    LayerImport inner = TRY(layer_.inner(record, call_of(forward), scope));
    if (!is_recurrent(inner.def()))
      return layer_.unsupported("the layer inside is not one of Keras' recurrent layers",
                                quoted(inner.record().class_name));
    if (forward) {
      returns_sequences_ = inner.flag("return_sequences");
      time_axis_ = inner.flag("time_major") ? 0 : 1;
    }
    ENSURE(inner.flag("return_sequences") == returns_sequences_,
           "the two layers inside differ in the option 'return_sequences'");
    RecurrentWrapping wrapping{.turned_around = !forward && !own_record, .zero_where_masked = true};
    return TRY(import_recurrent(inner, wrapping)).tensors;
  }

  Expected<ValueId> merged(ValueId a, ValueId b) {
    std::string_view mode = layer_.text("merge_mode");
    if (mode == "concat") return layer_.concatenate({a, b}, -1);
    if (mode == "sum") return layer_.add(a, b);
    if (mode == "mul") return layer_.multiply(a, b);
    if (mode == "ave") return layer_.times(TRY(layer_.add(a, b)), 0.5);
    return layer_.unsupported("the option 'merge_mode' has no known value", quoted(mode));
  }

  LayerImport& layer_;
  std::vector<KerasTensor> states_;
  bool returns_sequences_ = false;
  int time_axis_ = 1;
};

Expected<Results> import(LayerImport& layer) { return Bidirectional(layer).run(); }

constexpr LayerDef bidirectional = {
    .class_names = {"Bidirectional"},
    .config = {inner_layer("layer"), optional_layer("backward_layer"), text("merge_mode", "concat"),
               fixed("num_constants")},
    .mask = MaskRule::own,
    .import = import,
    .doc = "its layer forwards and backwards, REVERSE_V2, and the merge's operator"};

}  // namespace

LayerTable bidirectional_layers() { return layer_table(bidirectional); }

}  // namespace wherry::keras
