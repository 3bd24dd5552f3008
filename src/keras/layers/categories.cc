// Discretization and CategoryEncoding: numbers of categories, as they are or as vectors.
#include <algorithm>

#include "keras/categorical.h"
#include "keras/layer_import.h"
#include "ops/indexing/bucketize.h"

namespace wherry::keras {
namespace {

/// Types that BUCKETIZE and ONE_HOT know.
Expected<ValueId> as_index(LayerImport& layer, ValueId x) {
  DType dtype = layer.dtype(x);
  return dtype == DType::i32 || dtype == DType::i64 ? x : layer.cast(x, DType::i32);
}

bool is_sparse(const LayerImport& layer) { return layer.has("sparse") && layer.flag("sparse"); }

Error sparse_result(const LayerImport& layer) {
  return layer.unsupported("the layer gives a sparse tensor, which a .tflite file has not",
                           "sparse=True", "make the layer with sparse=False, then save again");
}

Expected<std::vector<float>> boundaries(const LayerImport& layer) {
  const PyValue& written = layer.option("bin_boundaries");
  std::vector<float> result;
  for (const PyValue& item : written.items()) {
    if (!item.is_number())
      return layer.unsupported("the option 'bin_boundaries' should be numbers", written.shown());
    result.push_back(static_cast<float>(item.real()));
  }
  if (result.empty() || !std::is_sorted(result.begin(), result.end()))
    return layer.unsupported("the file holds no ascending bin boundaries", written.shown(),
                             "make the layer with bin_boundaries=[...], then save again");
  return result;
}

Expected<Results> import_discretization(LayerImport& layer) {
  if (is_sparse(layer)) return sparse_result(layer);
  ValueId x = layer.input();
  DType dtype = layer.dtype(x);
  if (dtype != DType::i32 && dtype != DType::i64) x = TRY(layer.float_input());
  op::Bucketize buckets{TRY(boundaries(layer))};
  int64_t depth = static_cast<int64_t>(buckets.boundaries.size()) + 1;
  ValueId numbers = TRY(layer.node(op::bucketize, std::move(buckets), {x}));
  std::string_view mode = layer.text("output_mode");
  DType whole = layer.dialect() == Dialect::keras3 ? DType::i32 : DType::i64;
  return TRY(encoded(layer, numbers, {mode, depth, mode == "int" ? whole : DType::f32}));
}

Expected<Results> import_category_encoding(LayerImport& layer) {
  if (is_sparse(layer)) return sparse_result(layer);
  ValueId numbers = TRY(as_index(layer, layer.input()));
  CategoryEncoding encoding{layer.text("output_mode"), layer.integer("num_tokens")};
  const PyValue& weights = layer.argument("count_weights", 1);
  if (weights.is_tensor()) encoding.count_weights = TRY(layer.to_float(weights.tensor().value));
  return TRY(encoded(layer, numbers, encoding));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Discretization"},
     .config = {anything("bin_boundaries"), ignored("num_bins"), ignored("epsilon"),
                text("output_mode", "int"), flag("sparse", false)},
     .import = import_discretization,
     .doc = "BUCKETIZE; ONE_HOT and a reduction behind it for vectors"},
    {.class_names = {"CategoryEncoding"},
     .config = {integer("num_tokens"), text("output_mode", "multi_hot"), flag("sparse", false)},
     .import = import_category_encoding,
     .doc = "ONE_HOT, with REDUCE_MAX or SUM"},
};

}  // namespace

LayerTable categories_layers() { return layer_table(layers); }

}  // namespace wherry::keras
