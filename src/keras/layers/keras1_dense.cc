// Highway and MaxoutDense of Keras 1.
#include "base/checked.h"
#include "keras/layer_import.h"

namespace wherry::keras {
namespace {

/// The last axis of a matrix of samples. Errors: invalid_model.
Expected<int64_t> depth_of(LayerImport& layer, ValueId x) {
  ENSURE(layer.rank(x) == 2 && layer.shape(x).back() > 0,
         "the layer needs an input of rank 2 whose last axis is known, but gets ",
         text_of(layer.shape(x)));
  return layer.shape(x).back();
}

Expected<Results> import_highway(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  int64_t depth = TRY(depth_of(layer, x));
  bool bias = layer.flag("use_bias");
  TRY(layer.take({"W", "W_carry", bias ? "b" : "", bias ? "b_carry" : ""}));
  auto product = [&](std::string_view kernel, std::string_view shift) -> Expected<ValueId> {
    ValueId weights = TRY(layer.weight(kernel, {depth, depth}, {.order = {1, 0}}));
    return layer.fully_connected(x, weights, bias ? TRY(layer.weight(shift, {depth})) : no_value);
  };
  ValueId gate = TRY(layer.node("LOGISTIC", {TRY(product("W_carry", "b_carry"))}));
  ValueId made = TRY(layer.activate(TRY(product("W", "b"))));
  // gate * made + (1 - gate) * x
  ValueId change = TRY(layer.multiply(gate, TRY(layer.subtract(made, x))));
  return TRY(layer.add(x, change));
}

/// The largest of several products, each with weights of its own: one product for all of them.
Expected<Results> import_maxout(LayerImport& layer) {
  ValueId x = TRY(layer.float_input());
  int64_t depth = TRY(depth_of(layer, x)), units = layer.integer("units"),
          features = layer.integer("nb_feature");
  ENSURE(units > 0 && features > 0, "the layer cannot have ", units, " units of ", features,
         " features");
  bool bias = layer.flag("use_bias");
  TRY(layer.take({"W", bias ? "b" : ""}));
  int64_t products = TRY(checked_multiply(features, units));
  ValueId kernel = TRY(layer.weight("W", {features, depth, units},
                                    {.order = {0, 2, 1}, .shape = {products, depth}}));
  ValueId shift =
      bias ? TRY(layer.weight("b", {features, units}, {.shape = {products}})) : no_value;
  ValueId y = TRY(layer.fully_connected(x, kernel, shift));
  y = TRY(layer.reshape(y, {layer.extent(y, 0), Extent(features), Extent(units)}));
  return TRY(layer.reduce("REDUCE_MAX", y, {1}, false));
}

constexpr LayerDef layers[] = {
    {.class_names = {"Highway"},
     .config = {activation("activation"), flag("use_bias", true), ignored("transform_bias"),
                ignored("units")},
     .import = import_highway,
     .doc = "two FULLY_CONNECTED, LOGISTIC, SUB, MUL, ADD"},
    {.class_names = {"MaxoutDense"},
     .config = {integer("units"), integer("nb_feature", 4), flag("use_bias", true)},
     .import = import_maxout,
     .doc = "FULLY_CONNECTED, RESHAPE, REDUCE_MAX"},
};

}  // namespace

LayerTable keras1_dense_layers() { return layer_table(layers); }

}  // namespace wherry::keras
