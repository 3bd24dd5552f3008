// Adaptive pooling: as many windows as asked for, spread evenly and overlapping where they must.
#include <algorithm>

#include "keras/layers/pool_windows.h"
#include "ops/indexing/gather.h"

namespace wherry::keras {
namespace {

/// Where the windows along one axis begin and how long each is.
struct Spread {
  std::vector<int64_t> begins, sizes;
};

Spread spread_of(int64_t input, int64_t output) {
  Spread spread;
  for (int64_t i = 0; i < output; ++i) {
    int64_t begin = i * input / output, end = ((i + 1) * input + output - 1) / output;
    spread.begins.push_back(begin);
    spread.sizes.push_back(end - begin);
  }
  return spread;
}

/// Windows that one pool with a stride makes.
std::optional<PoolWindow> regular_window(const Spread& spread, int64_t input) {
  int64_t size = spread.sizes[0], count = static_cast<int64_t>(spread.sizes.size());
  int64_t stride = count > 1 ? spread.begins[1] : size;
  for (int64_t i = 0; i < count; ++i) {
    size_t at = static_cast<size_t>(i);
    if (spread.sizes[at] != size || spread.begins[at] != i * stride) return std::nullopt;
  }
  bool fits = stride > 0 && (input - size) / stride + 1 == count;
  return fits ? std::optional(PoolWindow{size, stride}) : std::nullopt;
}

/// Pools every window of the lengths that occur, then picks.
Expected<ValueId> pool_irregular(LayerImport& layer, ValueId x, int axis, const Spread& spread) {
  PoolKind kind = static_cast<PoolKind>(layer.def().variant);
  std::vector<int64_t> lengths = spread.sizes, picked;
  std::sort(lengths.begin(), lengths.end());
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  std::vector<ValueId> parts;
  std::vector<int64_t> offsets;
  int64_t total = 0;
  for (int64_t length : lengths) {
    Pooling pooling{kind, std::vector<PoolWindow>(static_cast<size_t>(layer.def().rank))};
    pooling.windows[static_cast<size_t>(axis - 1)].size = length;
    parts.push_back(TRY(pool_windows(layer, x, pooling)));
    offsets.push_back(total);
    total += layer.shape(parts.back())[axis];
  }
  for (size_t i = 0; i < spread.sizes.size(); ++i) {
    auto length = std::find(lengths.begin(), lengths.end(), spread.sizes[i]);
    picked.push_back(spread.begins[i] + offsets[static_cast<size_t>(length - lengths.begin())]);
  }
  ValueId all = TRY(layer.concatenate(parts, axis));
  return layer.node(op::gather, op::Gather{.axis = axis}, {all, layer.integers(picked)});
}

Expected<Results> import(LayerImport& layer) {
  int rank = layer.def().rank;
  ValueId x = TRY(layer.channels_to_last(TRY(layer.float_input())));
  ENSURE(layer.rank(x) == rank + 2, "the layer needs an input of rank ", rank + 2, ", but gets ",
         text_of(layer.shape(x)));
  std::vector<int64_t> outputs = TRY(layer.sizes("output_size", rank));
  std::vector<PoolWindow> regular(static_cast<size_t>(rank));
  std::vector<std::pair<int, Spread>> irregular;
  for (int axis = 1; axis <= rank; ++axis) {
    int64_t input = layer.shape(x)[axis], output = outputs[static_cast<size_t>(axis - 1)];
    if (input <= 0)
      return layer.unsupported("adaptive pooling needs an input of known size",
                               text_of(layer.shape(x)), "give the input fixed extents");
    ENSURE(output <= 1 << 20, "the option 'output_size' is too large: ", output);
    Spread spread = spread_of(input, output);
    if (auto window = regular_window(spread, input))
      regular[static_cast<size_t>(axis - 1)] = *window;
    else
      irregular.emplace_back(axis, std::move(spread));
  }
  PoolKind kind = static_cast<PoolKind>(layer.def().variant);
  x = TRY(pool_windows(layer, x, {kind, regular}));
  for (const auto& [axis, spread] : irregular) x = TRY(pool_irregular(layer, x, axis, spread));
  return TRY(layer.channels_from_last(x));
}

constexpr FixedList<ConfigKey, 40> config = {sizes("output_size"),
                                             text("data_format", "channels_last")};
constexpr int average = static_cast<int>(PoolKind::average);
constexpr int largest = static_cast<int>(PoolKind::largest);
constexpr std::string_view average_doc =
    "AVERAGE_POOL_2D; with GATHER behind where the windows are not evenly spread";
constexpr std::string_view largest_doc =
    "MAX_POOL_2D; with GATHER behind where the windows are not evenly spread";

constexpr LayerDef layers[] = {
    {.class_names = {"AdaptiveAveragePooling1D"},
     .config = config,
     .rank = 1,
     .variant = average,
     .import = import,
     .doc = average_doc},
    {.class_names = {"AdaptiveAveragePooling2D"},
     .config = config,
     .rank = 2,
     .variant = average,
     .import = import,
     .doc = average_doc},
    {.class_names = {"AdaptiveAveragePooling3D"},
     .config = config,
     .rank = 3,
     .variant = average,
     .import = import,
     .doc = average_doc},
    {.class_names = {"AdaptiveMaxPooling1D"},
     .config = config,
     .rank = 1,
     .variant = largest,
     .import = import,
     .doc = largest_doc},
    {.class_names = {"AdaptiveMaxPooling2D"},
     .config = config,
     .rank = 2,
     .variant = largest,
     .import = import,
     .doc = largest_doc},
    {.class_names = {"AdaptiveMaxPooling3D"},
     .config = config,
     .rank = 3,
     .variant = largest,
     .import = import,
     .doc = largest_doc},
};

}  // namespace

LayerTable adaptive_pooling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
