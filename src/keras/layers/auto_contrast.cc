// AutoContrast: each channel of a picture stretched to the whole range of values.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  ENSURE(layer.rank(x) == 4, "the layer needs an input of rank 4, but gets ",
         text_of(layer.shape(x)));
  const std::vector<PyValue>& range = layer.option("value_range").items();
  bool given = range.size() == 2 && range[0].is_number() && range[1].is_number();
  double from = given ? range[0].real() : 0, to = given ? range[1].real() : 255;
  ValueId low = TRY(layer.reduce("REDUCE_MIN", x, {1, 2}, true));
  ValueId span = TRY(layer.subtract(TRY(layer.reduce("REDUCE_MAX", x, {1, 2}, true)), low));
  // A channel of one value stays as it is.
  ValueId flat = TRY(layer.node("EQUAL", {span, TRY(layer.number(0, span))}));
  ValueId divisor = TRY(layer.add(span, TRY(layer.to_float(flat))));
  ValueId stretched = TRY(layer.divide(TRY(layer.subtract(x, low)), divisor));
  ValueId placed = TRY(layer.plus(TRY(layer.times(stretched, to - from)), from));
  return TRY(layer.select(flat, x, placed));
}

constexpr LayerDef auto_contrast = {.class_names = {"AutoContrast"},
                                    .config = {anything("value_range"), ignored("data_format")},
                                    .import = import,
                                    .doc = "REDUCE_MIN, REDUCE_MAX, DIV, MUL and SELECT_V2"};

}  // namespace

LayerTable auto_contrast_layers() { return layer_table(auto_contrast); }

}  // namespace wherry::keras
