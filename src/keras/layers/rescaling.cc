// Rescaling and Normalization: x * scale + offset with constants, which the passes fold into a
// linear operator behind.
#include <algorithm>
#include <cmath>

#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// A number, or a list of one per channel.
Expected<std::vector<float>> numbers(const LayerImport& layer, std::string_view key) {
  const PyValue& written = layer.option(key);
  std::vector<float> values;
  if (written.is_number()) values.push_back(static_cast<float>(written.real()));
  if (!written.is_list()) return values;
  for (const PyValue& item : written.items()) {
    if (!item.is_number())
      return layer.unsupported(cat("the option ", quoted(key), " should be numbers"),
                               written.shown());
    values.push_back(static_cast<float>(item.real()));
  }
  return values;
}

Shape shape_of(const std::vector<float>& values) {
  return values.size() == 1 ? Shape{} : Shape{static_cast<int64_t>(values.size())};
}

Expected<Results> import_rescaling(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  std::vector<float> scale = TRY(numbers(layer, "scale")), offset = TRY(numbers(layer, "offset"));
  if (!scale.empty()) x = TRY(layer.multiply(x, layer.constant(scale, shape_of(scale), "scale")));
  if (!offset.empty()) x = TRY(layer.add(x, layer.constant(offset, shape_of(offset), "offset")));
  return x;
}

/// Numbers written down in a possibly nested list.
void flatten(const PyValue& value, std::vector<float>& out) {
  if (value.is_number()) out.push_back(static_cast<float>(value.real()));
  if (!value.is_list()) return;
  for (const PyValue& item : value.items()) flatten(item, out);
}

struct Statistics {
  std::vector<float> mean, variance;
};

/// From the configuration, or adapted ones from the weights (mean, variance, count).
Expected<Statistics> statistics(LayerImport& layer) {
  Statistics result;
  if (layer.has("mean")) {
    flatten(layer.option("mean"), result.mean), flatten(layer.option("variance"), result.variance);
    ENSURE(!result.mean.empty() && result.mean.size() == result.variance.size(),
           "mean and variance do not fit: ", layer.option("mean").shown(), " and ",
           layer.option("variance").shown());
    return result;
  }
  TRY(layer.take({"mean", "variance", "count"}));
  result.mean = TRY(layer.floats("mean", layer.stored("mean").shape));
  result.variance = TRY(layer.floats("variance", layer.stored("variance").shape));
  return result;
}

/// The shape in which statistics of the kept axes line up with x.
Expected<Shape> statistics_shape(LayerImport& layer, ValueId x, size_t count) {
  if (count == 1) return Shape{};
  const PyValue& axis = layer.option("axis");
  std::vector<int> kept;
  if (axis.is_integer()) kept.push_back(TRY(layer.axis(axis.integer(), x)));
  if (axis.is_list()) {
    for (const PyValue& item : axis.items()) kept.push_back(TRY(layer.axis(item.integer(), x)));
  }
  Shape shape;
  int64_t product = 1;
  for (int i = 0; i < layer.rank(x); ++i) {
    bool keeps = std::find(kept.begin(), kept.end(), i) != kept.end();
    shape.push_back(keeps ? layer.shape(x)[i] : 1);
    product *= shape.back();
  }
  ENSURE(product == static_cast<int64_t>(count), count, " statistics do not fit an input of shape ",
         text_of(layer.shape(x)));
  return shape;
}

Expected<Results> import_normalization(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  Statistics found = TRY(statistics(layer));
  Shape shape = TRY(statistics_shape(layer, x, found.mean.size()));
  std::vector<float> factor(found.mean.size()), shift(found.mean.size());
  bool invert = layer.flag("invert");
  for (size_t i = 0; i < factor.size(); ++i) {
    double deviation = std::max(std::sqrt(static_cast<double>(found.variance[i])), 1e-7);
    factor[i] = static_cast<float>(invert ? deviation : 1 / deviation);
    shift[i] = static_cast<float>(invert ? found.mean[i] : -found.mean[i] / deviation);
  }
  ValueId scaled = TRY(layer.multiply(x, layer.constant(std::move(factor), shape, "scale")));
  return TRY(layer.add(scaled, layer.constant(std::move(shift), shape, "shift")));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Rescaling"},
     .config = {anything("scale", true), anything("offset")},
     .mask = MaskRule::passes,
     .import = import_rescaling,
     .doc = "MUL and ADD"},
    {.class_names = {"Normalization"},
     .config = {anything("axis"), anything("mean"), anything("variance"), flag("invert", false)},
     .import = import_normalization,
     .doc = "MUL and ADD"},
};

}  // namespace

LayerTable rescaling_layers() { return layer_table(layers); }

}  // namespace wherry::keras
