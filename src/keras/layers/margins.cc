// ZeroPadding and Cropping in one to three dimensions: PAD and STRIDED_SLICE.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// "padding" or "cropping": a number, one number an axis, or a pair an axis.
Expected<std::vector<Margin>> margins(const LayerImport& layer, std::string_view key) {
  const PyValue& written = layer.option(key);
  size_t rank = static_cast<size_t>(layer.def().rank);
  auto pair = [&](const PyValue& value) -> Expected<Margin> {
    if (value.is_integer()) return Margin{value.integer(), value.integer()};
    bool two = value.is_list() && value.items().size() == 2 && value.items()[0].is_integer() &&
               value.items()[1].is_integer();
    if (!two)
      return layer.unsupported(
          cat("the option ", quoted(key), " should be whole numbers or pairs of them"),
          written.shown());
    return Margin{value.items()[0].integer(), value.items()[1].integer()};
  };
  if (written.is_integer())
    return std::vector<Margin>(rank, Margin{written.integer(), written.integer()});
  bool one_pair = rank == 1 && written.is_list() && written.items().size() == 2;
  if (one_pair) return std::vector<Margin>{TRY(pair(written))};
  if (!written.is_list() || written.items().size() != rank)
    return layer.unsupported(cat("the option ", quoted(key), " should have ", rank, " entries"),
                             written.shown());
  std::vector<Margin> result;
  for (const PyValue& item : written.items()) result.push_back(TRY(pair(item)));
  return result;
}

Expected<Results> import_padding(LayerImport& layer) {
  std::vector<Margin> all(1), inner = TRY(margins(layer, "padding"));
  if (layer.channels_first()) all.emplace_back();
  all.insert(all.end(), inner.begin(), inner.end());
  if (!layer.channels_first()) all.emplace_back();
  ENSURE(static_cast<int>(all.size()) == layer.rank(layer.input()),
         "the layer needs an input of rank ", all.size(), ", but gets ",
         text_of(layer.input_shape()));
  return TRY(layer.pad(layer.input(), all));
}

Expected<Results> import_cropping(LayerImport& layer) {
  std::vector<Margin> inner = TRY(margins(layer, "cropping"));
  size_t first = layer.channels_first() ? 2 : 1;
  std::vector<Range> ranges(inner.size() + 2);
  ENSURE(static_cast<int>(ranges.size()) == layer.rank(layer.input()),
         "the layer needs an input of rank ", ranges.size(), ", but gets ",
         text_of(layer.input_shape()));
  for (size_t i = 0; i < inner.size(); ++i) {
    if (inner[i].before) ranges[first + i].begin = inner[i].before;
    if (inner[i].after) ranges[first + i].end = -inner[i].after;
  }
  return TRY(layer.slice(layer.input(), ranges));
}

constexpr FixedList<ConfigKey, 40> padding = {anything("padding", true),
                                              text("data_format", "channels_last")};
constexpr FixedList<ConfigKey, 40> cropping = {anything("cropping", true),
                                               text("data_format", "channels_last")};

constexpr LayerDef layers[] = {
    {.class_names = {"ZeroPadding1D"},
     .config = padding,
     .rank = 1,
     .import = import_padding,
     .doc = "PAD"},
    {.class_names = {"ZeroPadding2D"},
     .config = padding,
     .rank = 2,
     .import = import_padding,
     .doc = "PAD, or the padding of the convolution behind"},
    {.class_names = {"ZeroPadding3D"},
     .config = padding,
     .rank = 3,
     .import = import_padding,
     .doc = "PAD"},
    {.class_names = {"Cropping1D"},
     .config = cropping,
     .rank = 1,
     .import = import_cropping,
     .doc = "STRIDED_SLICE"},
    {.class_names = {"Cropping2D"},
     .config = cropping,
     .rank = 2,
     .import = import_cropping,
     .doc = "STRIDED_SLICE"},
    {.class_names = {"Cropping3D"},
     .config = cropping,
     .rank = 3,
     .import = import_cropping,
     .doc = "STRIDED_SLICE"},
};

}  // namespace

LayerTable margins_layers() { return layer_table(layers); }

}  // namespace wherry::keras
