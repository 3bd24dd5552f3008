// Dense: x . kernel + bias over the last axis.
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

Expected<Results> import(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  int64_t units = layer.integer("units"),
          depth = layer.shape(x).rank() ? layer.shape(x).back() : -1;
  ENSURE(layer.rank(x) >= 2 && depth > 0, "the layer needs an input whose last axis is known, got ",
         text_of(layer.shape(x)));
  TRY(layer.take({"kernel", layer.flag("use_bias") ? "bias" : ""}));
  ValueId kernel = TRY(layer.weight("kernel", {depth, units}, {.order = {1, 0}}));
  ValueId bias = layer.holds("bias") ? TRY(layer.weight("bias", {units})) : no_value;
  return TRY(layer.activate(TRY(layer.fully_connected(x, kernel, bias))));
}

constexpr LayerDef dense = {.class_names = {"Dense"},
                            .config = {integer("units"), activation("activation"),
                                       flag("use_bias", true), ignored("quantization_config")},
                            .mask = MaskRule::passes,
                            .import = import,
                            .doc = "a FULLY_CONNECTED operator"};

}  // namespace

LayerTable dense_layers() { return layer_table(dense); }

}  // namespace wherry::keras
