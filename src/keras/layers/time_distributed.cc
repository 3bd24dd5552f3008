// TimeDistributed: a layer or model applied to every step: all steps become one batch.
#include <numeric>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// Of the mask of a batch of steps, that of a batch of sequences: `source` has their extents.
Expected<ValueId> split_steps(Emitter& emitter, const MaskRecipe& recipe) {
  ValueId mask = TRY(emitter.mask_value(recipe.masks[0]));
  Extents to = {emitter.extent(recipe.source, 0), emitter.extent(recipe.source, 1)};
  for (int i = 1; i < emitter.rank(mask); ++i) to.push_back(emitter.extent(mask, i));
  return emitter.reshape(mask, to);
}

/// A step counts when something in it does.
Expected<ValueId> any_in_step(Emitter& emitter, const MaskRecipe& recipe) {
  ValueId mask = TRY(emitter.mask_value(recipe.masks[0]));
  std::vector<int64_t> axes(static_cast<size_t>(emitter.rank(mask)) - 2);
  std::iota(axes.begin(), axes.end(), 2);
  return emitter.reduce("REDUCE_ANY", mask, axes, false);
}

class TimeDistributed {
 public:
  explicit TimeDistributed(LayerImport& layer) : layer_(layer) {}

  Expected<Results> run() {
    LayerCall call;
    for (const PyValue& argument : layer_.call().positional)
      call.positional.push_back(TRY(flattened(argument)));
    ENSURE(first_ != no_value, "the layer is called without a tensor");
    LayerRecord inner = TRY(layer_record(layer_.option("layer"), layer_.dialect()));
    WeightScope scope = layer_.scope().sub("layer", inner.name);
    if (inner.is_model() && layer_.scope().has_names())
      scope = layer_.scope().nested({inner.name, inner.stored_class, 0});
    Results results = TRY(layer_.import_inner(layer_.option("layer"), std::move(call), scope));
    for (KerasTensor& tensor : results.tensors) {
      tensor.value = TRY(unflattened(tensor.value));
      tensor.mask = mask_behind(tensor.mask);
    }
    return results;
  }

 private:
  Expected<PyValue> flattened(const PyValue& argument) {
    if (argument.is_tensor()) {
      ValueId x = argument.tensor().value;
      ENSURE(layer_.rank(x) >= 2, "the layer needs an input with steps, but gets ",
             text_of(layer_.shape(x)));
      if (first_ == no_value) first_ = x;
      return PyValue::of(
          KerasTensor{TRY(layer_.merge_axes(x, 0, 2)), TRY(inner_mask(argument.tensor()))});
    }
    if (argument.is_list()) {
      std::vector<PyValue> items;
      for (const PyValue& item : argument.items()) items.push_back(TRY(flattened(item)));
      return PyValue::list(std::move(items));
    }
    if (!argument.is_dict()) return argument;
    std::vector<PyValue::Entry> entries;
    for (const auto& [key, item] : argument.entries())
      entries.emplace_back(key, TRY(flattened(item)));
    return PyValue::dict(std::move(entries));
  }

  /// The mask for the layer inside, where a mask says more than which steps count.
  Expected<int> inner_mask(const KerasTensor& tensor) {
    const PyValue& given = layer_.argument("mask");
    int mask = given.is_tensor() ? layer_.mask_of(given.tensor().value) : tensor.mask;
    if (outer_ < 0) outer_ = mask;
    if (mask < 0 || layer_.rank(tensor.value) < 4 || layer_.dialect() == Dialect::keras1) return -1;
    ValueId value = TRY(layer_.mask_value(mask));
    if (layer_.rank(value) < 3) return -1;
    int inner = layer_.mask_of(TRY(layer_.merge_axes(value, 0, 2)));
    if (mask == outer_) inner_ = inner;
    return inner;
  }

  /// Keras 3 hands the mask of the input on. Keras 2 takes what the layer inside makes of it, else
  /// the steps where anything counts.
  int mask_behind(int result) {
    if (layer_.dialect() != Dialect::keras2 || (inner_ >= 0 && result == inner_)) return outer_;
    if (result >= 0)
      return layer_.add_mask({.make = split_steps, .source = first_, .masks = {result}});
    return inner_ < 0 ? outer_ : layer_.add_mask({.make = any_in_step, .masks = {outer_}});
  }

  Expected<ValueId> unflattened(ValueId y) {
    Extents to = {layer_.extent(first_, 0), layer_.extent(first_, 1)};
    for (int i = 1; i < layer_.rank(y); ++i) to.push_back(layer_.extent(y, i));
    return layer_.reshape(y, to);
  }

  LayerImport& layer_;
  ValueId first_ = no_value;
  int outer_ = -1, inner_ = -1;  ///< the masks of the first input, and of its steps as one batch
};

Expected<Results> import(LayerImport& layer) { return TimeDistributed(layer).run(); }

constexpr LayerDef time_distributed = {.class_names = {"TimeDistributed"},
                                       .config = {inner_layer("layer")},
                                       .mask = MaskRule::own,
                                       .import = import,
                                       .doc = "RESHAPE, the layer inside, RESHAPE"};

}  // namespace

LayerTable time_distributed_layers() { return layer_table(time_distributed); }

}  // namespace wherry::keras
