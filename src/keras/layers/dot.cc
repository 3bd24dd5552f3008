// Dot: products of two tensors summed over one axis of each, for every sample.
#include "keras/einsum.h"
#include "keras/layer_import.h"
#include "keras/normalize.h"

namespace wherry::keras {
namespace {

/// The option "axes": one axis for both inputs or one for each.
Expected<int> summed_axis(LayerImport& layer, int input) {
  const PyValue& written = layer.option("axes");
  size_t place = static_cast<size_t>(input);
  bool listed =
      written.is_list() && written.items().size() == 2 && written.items()[place].is_integer();
  ENSURE(listed || written.is_integer(), "the option 'axes' should be a number or two, got ",
         written.shown());
  int64_t at = listed ? written.items()[place].integer() : written.integer();
  int axis = TRY(layer.axis(at, layer.input(input)));
  ENSURE(axis > 0, "the option 'axes' names the batch: ", written.shown());
  return axis;
}

// Like an equation of letters in which only the batch and the summed axes are shared.
Expected<Results> import(LayerImport& layer) {
  ENSURE(layer.input_count() == 2, "the layer takes two inputs, but gets ", layer.input_count());
  Einsum plan;
  ValueId inputs[2];
  EinsumOperand* operands[2] = {&plan.left, &plan.right};
  for (int i = 0; i < 2; ++i) {
    inputs[i] = TRY(layer.float_input(i));
    int summed = TRY(summed_axis(layer, i));
    operands[i]->batch = {0};
    operands[i]->contracted = {summed};
    for (int axis = 1; axis < layer.rank(inputs[i]); ++axis) {
      if (axis != summed) operands[i]->free.push_back(axis);
    }
    if (layer.flag("normalize")) inputs[i] = TRY(unit_length(layer, inputs[i], {summed}));
  }
  size_t axes = 1 + plan.left.free.size() + plan.right.free.size();
  for (size_t i = 0; i < axes; ++i) plan.result.push_back(static_cast<int64_t>(i));
  if (axes > 1) return TRY(einsum(layer, plan, inputs[0], inputs[1]));
  ValueId product = TRY(layer.multiply(inputs[0], inputs[1]));
  return TRY(layer.reduce("SUM", product, {1}, true));
}

constexpr LayerDef dot = {
    .class_names = {"Dot"},
    .config = {anything("axes", true), flag("normalize", false)},
    .import = import,
    .doc =
        "BATCH_MATMUL with TRANSPOSE and RESHAPE where the axes need them; MUL and SUM of two "
        "vectors"};

}  // namespace

LayerTable dot_layers() { return layer_table(dot); }

}  // namespace wherry::keras
