// TimeDistributed: a layer or model applied to every step: all steps become one batch.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

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
      tensor.mask = layer_.input_tensor().mask;
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
      return PyValue::of(KerasTensor{TRY(layer_.merge_axes(x, 0, 2))});
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

  Expected<ValueId> unflattened(ValueId y) {
    Extents to = {layer_.extent(first_, 0), layer_.extent(first_, 1)};
    for (int i = 1; i < layer_.rank(y); ++i) to.push_back(layer_.extent(y, i));
    return layer_.reshape(y, to);
  }

  LayerImport& layer_;
  ValueId first_ = no_value;
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
