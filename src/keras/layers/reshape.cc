// Layers that only move elements: Flatten, Reshape, Permute, RepeatVector.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import_flatten(LayerImport& layer) {
  ValueId x = TRY(layer.channels_to_last(layer.input()));
  if (layer.rank(x) == 1) return TRY(layer.expand(x, 1));
  return TRY(layer.merge_axes(x, 1, layer.rank(x)));
}

Expected<Results> import_reshape(LayerImport& layer) {
  ValueId x = layer.input();
  const PyValue& target = layer.option("target_shape");
  Extents to = {layer.extent(x, 0)};
  int64_t left = 1;
  for (int i = 1; i < layer.rank(x); ++i)
    left = left < 0 || layer.shape(x)[i] < 0 ? -1 : left * layer.shape(x)[i];
  int open = -1;
  for (const PyValue& extent : target.items()) {
    int64_t size = extent.is_none() ? -1 : extent.integer();
    if (size < 0)
      open = static_cast<int>(to.size());
    else
      left = left < 0 || size == 0 || left % size ? -1 : left / size;
    to.push_back(size);
  }
  // A known extent keeps the only -1 for the batch.
  if (open >= 0 && left >= 0) to[static_cast<size_t>(open)] = left;
  return TRY(layer.reshape(x, to));
}

Expected<Results> import_permute(LayerImport& layer) {
  std::vector<int64_t> order = {0};
  int rank = layer.rank(layer.input());
  std::vector<bool> used(static_cast<size_t>(rank));
  for (const PyValue& axis : layer.option("dims").items()) {
    int64_t at = axis.integer();
    ENSURE(at >= 1 && at < rank && !used[static_cast<size_t>(at)],
           "the option 'dims' is no order of the axes of ", text_of(layer.input_shape()), ": ",
           layer.option("dims").shown());
    used[static_cast<size_t>(at)] = true;
    order.push_back(at);
  }
  ENSURE(static_cast<int>(order.size()) == rank, "the option 'dims' names ", order.size() - 1,
         " axes of an input of rank ", rank);
  return TRY(layer.transpose(layer.input(), order));
}

Expected<Results> import_repeat(LayerImport& layer) {
  ValueId x = TRY(layer.input_of_rank(2));
  int64_t times = layer.integer("n");
  ENSURE(times >= 1, "the option 'n' should be at least 1, got ", times);
  return TRY(layer.tile(TRY(layer.expand(x, 1)), {1, times, 1}));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Flatten"},
     .config = {text("data_format", "channels_last")},
     .import = import_flatten,
     .doc = "RESHAPE"},
    {.class_names = {"Reshape"},
     .config = {anything("target_shape", true)},
     .import = import_reshape,
     .doc = "RESHAPE"},
    {.class_names = {"Permute"},
     .config = {anything("dims", true)},
     .import = import_permute,
     .doc = "TRANSPOSE"},
    {.class_names = {"RepeatVector"},
     .config = {integer("n")},
     .import = import_repeat,
     .doc = "RESHAPE and TILE"},
};

}  // namespace

LayerTable reshape_layers() { return layer_table(layers); }

}  // namespace wherry::keras
